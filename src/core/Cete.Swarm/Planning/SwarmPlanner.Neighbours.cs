using Cete.Core;

namespace Cete.Swarm.Planning;

/// <summary>Who becomes whose neighbour.</summary>
public sealed partial class SwarmPlanner
{
    /// <summary>Peers that are looked at, at random, for one neighbour: bounds an announce among many.</summary>
    private const int Tried = 4;

    private const int TriedToBalance = 8;

    /// <summary>A quarter of the neighbours are near ones, if there are some; the others are at random, or near ones would know only each other.</summary>
    private const int NearPart = 4;

    private void Refill(PlannerPeer peer, Instant now)
    {
        if (_liars.IsShunned(peer.Key, now))
        {
            return;
        }

        var isServed = JoinWhole(peer, now);
        if (!isServed && !_isHot && _order.Count - _whole > 1)
        {
            _isHot = true;
        }

        if (!_isHot)
        {
            return;
        }

        JoinNear(peer, now);
        for (var tries = peer.NeighboursMax * 2; peer.Neighbours.Count < peer.NeighboursMax && tries > 0; tries--)
        {
            if (BestOfSome(peer, now) is { } other)
            {
                Join(peer, other);
            }
            else if (peer.Neighbours.Count + 1 < peer.NeighboursMax)
            {
                Split(peer, now);
            }
        }

        Balance(peer, now);
    }

    private void JoinNear(PlannerPeer peer, Instant now)
    {
        if (peer.Near.Length == 0 || !_near.TryGetValue(peer.Near, out var there))
        {
            return;
        }

        var near = peer.Neighbours.Count(other => other.Near == peer.Near);
        var start = _chance.Next(there.Count);
        for (var i = 0; i < there.Count && i < _settings.NeighboursMax && near < peer.NeighboursMax / NearPart; i++)
        {
            var other = there[(start + i) % there.Count];
            if (!CanMeet(peer, other, now))
            {
                continue;
            }

            var (left, right) = (MakeRoom(peer), MakeRoom(other));
            if (left is not null && right is not null && !(left.Have.IsFull && right.Have.IsFull) && CanMeet(left, right, now))
            {
                Join(left, right);
            }

            Join(peer, other);
            near++;
        }
    }

    /// <summary>Where a peer has all the neighbours that it wants, one that is not near goes.</summary>
    private PlannerPeer? MakeRoom(PlannerPeer peer)
    {
        if (peer.Neighbours.Count < peer.NeighboursMax)
        {
            return null;
        }

        var start = _chance.Next(peer.Neighbours.Count);
        var gone = peer.Neighbours[start];
        for (var i = 1; i < peer.Neighbours.Count && gone.Near == peer.Near; i++)
        {
            gone = peer.Neighbours[(start + i) % peer.Neighbours.Count];
        }

        Part(peer, gone);
        return gone;
    }

    private void Place(PlannerPeer peer, string near)
    {
        near = near.Length <= NearLengthMax ? near : string.Empty;
        if (peer.Near == near)
        {
            return;
        }

        if (peer.Near.Length > 0 && _near[peer.Near].Remove(peer) && _near[peer.Near].Count == 0)
        {
            _near.Remove(peer.Near);
        }

        peer.Near = near;
        if (near.Length > 0)
        {
            if (!_near.TryGetValue(near, out var there))
            {
                _near[near] = there = [];
            }

            there.Add(peer);
        }
    }

