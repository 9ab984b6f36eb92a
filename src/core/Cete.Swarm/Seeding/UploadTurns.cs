using System.Buffers.Binary;
using System.Numerics;
using Cete.Core;

namespace Cete.Swarm.Seeding;

/// <summary>
/// Whom a peer lets fetch a piece next. It gives turns to those who lack something that it has, a few at a time, so that its uplink is never idle
/// and nobody waits in a long queue for what another has by now.
/// </summary>
public sealed class UploadTurns
{
    /// <summary>Turns that are out at one time, at first and at least.</summary>
    public const int WindowMin = 2;

    /// <summary>Turns that are out at one time at most: 32 pieces of 256 KiB fill 1 Gbit/s for 64 ms.</summary>
    public const int WindowMax = 32;

    /// <summary>A turn that was not used for so long is given to another.</summary>
    public static readonly TimeSpan TurnEnds = TimeSpan.FromSeconds(1);

    /// <summary>Who passed a turn is not given another one for so long, unless there is a new piece.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(50);

    /// <summary>Pieces that wait to be sent: with fewer the uplink is idle soon, with more somebody waits for what another could give.</summary>
    private const int Few = 2;

    private const int Many = 3;

    /// <summary>Listeners whose needs differ by less are equals: near the source all lack nearly the same, and the smallest need says nothing.</summary>
    private const int SameNeed = 16;

    private readonly PieceMap _have;
    private readonly Prng _chance;
    private readonly Dictionary<KeyId, Listener> _listeners = [];
    private readonly List<Listener> _order = [];
    private int _asked;
    private int _offered;

    /// <summary>No turn that is out ends sooner.</summary>
    private Instant _expires;

    /// <param name="have">What it has; is kept up by <see cref="Gained"/>.</param>
    /// <param name="seed">Of its chance.</param>
    public UploadTurns(PieceMap have, ulong seed) => (_have, _chance) = (have.Copy(), new Prng(seed));

    /// <summary>Turns that are out at one time.</summary>
    public int Window { get; private set; } = WindowMin + 1;

    /// <summary>A neighbour listens.</summary>
    /// <param name="peer">The neighbour.</param>
    /// <param name="have">What it has; empty where that is not known.</param>
    public void Join(KeyId peer, PieceMap have)
    {
        if (!_listeners.ContainsKey(peer))
        {
            var listener = new Listener(peer, have.Copy());
            listener.Lacks = CountLacked(listener.Have);
            _listeners.Add(peer, listener);
            _order.Add(listener);
        }
    }

    /// <summary>A neighbour no longer listens.</summary>
    public void Leave(KeyId peer)
    {
        if (_listeners.Remove(peer, out var listener))
        {
            _order.Remove(listener);
            _offered -= listener.Offers.Count;
            _asked -= listener.Asked;
        }
    }

    /// <summary>A neighbour says that it has a piece.</summary>
    public void Has(KeyId peer, int piece)
    {
        if (_listeners.TryGetValue(peer, out var listener) && listener.Have.Set(piece) && _have[piece])
        {
            listener.Lacks--;
        }
    }

    /// <summary>There is a new piece here.</summary>
    public void Gained(int piece)
    {
        if (!_have.Set(piece))
        {
            return;
        }

        foreach (var listener in _order)
        {
            if (!listener.Have[piece])
            {
                listener.Lacks++;
                listener.QuietUntil = default;
            }
        }
    }

    /// <summary>A neighbour asks for a piece.</summary>
    public void Asked(KeyId peer)
    {
        if (!_listeners.TryGetValue(peer, out var listener))
        {
            return;
        }

        _asked++;
        listener.Asked++;
        _offered -= listener.Offers.TryDequeue(out _) ? 1 : 0;
    }

