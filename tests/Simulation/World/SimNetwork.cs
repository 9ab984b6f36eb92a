using Cete.Core;

namespace Cete.Simulation.World;

/// <summary>
/// The network between hosts: datagrams, which it loses, repeats, delays and reorders, and connections, which hide that behind
/// retransmission as TCP does. Each direction between two hosts is a link of its own.
/// </summary>
public sealed partial class SimNetwork
{
    private const int Million = 1_000_000;
    private static readonly TimeSpan Loopback = TimeSpan.FromMicroseconds(10);
    private readonly SimWorld _world;
    private readonly Prng _prng;
    private readonly Dictionary<long, Link> _links = [];
    private LinkSettings _defaults = LinkSettings.Lan;
    private long _datagrams;

    internal SimNetwork(SimWorld world, Prng prng) => (_world, _prng) = (world, prng);

    /// <summary>What links do that were not set otherwise.</summary>
    public LinkSettings Defaults
    {
        get => _defaults;
        set
        {
            _defaults = value;
            _world.Record(TraceKind.LinkChanged, -1, -1, 0, 0, value, Fingerprint.Of(value.ToText()));
        }
    }

    /// <summary>What a link does.</summary>
    public LinkSettings SettingsOf(int from, int to) => Find(from, to)?.Settings ?? _defaults;

    /// <summary>Sets what a link does; null sets it back to the defaults.</summary>
    public void SetLink(int from, int to, LinkSettings? settings)
    {
        Made(from, to).Settings = settings;
        var text = settings?.ToText() ?? "as by default";
        _world.Record(TraceKind.LinkChanged, from, to, 0, 0, text, Fingerprint.Of(text));
    }

    /// <summary>For a while a link takes packets but delivers none; then all of them come.</summary>
    public void Clog(int from, int to, TimeSpan span)
    {
        var link = Made(from, to);
        link.ClogUntil = Instant.Max(link.ClogUntil, _world.Now + span);
        _world.Record(TraceKind.Clogged, from, to, 0, (long)span.TotalMicroseconds, null, 0);
    }

    internal bool SendDatagram(SimHost from, int to, in SimMessage message)
    {
        var number = ++_datagrams;
        from.Counters.DatagramsSent++;
        from.Counters.BytesSent += message.Bytes;
        _world.Record(TraceKind.DatagramSent, from.Id, to, number, message.Bytes, message.Content, message.Digest);
        var (target, settings) = (_world.Hosts[to], SettingsOf(from.Id, to));
        if (message.Bytes > settings.DatagramBytesMost)
        {
            DropDatagram(from.Id, to, number, DropReason.TooLarge);
            return false;
        }

        if (Refusal(from, target, settings, message.Bytes, isBounded: true, out var departs) is { } reason)
        {
            DropDatagram(from.Id, to, number, reason);
            return true;
        }

        Launch(new Datagram(this, from, target, number, message), departs, settings);
        if (Happens(settings.DuplicatePpm))
        {
            _world.Record(TraceKind.DatagramDuplicated, from.Id, to, number, message.Bytes, message.Content, 0);
            Launch(new Datagram(this, from, target, number, message), departs, settings);
        }

        return true;
    }

    internal void DropDatagram(int from, int to, long number, DropReason reason) =>
        _world.Record(TraceKind.DatagramDropped, from, to, number, (long)reason, null, 0);

    /// <summary>Why a packet does not even set out; null when it does, at the time when it has left the sender.</summary>
    internal DropReason? Refusal(SimHost from, SimHost to, LinkSettings settings, int bytes, bool isBounded, out Instant departs)
    {
        departs = _world.Now;
        if (from == to)
        {
            return null;
        }

        // Only a link that has to remember its queue is kept.
        var shaper = settings.BytesPerSecond > 0 ? Made(from.Id, to.Id).Shaper : null;
        if (isBounded && from.Uplink.Waiting(departs) + (shaper?.Waiting(departs) ?? 0) > settings.QueueBytes)
        {
            return DropReason.QueueFull;
        }

        departs = from.Uplink.Take(departs, bytes);
        if (shaper is not null)
        {
            shaper.BytesPerSecond = settings.BytesPerSecond;
            departs = shaper.Take(departs, bytes);
        }

        return IsCut(from.Id, to.Id) ? DropReason.Cut : Happens(settings.LossPpm) ? DropReason.Lost : null;
    }

    internal TimeSpan DrawDelay(SimHost from, SimHost to, LinkSettings settings) => from == to
        ? Loopback
        : settings.Delay + TimeSpan.FromMicroseconds(Exponential((long)settings.Jitter.TotalMicroseconds));

    internal Link? Find(int from, int to) => _links.Count > 0 && _links.TryGetValue(Key(from, to), out var link) ? link : null;

    internal bool Happens(int ppm) => ppm > 0 && _prng.Next(Million) < ppm;

    private static long Key(int from, int to) => ((long)from << 32) | (uint)to;

    private void Launch(Datagram datagram, Instant departs, LinkSettings settings)
    {
        var delay = DrawDelay(datagram.From, datagram.Host, settings);
        if (Happens(settings.ReorderPpm))
        {
            delay += TimeSpan.FromMicroseconds(_prng.Next((long)settings.ReorderDelay.TotalMicroseconds + 1));
        }

        _world.Schedule(departs + delay, datagram);
    }

    private Link Made(int from, int to)
    {
        if (!_links.TryGetValue(Key(from, to), out var link))
        {
            _links.Add(Key(from, to), link = new Link());
        }

        return link;
    }

    /// <summary>
    /// An exponentially distributed number of the given mean, by comparisons alone (von Neumann, 1951): no logarithm, hence the same
    /// on every machine. The first of a falling run of uniform draws is taken when the run has an odd length; else one is added.
    /// </summary>
    private long Exponential(long mean)
    {
        for (var whole = 0L; mean > 0; whole += mean)
        {
            var first = _prng.NextBits();
            var (least, length) = (first, 1);
            for (var next = _prng.NextBits(); next < least; next = _prng.NextBits())
            {
                (least, length) = (next, length + 1);
            }

            if (length % 2 == 1)
            {
                return whole + (long)Math.BigMul(first, (ulong)mean, out _);
            }
        }

        return 0;
    }
}
