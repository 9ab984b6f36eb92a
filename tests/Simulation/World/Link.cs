using Cete.Core;

namespace Cete.Simulation.World;

/// <summary>The state of one direction between two hosts, for those that differ from the defaults or have to remember something.</summary>
internal sealed class Link
{
    /// <summary>Null for the defaults, whatever they are by then.</summary>
    public LinkSettings? Settings { get; set; }

    public Shaper Shaper { get; } = new();

    /// <summary>Until when it takes but does not deliver.</summary>
    public Instant ClogUntil { get; set; }
}
