using System.Security.Cryptography;
using System.Threading.Channels;
using Cete.Cluster.Membership;
using Cete.Cluster.Rosters;

namespace Cete.App.Compose.Community;

/// <summary>
/// Tells the others which roster this node has. Who keeps the roster says at once that somebody was removed, and of all else in a moment, once for
/// several: all nodes fetch what is new, and a node that joins changes it more than once, just when there is most to do. The others wait for longer:
/// their news is a new record each, which all nodes verify, and is needed only where the keepers are not reached.
/// </summary>
/// <param name="membership">Where it is told.</param>
/// <param name="isKeeper">This node keeps the roster.</param>
internal sealed class RosterNews(ClusterMembership membership, bool isKeeper)
{
    private static readonly TimeSpan KeeperDelay = TimeSpan.FromSeconds(2);
    private const int SecondsMin = 10;
    private const int SecondsMax = 30;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long _version;
    private int _refused = -1;

    /// <summary>This is the newest that is known here.</summary>
    public void Take(RosterFacts roster)
    {
        Volatile.Write(ref _version, roster.Version);
        var refused = roster.Removed.Count + roster.RemovedIssuers.Count;
        if (Interlocked.Exchange(ref _refused, refused) != refused && isKeeper)
        {
            Tell();
        }
        else
        {
            _wake.Writer.TryWrite(true);
        }
    }

    /// <summary>Goes on until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await _wake.Reader.ReadAsync(stop);
                var delay = isKeeper ? KeeperDelay : TimeSpan.FromSeconds(RandomNumberGenerator.GetInt32(SecondsMin, SecondsMax));
                await Task.Delay(delay, TimeProvider.System, stop);
                Tell();
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private void Tell()
    {
        var version = Volatile.Read(ref _version);
        membership.Change(facts => facts with { RosterVersion = version });
    }
}
