using Cete.Core;
using Cete.Swarm.Download;

namespace Cete.Simulation.Swarm;

/// <summary>What peers say to each other, and the bytes of pieces.</summary>
internal sealed partial class SwarmWorld
{
    private void Listen(SwarmPeer source, SwarmPeer listener)
    {
        if (!source.IsHere || !listener.IsHere || !listener.Heard.Contains(source.Number))
        {
            return;
        }

        source.Listeners.Add(listener.Number);
        Control += 400 + ((_options.Pieces + 7) / 8);
        var map = source.Seeder is null ? source.Map.Copy() : new Cete.Swarm.PieceMap(_options.Pieces);
        source.Seeder?.Join(listener.Key);
        After(_options.Latency, () => Hear(listener, source, new DownloadInput.SourceFound(source.Number, map, IsLive: true)));
        source.Turns!.Join(listener.Key, listener.Map);
        Offer(source);
    }

    private void Offer(SwarmPeer source)
    {
        if (source.IsRider || !source.IsHere)
        {
            return;
        }

        while (source.Turns!.Offer(Clock, source.Seeder) is { } key)
        {
            Control += 42;
            var listener = _peers[_numbers[key]];
            if (source.Seeder?.Revealed(key, source.Turns.OutTo(key)) is { Count: > 0 } pieces)
            {
                Control += 40 + (2 * pieces.Count);
                After(_options.Latency, () => Hear(listener, source, new DownloadInput.SourceHas(source.Number, pieces)));
            }

            After(_options.Latency, () => Hear(listener, source, new DownloadInput.SourceReady(source.Number, 1)));
        }
    }

    private void Hear(SwarmPeer peer, SwarmPeer source, DownloadInput input)
    {
        if (peer.IsHere && source.IsHere && peer.Heard.Contains(source.Number))
        {
            Step(peer, input);
        }
    }

    private void Step(SwarmPeer peer, DownloadInput input)
    {
        if (peer.Machine is null || !peer.IsHere)
        {
            return;
        }

        peer.Machine.Step(input, Clock, peer.Effects);
        if (peer.Effects.Effects.Count == 0)
        {
            return;
        }

        var effects = peer.Effects.Effects.ToArray();
        peer.Effects.Clear();
        foreach (var effect in effects)
        {
            Do(peer, effect);
        }
    }

    private void Do(SwarmPeer peer, DownloadEffect effect)
    {
        switch (effect)
        {
            case DownloadEffect.StartRun start:
                Control += 250;
                var flow = new SwarmFlow(start.Source, peer.Number, start.Run, start.FirstPiece, _options.PieceLength);
                peer.Coming.Add(start.Run, flow);
                After(_options.Latency, () => Ask(_peers[start.Source], flow));
                break;
            case DownloadEffect.CancelRun cancel when peer.Coming.Remove(cancel.Run, out var gone):
                After(_options.Latency, () => gone.IsGone = true);
                break;
            case DownloadEffect.PassTurn pass:
                Control += 42;
                After(_options.Latency, () =>
                {
                    _peers[pass.Source].Turns!.Passed(peer.Key, Clock);
                    Offer(_peers[pass.Source]);
                });
                break;
            case DownloadEffect.DropSource drop:
                if (_peers[drop.Source].IsLiar)
                {
                    peer.Liars.Add(_peers[drop.Source].Key);
                }

                break;
            case DownloadEffect.WakeAt wake:
                var at = wake.At.Microseconds - Clock.Microseconds + _now;
                peer.WakeAt = at;
                At(at, () =>
                {
                    if (peer.WakeAt == at)
                    {
                        peer.WakeAt = -1;
                        Step(peer, new DownloadInput.Tick());
                    }
                });
                break;
            case DownloadEffect.Finish finish:
                Check.That(finish.End == DownloadEnd.Whole || peer.IsLiar, $"peer {peer.Number} ended as {finish.End} at {_now / 1e6:F3} s");
                Finish(peer);
                break;
        }
    }

    private void Finish(SwarmPeer peer)
    {
        peer.Done = _now;
        if (!peer.IsKilled && !peer.IsLiar)
        {
            _left--;
        }

        foreach (var source in peer.Heard)
        {
            _peers[source].Listeners.Remove(peer.Number);
            _peers[source].Seeder?.Leave(peer.Key);
            _peers[source].Turns!.Leave(peer.Key);
        }

        peer.Heard.Clear();
        if (_options.LeavesWhenDone)
        {
            _planner.Leave(peer.Key);
            Kill(peer);
        }
    }

    private void Ask(SwarmPeer source, SwarmFlow flow)
    {
        if (!source.IsHere || flow.IsGone)
        {
            return;
        }

        if (source.IsRider)
        {
            return;
        }

        source.Waiting.Add(flow);
        source.Turns!.Asked(_peers[flow.To].Key);
        Send(source);
    }

