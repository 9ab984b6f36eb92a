using Cete.Core;
using Cete.Ports;

namespace Cete.Net.Fabric.Tunnels;

/// <summary>
/// Keeps connections with the relays of a node that cannot be reached, on both lanes: makes them again when they end, each failed try later
/// than the one before, and says a word on them now and then, so that neither side nor a router between finds them idle.
/// </summary>
internal sealed class RelayKeeper(FabricOptions options, Func<KeyId, FabricLane, FabricLink> link)
{
    private static readonly TimeSpan KeepInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<(KeyId Relay, FabricLane Lane), Kept> _kept = [];

    /// <summary>Which ones from now on.</summary>
    public void Keep(IReadOnlyCollection<KeyId> relays)
    {
        lock (_gate)
        {
            foreach (var gone in _kept.Keys.Where(key => !relays.Contains(key.Relay)).ToList())
            {
                _kept.Remove(gone);
            }

            foreach (var relay in relays)
            {
                _kept.TryAdd((relay, FabricLane.Control), new Kept());
                _kept.TryAdd((relay, FabricLane.Bulk), new Kept());
            }
        }
    }

    /// <summary>Looks after them. To be called each second.</summary>
    public void Look(CancellationToken stopping)
    {
        lock (_gate)
        {
            foreach (var (key, kept) in _kept)
            {
                Look(link(key.Relay, key.Lane), kept, stopping);
            }
        }
    }

    private void Look(FabricLink way, Kept kept, CancellationToken stopping)
    {
        var sinceLast = options.Clock.GetElapsedTime(kept.LastTried);
        if (way.Current is { } connection)
        {
            kept.Pause = TimeSpan.Zero;
            if (kept.LastTried == 0 || sinceLast >= KeepInterval)
            {
                kept.LastTried = options.Clock.GetTimestamp();
                TunnelFrames.TrySend(connection, TunnelFrames.Keep());
            }
        }
        else if (kept.Pause == TimeSpan.Zero || sinceLast >= kept.Pause)
        {
            kept.LastTried = options.Clock.GetTimestamp();
            kept.Pause = kept.Pause == TimeSpan.Zero ? PauseMin : kept.Pause * 2 > PauseMax ? PauseMax : kept.Pause * 2;
            _ = DialAsync(way, stopping);
        }
    }

    private static async Task DialAsync(FabricLink way, CancellationToken stopping)
    {
        try
        {
            await way.ConnectionAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private sealed class Kept
    {
        public long LastTried { get; set; }

        /// <summary>Time from the last try to the next; none while a connection stands.</summary>
        public TimeSpan Pause { get; set; }
    }
}
