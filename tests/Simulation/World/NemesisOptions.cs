namespace Cete.Simulation.World;

/// <summary>What a <see cref="Nemesis"/> may do.</summary>
public sealed record NemesisOptions
{
    /// <summary>How long it goes on; at the end everything is healed.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The hosts that it befalls; all of them when empty.</summary>
    public IReadOnlyList<int> Hosts { get; init; } = [];

    /// <summary>How many hosts may be down at once, whatever brought them down.</summary>
    public int DownMost { get; init; } = 1;

    /// <summary>The faults and how often they come; a kind that is not listed does not.</summary>
    public IReadOnlyList<FaultRate> Rates { get; init; } = Everything(TimeSpan.FromSeconds(10));

    /// <summary>What links do while there is noise.</summary>
    public LinkSettings Noise { get; init; } = LinkSettings.Wan with { LossPpm = 100_000, DuplicatePpm = 20_000, ReorderPpm = 50_000 };

    /// <summary>How far a wall clock jumps at most, either way; small jumps are as likely as large ones.</summary>
    public TimeSpan ClockJumpMost { get; init; } = TimeSpan.FromDays(3650);

    /// <summary>How wrong the rate of a clock is at most, either way.</summary>
    public int ClockDriftMostPpm { get; init; } = 100_000;

    /// <summary>All kinds of faults, each as often.</summary>
    public static IReadOnlyList<FaultRate> Everything(TimeSpan every) =>
        [.. Enum.GetValues<FaultKind>().Select(kind => new FaultRate(kind, every, every / 20, every / 2))];
}
