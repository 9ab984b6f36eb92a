using Cete.Core;
using Cete.Ports.Swarms;
using Cete.Swarm;

namespace Cete.Transfer.Swarms;

/// <summary>A neighbour of a peer in one swarm: what it has, and what it is to be told. Guarded by its member.</summary>
/// <param name="peer">Its address.</param>
/// <param name="key">Its key.</param>
/// <param name="stop">Ends listening to it.</param>
internal sealed class Neighbour(Uri peer, KeyId key, CancellationTokenSource stop) : IDisposable
{
    private PieceMap? _told;
    private int _passed;

    public Uri Peer { get; } = peer;

    public KeyId Key { get; } = key;

    public CancellationTokenSource Stop { get; } = stop;

    /// <summary>What it has; null before it said so.</summary>
    public PieceMap? Map { get; set; }

    public Task Listening { get; set; } = Task.CompletedTask;

    /// <summary>Tells it things; null before there was anything to tell.</summary>
    public Task? Telling { get; set; }

    /// <summary>There may be something to tell.</summary>
    public SemaphoreSlim Signal { get; } = new(0, 1);

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop.Dispose();
        Signal.Dispose();
    }

    /// <summary>Turns of it that are of no use now.</summary>
    public void Pass() => _passed++;

    /// <summary>What it is to be told: turns that go back, and what is here; null for nothing.</summary>
    /// <param name="have">What is here; null where it listens itself.</param>
    public NeighbourNews? Take(PieceMap? have)
    {
        List<int> news = [];
        if (have is not null)
        {
            _told ??= new PieceMap(have.Count);
            for (var piece = have.NextPresent(0); have.Have > _told.Have && piece < have.Count; piece = have.NextPresent(piece + 1))
            {
                if (_told.Set(piece))
                {
                    news.Add(piece);
                }
            }
        }

        var passed = _passed;
        _passed = 0;
        return news.Count > 0 || passed > 0 ? new NeighbourNews(news, passed) : null;
    }
}
