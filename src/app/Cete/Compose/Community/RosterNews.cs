using System.Security.Cryptography;
using System.Threading.Channels;
using Cete.Cluster.Membership;

namespace Cete.App.Compose.Community;

/// <summary>
/// Tells the others which roster this node has. Who keeps the roster says so at once. The others wait, and say it once for several: their news is a
/// new record each, which all nodes verify, and is needed only where the keepers are not reached.
/// </summary>
/// <param name="membership">Where it is told.</param>
/// <param name="isKeeper">This node keeps the roster.</param>
internal sealed class RosterNews(ClusterMembership membership, bool isKeeper)
{
    private const int SecondsMin = 10;
    private const int SecondsMax = 30;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long _version;

    /// <summary>This is the newest that is known here.</summary>
    public void Take(long version)
    {
        Volatile.Write(ref _version, version);
        if (isKeeper)
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
                await Task.Delay(TimeSpan.FromSeconds(RandomNumberGenerator.GetInt32(SecondsMin, SecondsMax)), TimeProvider.System, stop);
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
