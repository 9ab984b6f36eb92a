using Cete.Core;

namespace Cete.Swarm.Planning;

/// <summary>Who becomes whose neighbour.</summary>
public sealed partial class SwarmPlanner
{
    /// <summary>Peers that are looked at, at random, for one neighbour: bounds an announce among many.</summary>
    private const int Tried = 4;

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
            if ((other.FreeSlots > 0 || (_isHot && other.Neighbours.Count < other.NeighboursMax)) && CanMeet(peer, other, now))
            {
                Join(peer, other);
                other.FreeSlots = Math.Max(other.FreeSlots - 1, 0);
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
    }

    private static void Part(PlannerPeer one, PlannerPeer other)
    {
        one.Neighbours.Remove(other);
        other.Neighbours.Remove(one);
    }
}
