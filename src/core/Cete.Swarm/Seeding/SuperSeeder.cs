using Cete.Core;

namespace Cete.Swarm.Seeding;

/// <summary>
/// What a scarce source tells its neighbours that it has, piece by piece (BEP 16), so that none leaves it twice before all left it once.
/// </summary>
public sealed class SuperSeeder
{
    private readonly PieceMap _given;
    private readonly SortedDictionary<KeyId, List<int>> _told = [];
    private int _next;

    /// <param name="pieceCount">Pieces of the content.</param>
    /// <param name="seed">Of its chance.</param>
    public SuperSeeder(int pieceCount, ulong seed)
    {
        _given = new PieceMap(pieceCount);
        _next = new Prng(seed).Next(pieceCount);
    }

    /// <summary>Each piece was given out once: all is to be revealed to all.</summary>
    public bool IsOver => _given.IsFull;

    /// <summary>A neighbour listens to what there is.</summary>
    public void Join(KeyId peer) => _told.TryAdd(peer, []);

    /// <summary>A neighbour no longer listens; what only it was told goes to another.</summary>
    public void Leave(KeyId peer) => _told.Remove(peer);

    /// <summary>A neighbour has fetched a piece from here.</summary>
    public void Fetched(KeyId peer, int piece)
    {
        _given.Set(piece);
        if (_told.TryGetValue(peer, out var told))
        {
            told.Remove(piece);
        }
    }

    /// <summary>Somebody else has a piece.</summary>
    public void SeenElsewhere(int piece) => _given.Set(piece);

    /// <summary>The pieces that a neighbour is to be told of now.</summary>
    public IReadOnlyList<int> Revealed(KeyId peer)
    {
        var now = new List<int>();
        if (_told.TryGetValue(peer, out var told))
        {
            for (var tried = 0; tried < _given.Count && told.Count < 2; tried++, _next = (_next + 1) % _given.Count)
            {
                if (!_given[_next] && !_told.Values.Any(t => t.Contains(_next)))
                {
                    told.Add(_next);
                    now.Add(_next);
                }
            }
        }

        return now;
    }
}
