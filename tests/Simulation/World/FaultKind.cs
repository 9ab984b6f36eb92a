namespace Cete.Simulation.World;

/// <summary>What a <see cref="Nemesis"/> does. The numbers are part of the trace: new kinds go to the end.</summary>
public enum FaultKind
{
    /// <summary>A host loses its power for a while.</summary>
    Crash,

    /// <summary>A process is killed and started again after a while.</summary>
    Kill,

    /// <summary>A host is stopped in the middle of one of its next disk operations, and started again at the end of the span.</summary>
    StopAtDisk,

    /// <summary>A process stands still for a while.</summary>
    Pause,

    /// <summary>A host does everything late for a while.</summary>
    Slow,

    /// <summary>One host is cut off from all others.</summary>
    Isolate,

    /// <summary>The hosts fall into two groups.</summary>
    Split,

    /// <summary>What one host sends reaches nobody, but it hears the others.</summary>
    OneWay,

    /// <summary>Two hosts do not reach each other, but all others reach both.</summary>
    CutPair,

    /// <summary>The link from one host to another takes but does not deliver, then delivers all at once.</summary>
    Clog,

    /// <summary>All links lose, repeat and delay.</summary>
    Noise,

    /// <summary>A wall clock jumps forth or back, and returns at the end of the span.</summary>
    ClockJump,

    /// <summary>The clocks of a host run too fast or too slow.</summary>
    ClockDrift,

    /// <summary>A disk is full.</summary>
    DiskFull,
}

/// <summary>
/// How often a kind of fault comes (<paramref name="Every"/> on average), how long it lasts (between <paramref name="Least"/> and
/// <paramref name="Most"/>), and how many may hold at once.
/// </summary>
public sealed record FaultRate(FaultKind Kind, TimeSpan Every, TimeSpan Least, TimeSpan Most, int AtOnce = 1);

/// <summary>One fault of a schedule: from when until when, counted from its start, and to whom.</summary>
public sealed record Fault(TimeSpan At, TimeSpan Until, FaultKind Kind, int Host, int Peer, IReadOnlyList<int> Group, long Amount)
{
    /// <summary>The line of the trace.</summary>
    public override string ToString() => Kind switch
    {
        FaultKind.Noise => "Noise",
        FaultKind.Split => $"Split off {string.Join(' ', Group.Select(host => FormattableString.Invariant($"h{host}")))}",
        FaultKind.CutPair or FaultKind.Clog => FormattableString.Invariant($"{Kind} h{Host} h{Peer}"),
        FaultKind.ClockJump => FormattableString.Invariant($"{Kind} h{Host} by {Amount} us"),
        FaultKind.ClockDrift => FormattableString.Invariant($"{Kind} h{Host} by {Amount} ppm"),
        _ => FormattableString.Invariant($"{Kind} h{Host}"),
    };
}
