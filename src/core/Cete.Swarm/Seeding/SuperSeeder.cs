using Cete.Core;

namespace Cete.Swarm.Seeding;

/// <summary>
/// What a scarce source tells its neighbours that it has, piece by piece (BEP 16), so that none leaves it twice before all left it once. Each
/// neighbour is told of a few that no other was told of; who passes on what it got is told of more sooner. When every piece was given out once, or is
/// with others anyway, all is told to all.
/// </summary>
public sealed class SuperSeeder
{
    private readonly PieceMap _given;
    private readonly PieceMap _told;
    private readonly int[] _order;
    private readonly Dictionary<KeyId, Neighbour> _neighbours = [];
    private readonly KeyId?[] _first;
    private int _next;

    /// <param name="pieceCount">Pieces of the content.</param>
    /// <param name="seed">Of its chance.</param>
    public SuperSeeder(int pieceCount, ulong seed)
    {
        (_given, _told, _first) = (new PieceMap(pieceCount), new PieceMap(pieceCount), new KeyId?[pieceCount]);
        _order = [.. Enumerable.Range(0, pieceCount)];
        var chance = new Prng(seed);
        for (var i = pieceCount - 1; i > 0; i--)
        {
            var j = chance.Next(i + 1);
            (_order[i], _order[j]) = (_order[j], _order[i]);
        }
    }

    /// <summary>Each piece was given out once: all is revealed to all.</summary>
    public bool IsOver => _given.IsFull;

    /// <summary>A neighbour listens to what there is.</summary>
    public void Join(KeyId peer) => _neighbours.TryAdd(peer, new Neighbour(_given.Count));

    /// <summary>A neighbour no longer listens; what only it was told of is told to another.</summary>
    public void Leave(KeyId peer)
    {
        if (_neighbours.Remove(peer, out var gone))
        {
            foreach (var piece in gone.Waiting)
            {
                _told.Clear(piece);
            }

            _next = 0;
        }
    }

    /// <summary>A neighbour has fetched a piece from here.</summary>
    public void Fetched(KeyId peer, int piece)
    {
        if (_given.Set(piece))
        {
            _first[piece] = peer;
            if (_neighbours.TryGetValue(peer, out var neighbour))
            {
                neighbour.Kept++;
            }
        }

        Settle(piece);
    }

    /// <summary>Pieces that a neighbour was told of or fetched from here and that nobody else is known to have.</summary>
    public int KeptBy(KeyId peer) => _neighbours.TryGetValue(peer, out var neighbour) ? neighbour.Kept + neighbour.Waiting.Count : 0;

    /// <summary>A neighbour says that it has a piece; of no effect when it had it from here.</summary>
    public void SeenElsewhere(int piece, KeyId by)
    {
        if (_first[piece] == by)
        {
            return;
        }

        _given.Set(piece);
        Settle(piece);
        if (_first[piece] is { } first)
        {
            _first[piece] = null;
            if (_neighbours.TryGetValue(first, out var neighbour))
            {
                neighbour.Kept--;
            }
        }
    }

    /// <summary>The pieces that a neighbour is to be told of now that it has turns (<see cref="UploadTurns"/>), a piece for each turn.</summary>
    /// <param name="peer">The neighbour.</param>
    /// <param name="turns">Pieces that it may ask for or waits for.</param>
    public IReadOnlyList<int> Revealed(KeyId peer, int turns)
    {
        if (!_neighbours.TryGetValue(peer, out var neighbour))
        {
            return [];
        }

        if (IsOver)
        {
            return neighbour.TellAll();
        }

        if (neighbour.Waiting.Count > 0 && neighbour.Waiting.Count >= turns)
        {
            return [];
        }

        var piece = Next(neighbour);
        if (piece < 0)
        {
            return [];
        }

        _told.Set(piece);
        neighbour.Tell(piece);
        return [piece];
    }

    private void Settle(int piece)
    {
        _told.Clear(piece);
        foreach (var neighbour in _neighbours.Values)
        {
            neighbour.Waiting.Remove(piece);
        }
    }

    /// <summary>The next piece that nobody was told of; when there is none, one that another was told of and did not fetch; -1 for none.</summary>
    private int Next(Neighbour neighbour)
    {
        for (; _next < _order.Length; _next++)
        {
            var piece = _order[_next];
            if (!_given[piece] && !_told[piece] && !neighbour.Told[piece])
            {
                return piece;
            }
        }

        foreach (var piece in _order)
        {
            if (!_given[piece] && !neighbour.Told[piece])
            {
                return piece;
            }
        }

        return -1;
    }

    private sealed class Neighbour(int pieces)
    {
        public PieceMap Told { get; } = new(pieces);

        public List<int> Waiting { get; } = [];

        public int Kept { get; set; }

        public void Tell(int piece)
        {
            Told.Set(piece);
            Waiting.Add(piece);
        }

        public IReadOnlyList<int> TellAll()
        {
            var rest = new List<int>();
            for (var piece = Told.NextMissing(0); piece < Told.Count; piece = Told.NextMissing(piece + 1))
            {
                Told.Set(piece);
                rest.Add(piece);
            }

            return rest;
        }
    }
}
