using Cete.Api;
using Cete.Core;
using Cete.Described;
using Cete.Net;

namespace Cete.App.Verbs.Services;

/// <summary>A description beside the one that is published.</summary>
/// <param name="Edition">The edition that is in use; null for a service that is new.</param>
/// <param name="Lines">What is different; nothing for a service that is new.</param>
internal sealed record Comparison(long? Edition, IReadOnlyList<DiffLine> Lines)
{
    /// <summary>Nothing would change.</summary>
    public bool IsSame => Edition is not null && Lines.Count == 0;

    public static async Task<Outcome<Comparison>> MakeAsync(ServicesClient services, ServiceDescriptor descriptor, CancellationToken stop)
    {
        var there = await services.DescribeAsync(descriptor.Name, null, stop);
        return there.Failure is { Kind: FailureKind.NotFound } ? new Comparison(null, [])
            : there.Then(known => new Comparison(
                known.Edition, TreeDiff.Compare(DescriptionFile.Tree(JsonOf(known)), DescriptionFile.Tree(descriptor.Json))));
    }

    /// <summary>The description as text.</summary>
    public static string JsonOf(ServiceDescription known) => known.Description.ToJsonString();
}