    /// <summary>
    /// Who may hope for less than others swaps its poorest neighbour for a richer one, and that one's neighbour gets the poor one: all keep as many as
    /// they had. Among differing uplinks some have hardly a fast neighbour by chance, and would be the last by far.
    /// </summary>
    private void Balance(PlannerPeer peer, Instant now)
    {
        var hungry = _order.Count - _whole;
        if (peer.Neighbours.Count < 2 || peer.Supply >= _uplinks / hungry * 9 / 10)
        {
            return;
        }

        var poor = peer.Neighbours[0];
        foreach (var neighbour in peer.Neighbours)
        {
            poor = neighbour.Share < poor.Share ? neighbour : poor;
        }

        PlannerPeer? rich = null;
        for (var i = 0; i < TriedToBalance; i++)
        {
            var other = _order[_chance.Next(_order.Count)];
            if (other.Share > (rich ?? poor).Share && CanMeet(peer, other, now))
            {
                rich = other;
            }
        }

        if (rich is null)
        {
            return;
        }

        if (rich.Neighbours.Count >= rich.NeighboursMax)
        {
            var left = rich.Neighbours[_chance.Next(rich.Neighbours.Count)];
            Part(rich, left);
            if (!(left.Have.IsFull && poor.Have.IsFull) && CanMeet(left, poor, now))
            {
                Join(left, poor);
            }
        }

        Part(peer, poor);
        Join(peer, rich);
    }

    /// <summary>Makes those who are whole and have a slot free neighbours; whether it has any afterwards.</summary>
    private bool JoinWhole(PlannerPeer peer, Instant now)
    {
        var isServed = peer.Neighbours.Exists(other => other.Have.IsFull);
        if (_whole == 0)
        {
            return isServed;
        }

        // Whole ones are few, or so many that some of a sample are.
        var start = _chance.Next(_order.Count);
        var seen = 0;
        for (var i = 0; i < _order.Count && i < 1_000 && seen < _whole && seen < peer.NeighboursMax && peer.Neighbours.Count < peer.NeighboursMax; i++)
        {
            var other = _order[(start + i) % _order.Count];
            if (!other.Have.IsFull)
            {
                continue;
            }

            seen++;
            if ((other.Hungry < other.Slots || (_isHot && other.Neighbours.Count < other.NeighboursMax)) && CanMeet(peer, other, now))
            {
                Join(peer, other);
                isServed = true;
            }
        }

        return isServed;
    }

    /// <summary>Of some at random the one with the fewest neighbours for what it can give, if any has room.</summary>
    private PlannerPeer? BestOfSome(PlannerPeer peer, Instant now)
    {
        PlannerPeer? best = null;
        for (var i = 0; i < Tried; i++)
        {
            var other = _order[_chance.Next(_order.Count)];
            if (!other.Have.IsFull && other.Neighbours.Count < other.NeighboursMax && CanMeet(peer, other, now)
                && (best is null || other.Neighbours.Count < best.Neighbours.Count))
            {
                best = other;
            }
        }

        return best;
    }

    /// <summary>Steps between two who are neighbours and have no room (Law and Siu 2003): the graph stays random, and nobody gets more than it wants.</summary>
    private void Split(PlannerPeer peer, Instant now)
    {
        var one = _order[_chance.Next(_order.Count)];
        if (one.Have.IsFull || one.Neighbours.Count == 0 || !CanMeet(peer, one, now))
        {
            return;
        }

        var other = one.Neighbours[_chance.Next(one.Neighbours.Count)];
        if (!other.Have.IsFull && CanMeet(peer, other, now))
        {
            Part(one, other);
            Join(peer, one);
            Join(peer, other);
        }
    }

    private bool CanMeet(PlannerPeer peer, PlannerPeer other, Instant now) =>
        peer != other && !peer.Neighbours.Contains(other) && !peer.Refuses(other.Key) && !other.Refuses(peer.Key) && !_liars.IsShunned(other.Key, now);

    private static void Join(PlannerPeer one, PlannerPeer other)
    {
        one.Neighbours.Add(other);
        other.Neighbours.Add(one);
        one.Hungry += other.Have.IsFull ? 0 : 1;
        other.Hungry += one.Have.IsFull ? 0 : 1;
    }

    private static void Part(PlannerPeer one, PlannerPeer other)
    {
        one.Neighbours.Remove(other);
        other.Neighbours.Remove(one);
        one.Hungry -= other.Have.IsFull ? 0 : 1;
        other.Hungry -= one.Have.IsFull ? 0 : 1;
    }
}
