using Cete.Ports.Swarms;
using Cete.Swarm;

namespace Cete.Transfer.Swarms;

/// <summary>What it hears of its neighbours, and what it tells them.</summary>
public sealed partial class SwarmMember
{
    /// <summary>Listens to one neighbour as long as it is one; one that breaks off is tried again when the planner names it again.</summary>
    private async Task ListenAsync(Neighbour neighbour)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await _client.ListenAsync(neighbour.Peer, _manifest, new Listener(this, neighbour), neighbour.Stop.Token);
        lock (_gate)
        {
            _neighbours.Remove(neighbour.Peer.AbsoluteUri);
            if (neighbour.Map is not null)
            {
                _news?.Lost(neighbour.Peer);
            }

            neighbour.Stop.Cancel();
        }

        await (neighbour.Telling ?? Task.CompletedTask);
        neighbour.Dispose();
    }

    /// <summary>Has a neighbour be told what there is to tell; the caller holds the lock.</summary>
    private void Tell(Neighbour neighbour)
    {
        if (neighbour.Map is null)
        {
            return;
        }

        if (neighbour.Signal.CurrentCount == 0)
        {
            neighbour.Signal.Release();
        }

        if (neighbour.Telling is not { IsCompleted: false })
        {
            neighbour.Telling = TellAsync(neighbour, neighbour.Stop.Token);
        }
    }

    private async Task TellAsync(Neighbour neighbour, CancellationToken stop)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await _client.TellAsync(neighbour.Peer, _manifest, cancellation => NextAsync(neighbour, cancellation), stop);
    }

    private async Task<NeighbourNews?> NextAsync(Neighbour neighbour, CancellationToken stop)
    {
        while (true)
        {
            await neighbour.Signal.WaitAsync(stop);
            var have = _rooms.Listens(_manifest.Root, neighbour.Key) ? null : _have();
            lock (_gate)
            {
                if (neighbour.Take(have) is { } news)
                {
                    return news;
                }
            }
        }
    }

    /// <summary>
    /// Tells those who do not listen to this peer what is here by now: sources that want nothing. By what a source tells of itself it is not known, since
    /// one that is scarce tells a piece at a time.
    /// </summary>
    private async Task TellNewsAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(TellInterval, _clock, stop);
                List<Neighbour> neighbours;
                lock (_gate)
                {
                    neighbours = _news is null ? [] : [.. _neighbours.Values];
                }

                neighbours.RemoveAll(neighbour => _rooms.Listens(_manifest.Root, neighbour.Key));
                lock (_gate)
                {
                    foreach (var neighbour in neighbours.Where(known => _neighbours.ContainsKey(known.Peer.AbsoluteUri)))
                    {
                        Tell(neighbour);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It ends.
        }
    }

    private sealed class Listener(SwarmMember member, Neighbour neighbour) : INeighbourListener
    {
        public void Begin(PieceMap map)
        {
            lock (member._gate)
            {
                neighbour.Map = map;
                member._news?.Found(neighbour.Peer, map.Copy());
                member.Tell(neighbour);
            }

            Pass([.. Enumerable.Range(0, map.Count).Where(piece => map[piece])]);
        }

        public void Has(IReadOnlyList<int> pieces)
        {
            lock (member._gate)
            {
                foreach (var piece in pieces)
                {
                    neighbour.Map!.Set(piece);
                }

                member._news?.Has(neighbour.Peer, pieces);
            }

            Pass(pieces);
        }

        public void Ready(int turns)
        {
            lock (member._gate)
            {
                member._news?.Ready(neighbour.Peer, turns);
            }
        }

        private void Pass(IReadOnlyList<int> pieces) => member._rooms.Has(member._manifest.Root, neighbour.Key, pieces);
    }
}
