using Cete.Core;
using Cete.Swarm;

namespace Cete.App.Verbs.Get;

/// <summary>One file that is to be fetched.</summary>
/// <param name="Path">Where it goes.</param>
/// <param name="Manifest">Its content.</param>
/// <param name="Sources">Who has it.</param>
/// <param name="Modified">Given to the file; null when unknown.</param>
internal sealed record Wanted(string Path, Manifest Manifest, IReadOnlyList<Uri> Sources, Instant? Modified)
{
    /// <summary>Those of the sources that show keys, and take part in its swarm.</summary>
    public IReadOnlyList<Uri> Peers { get; init; } = [];

    /// <summary>The account that filed it; null where that is not known.</summary>
    public AccountId? Author { get; init; }
}
