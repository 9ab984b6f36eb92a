using System.Globalization;
using System.Text;
using Cete.Core;

namespace Cete.Simulation.World;

/// <summary>
/// What happened in a world: the last lines, and a hash over everything since the start in which order, time and content count.
/// Lines are made into text only when somebody reads them.
/// </summary>
public sealed class SimTrace
{
    private const int LinesMost = 16_384;
    private readonly Instant _start;
    private readonly TraceLine[] _lines = new TraceLine[LinesMost];
    private Fingerprint _hash;

    internal SimTrace(ulong seed, Instant start)
    {
        _start = start;
        _hash = new Fingerprint(seed);
    }

    /// <summary>The hash of everything so far.</summary>
    public ulong Hash => _hash.Value;

    /// <summary>Lines so far, those that are forgotten included.</summary>
    public long Count { get; private set; }

    /// <summary>Where each line is also written as it happens; slow, for people.</summary>
    public TextWriter? Writer { get; set; }

    /// <summary>The last lines, oldest first.</summary>
    public IEnumerable<string> Lines()
    {
        for (var number = Math.Max(0, Count - LinesMost); number < Count; number++)
        {
            yield return _lines[number % LinesMost].ToText(_start);
        }
    }

    internal void Add(in TraceLine line, ulong digest)
    {
        _hash.Add(line.At.Microseconds);
        _hash.Add(((long)line.Kind << 48) | ((long)(line.Host + 1) << 24) | (long)(line.Peer + 1));
        _hash.Add(line.Id);
        _hash.Add(line.Value);
        _hash.Add(digest);
        _lines[Count++ % LinesMost] = line;
        Writer?.WriteLine(line.ToText(_start));
    }
}

/// <summary>One thing that happened; what id, value and detail are depends on its kind.</summary>
internal readonly record struct TraceLine(Instant At, TraceKind Kind, int Host, int Peer, long Id, long Value, object? Detail)
{
    public string ToText(Instant start)
    {
        var time = At.Microseconds - start.Microseconds;
        var text = new StringBuilder(96);
        text.Append(CultureInfo.InvariantCulture, $"{time / 1_000_000,6}.{time % 1_000_000:D6} ");
        text.Append(Host >= 0 ? string.Create(CultureInfo.InvariantCulture, $"h{Host}") : "--");
        text.Append(Peer >= 0 ? string.Create(CultureInfo.InvariantCulture, $">h{Peer} ") : " ");
        return text.Append(What()).ToString();
    }

    private string What() => Kind switch
    {
        TraceKind.Text => Shown(Detail),
        TraceKind.Started => Invariant($"started, incarnation {Id}"),
        TraceKind.Paused => Invariant($"paused for {Value} us"),
        TraceKind.Slowed => Invariant($"slowed: {Value} us an event, {Id} us late"),
        TraceKind.ClockJumped => Invariant($"wall clock jumped by {Value} us"),
        TraceKind.ClockDrifts => Invariant($"clock drifts by {Value} ppm"),
        TraceKind.Timer => Invariant($"timer {Id} {Shown(Detail)}"),
        TraceKind.DatagramSent or TraceKind.DatagramDelivered or TraceKind.DatagramDuplicated =>
            Invariant($"{Kind} #{Id} {Value} B {Shown(Detail)}"),
        TraceKind.DatagramDropped => Invariant($"{Kind} #{Id} {(DropReason)Value}"),
        TraceKind.PacketDropped => Invariant($"{Kind} c{Id} {(DropReason)Value}"),
        TraceKind.Retransmitted => Invariant($"{Kind} c{Id} after {Value} us"),
        TraceKind.Connecting or TraceKind.Opened => Invariant($"{Kind} c{Id}"),
        TraceKind.Closed => Invariant($"{Kind} c{Id} {(CloseReason)Value}"),
        TraceKind.MessageSent or TraceKind.MessageDelivered => Invariant($"{Kind} c{Id} {Value} B {Shown(Detail)}"),
        TraceKind.Clogged => Invariant($"clogged for {Value} us"),
        _ => Invariant($"{Kind} {Shown(Detail)}").TrimEnd(),
    };

    private static string Shown(object? detail) => detail switch
    {
        null => string.Empty,
        string text => text,
        byte[] bytes => bytes.Length <= 32 ? Convert.ToHexString(bytes) : Convert.ToHexString(bytes.AsSpan(0, 32)) + "...",
        IFormattable item => item.ToString(null, CultureInfo.InvariantCulture),
        _ => detail.ToString() ?? string.Empty,
    };

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