    /// <summary>A neighbour gives a turn back.</summary>
    public void Passed(KeyId peer, Instant now)
    {
        if (_listeners.TryGetValue(peer, out var listener) && listener.Offers.TryDequeue(out _))
        {
            _offered--;
            listener.QuietUntil = now + Quiet;
        }
    }

    /// <summary>What a neighbour asked for is sent, or was given up.</summary>
    public void Ended(KeyId peer)
    {
        if (!_listeners.TryGetValue(peer, out var listener) || listener.Asked == 0)
        {
            return;
        }

        listener.Asked--;
        _asked--;
        if (_asked < Few && _offered > 0)
        {
            Window = Math.Min(Window + 1, WindowMax);
        }
        else if (_asked > Many)
        {
            Window = Math.Max(Window - 1, WindowMin);
        }
    }

    /// <summary>Whose turn it is now, as long as there is one to be given.</summary>
    /// <param name="now">The time.</param>
    /// <param name="seeder">Where this is a scarce source: those come first who pass on what they got.</param>
    public KeyId? Offer(Instant now, SuperSeeder? seeder = null)
    {
        // Also where there is room for more: a turn that got lost on its way, or was passed by a word that did, keeps him who has it from another one.
        if (_offered > 0 && _expires <= now)
        {
            Expire(now);
        }

        if (_asked + _offered >= Window)
        {
            return null;
        }

        Listener? best = null;
        var bestScore = long.MaxValue;
        foreach (var listener in _order)
        {
            if (listener.Lacks - listener.Offers.Count <= 0 || listener.QuietUntil > now)
            {
                continue;
            }

            var kept = Math.Min(seeder?.KeptBy(listener.Peer) + listener.Offers.Count ?? 0, 0x7FFF);
            var need = (listener.Lacks - listener.Offers.Count) / SameNeed;
            var served = Math.Min(listener.Served, 0xFFFF);
            var score = ((long)kept << 48) + ((long)(0xFFFF - Math.Min(need, 0xFFFF)) << 32) + (served << 16) + _chance.Next(1 << 16);
            if (score < bestScore)
            {
                (best, bestScore) = (listener, score);
            }
        }

        if (best is null)
        {
            return null;
        }

        best.Served++;
        _expires = _offered == 0 ? now + TurnEnds : _expires;
        best.Offers.Enqueue(now);
        _offered++;
        return best.Peer;
    }

    /// <summary>Pieces that a neighbour may ask for or waits for.</summary>
    public int OutTo(KeyId peer) => _listeners.TryGetValue(peer, out var listener) ? listener.Offers.Count + listener.Asked : 0;

    private void Expire(Instant now)
    {
        _expires = now + TurnEnds;
        foreach (var listener in _order)
        {
            while (listener.Offers.TryPeek(out var at) && at + TurnEnds <= now)
            {
                listener.Offers.Dequeue();
                listener.QuietUntil = now + TurnEnds;
                _offered--;
            }

            _expires = listener.Offers.TryPeek(out var next) ? Instant.Min(_expires, next + TurnEnds) : _expires;
        }
    }

    private int CountLacked(PieceMap map)
    {
        var count = 0;
        for (var at = 0; at < map.Bits.Length; at += 8)
        {
            count += BitOperations.PopCount(
                BinaryPrimitives.ReadUInt64BigEndian(_have.Bits[at..]) & ~BinaryPrimitives.ReadUInt64BigEndian(map.Bits[at..]));
        }

        return count;
    }

    private sealed class Listener(KeyId peer, PieceMap have)
    {
        public KeyId Peer { get; } = peer;

        public PieceMap Have { get; } = have;

        /// <summary>Pieces that are here and not there.</summary>
        public int Lacks { get; set; }

        /// <summary>When it was given the turns that it did not use yet.</summary>
        public Queue<Instant> Offers { get; } = new();

        /// <summary>Pieces that it asked for and that were not sent yet.</summary>
        public int Asked { get; set; }

        public Instant QuietUntil { get; set; }

        public long Served { get; set; }
    }
}