    private void Send(SwarmPeer source)
    {
        if (source.IsSending || !source.IsHere)
        {
            return;
        }

        source.Active.RemoveAll(flow => Gone(source, flow));
        while (source.Active.Count < _options.Sending && source.Waiting.Count > 0)
        {
            source.Waiting.RemoveAll(flow => Gone(source, flow));
            if (source.Waiting.Count > 0)
            {
                source.Active.Add(source.Waiting[0]);
                source.Waiting.RemoveAt(0);
            }
        }

        if (source.Active.Count == 0)
        {
            return;
        }

        var next = source.Active[source.Turn++ % source.Active.Count];
        var backlog = _peers[next.To].DownFree - _now - _options.Latency;
        var bytes = Math.Min(_options.Quantum, next.Left);
        source.IsSending = true;
        // A receiver that cannot take more makes its sender wait, as TCP does.
        After(Math.Max(bytes * 1_000_000 / source.Up, Math.Min(backlog - 50_000, 20_000)), () => Sent(source, next, bytes));
    }

    private bool Gone(SwarmPeer source, SwarmFlow flow)
    {
        if (flow.IsGone)
        {
            source.Turns!.Ended(_peers[flow.To].Key);
        }

        return flow.IsGone;
    }

    private void Sent(SwarmPeer source, SwarmFlow flow, long bytes)
    {
        source.IsSending = false;
        if (!source.IsHere)
        {
            return;
        }

        source.Sent += bytes;
        flow.Left -= bytes;
        var peer = _peers[flow.To];
        peer.DownFree = Math.Max(peer.DownFree, _now + _options.Latency) + (bytes * 1_000_000 / peer.Down);
        if (flow.Left == 0)
        {
            source.Active.Remove(flow);
            source.Seeder?.Fetched(peer.Key, flow.Piece);
            At(peer.DownFree, () => Come(peer, source, flow));
            Reveal(source);
            source.Turns!.Ended(peer.Key);
            Offer(source);
        }
        else if (flow.Moved == 0 || flow.Moved + 300_000 <= _now)
        {
            flow.Moved = _now;
            At(peer.DownFree, () => Moved(peer, flow));
        }

        Send(source);
    }

    private void Moved(SwarmPeer peer, SwarmFlow flow)
    {
        if (peer.Coming.ContainsKey(flow.Run))
        {
            Step(peer, new DownloadInput.RunMoved(flow.Run));
        }
    }

    private void Come(SwarmPeer peer, SwarmPeer source, SwarmFlow flow)
    {
        if (!peer.IsHere)
        {
            return;
        }

        peer.Received += _options.PieceLength;
        _hash.Add(_now);
        _hash.Add(((long)peer.Number << 40) + ((long)source.Number << 20) + flow.Piece);
        if (!peer.Coming.Remove(flow.Run))
        {
            Wasted += _options.PieceLength;
            return;
        }

        if (source.IsLiar)
        {
            Wasted += _options.PieceLength;
            Step(peer, new DownloadInput.RunEnded(flow.Run, RunOutcome.Damaged));
            return;
        }

        if (!peer.Map.Set(flow.Piece))
        {
            Wasted += _options.PieceLength;
        }
        else
        {
            peer.News.Add(flow.Piece);
            peer.Turns!.Gained(flow.Piece);
            Offer(peer);
        }

        if (peer.IsKilled && peer.Map.Have * 2 >= _options.Pieces)
        {
            Kill(peer);
            return;
        }

        Step(peer, new DownloadInput.PieceTaken(flow.Run, flow.Piece));
        Step(peer, new DownloadInput.RunEnded(flow.Run, RunOutcome.Completed));
        Tell(peer);
    }

    private void Tell(SwarmPeer peer)
    {
        if (peer.News.Count == 0 || peer.IsTelling || !peer.IsHere)
        {
            return;
        }

        peer.IsTelling = true;
        At(peer.ToldAt + _options.HaveDelay, () =>
        {
            peer.IsTelling = false;
            peer.ToldAt = _now;
            if (!peer.IsHere)
            {
                return;
            }

            int[] news = [.. peer.News];
            peer.News.Clear();
            Control += peer.Listeners.Count * (40 + (2 * news.Length));
            var listeners = peer.Listeners.ToArray();
            After(_options.Latency, () =>
            {
                foreach (var listener in listeners)
                {
                    foreach (var piece in news)
                    {
                        _peers[listener].Turns!.Has(peer.Key, piece);
                    }

                    Hear(_peers[listener], peer, new DownloadInput.SourceHas(peer.Number, news));
                }
            });
            if (listeners.Length > 0 && _peers[0].Listeners.Contains(peer.Number))
            {
                After(_options.Latency, () => Seen(peer, news));
            }
        });
    }

    /// <summary>A source that super-seeds hears what those have whom it tells.</summary>
    private void Seen(SwarmPeer peer, int[] news)
    {
        if (_peers[0].Seeder is not { IsOver: false } seeder)
        {
            return;
        }

        Control += 40 + (2 * news.Length);
        foreach (var piece in news)
        {
            seeder.SeenElsewhere(piece, peer.Key);
        }

        Reveal(_peers[0]);
    }

    /// <summary>The source tells its listeners what it has for them now.</summary>
    private void Reveal(SwarmPeer source)
    {
        if (source.Seeder is not { } seeder)
        {
            return;
        }

        if (!seeder.IsOver)
        {
            return;
        }

        source.Seeder = null;
        int[] all = [.. Enumerable.Range(0, _options.Pieces)];
        foreach (var listener in source.Listeners)
        {
            Control += 40;
            After(_options.Latency, () => Hear(_peers[listener], source, new DownloadInput.SourceHas(source.Number, all)));
        }
    }
}
