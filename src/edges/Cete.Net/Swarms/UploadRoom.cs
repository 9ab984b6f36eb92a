using Cete.Core;
using Cete.Ports;
using Cete.Swarm;
using Cete.Swarm.Seeding;

namespace Cete.Net.Swarms;

/// <summary>
/// Those who listen to what this peer has of one content. They are told what comes, and take turns in asking for it (<see cref="UploadTurns"/>). For several
/// callers at once.
/// </summary>
internal sealed class UploadRoom
{
    private readonly Lock _gate = new();
    private readonly Dictionary<KeyId, RoomListener> _listeners = [];
    private readonly IContentFile _content;
    private readonly TimeProvider _clock;
    private readonly ulong _seed;
    private readonly PieceMap _known;
    private readonly UploadTurns _turns;
    private SuperSeeder? _seeder;
    private bool _wasSuperSeeding;

    /// <param name="content">The content; stays the caller's.</param>
    /// <param name="seed">Of its chance.</param>
    /// <param name="clock">The time here.</param>
    public UploadRoom(IContentFile content, ulong seed, TimeProvider clock)
    {
        (_content, _clock, _seed, _known) = (content, clock, seed, content.Pieces);
        _turns = new UploadTurns(_known, seed);
    }

    /// <summary>Nobody listens.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _listeners.Count == 0;
            }
        }
    }

    /// <summary>Who listens.</summary>
    public IReadOnlyList<KeyId> Listeners
    {
        get
        {
            lock (_gate)
            {
                return [.. _listeners.Keys];
            }
        }
    }

    /// <summary>Whether somebody listens.</summary>
    public bool Listens(KeyId key)
    {
        lock (_gate)
        {
            return _listeners.ContainsKey(key);
        }
    }

    /// <summary>Everything is here.</summary>
    public bool IsWhole
    {
        get
        {
            lock (_gate)
            {
                return _known.IsFull;
            }
        }
    }

    /// <summary>Somebody listens; who listened by the same key before does no longer.</summary>
    /// <param name="key">His key.</param>
    /// <param name="has">What he has, as far as it is known.</param>
    public RoomListener Join(KeyId key, PieceMap? has)
    {
        lock (_gate)
        {
            if (_listeners.Remove(key, out var before))
            {
                _turns.Leave(key);
                _seeder?.Leave(key);
                before.End();
            }

            var listener = new RoomListener(key, _seeder is null ? _known.Copy() : new PieceMap(_known.Count));
            _listeners.Add(key, listener);
            _turns.Join(key, has ?? new PieceMap(_known.Count));
            _seeder?.Join(key);
            Offer();
            return listener;
        }
    }

    /// <summary>He listens no longer.</summary>
    public void Leave(RoomListener listener)
    {
        lock (_gate)
        {
            if (_listeners.TryGetValue(listener.Key, out var known) && ReferenceEquals(known, listener))
            {
                _listeners.Remove(listener.Key);
                _turns.Leave(listener.Key);
                _seeder?.Leave(listener.Key);
                Offer();
            }
        }
    }

    /// <summary>What he is to be told now.</summary>
    public (IReadOnlyList<int> Pieces, int Turns) Take(RoomListener listener)
    {
        lock (_gate)
        {
            return listener.Take();
        }
    }

    /// <summary>Somebody has pieces.</summary>
    public void Has(KeyId key, IReadOnlyList<int> pieces)
    {
        lock (_gate)
        {
            foreach (var piece in pieces)
            {
                _turns.Has(key, piece);
                _seeder?.SeenElsewhere(piece, key);
            }

            Offer();
        }
    }

    /// <summary>Somebody asks for a part.</summary>
    public void Asked(KeyId key)
    {
        lock (_gate)
        {
            _turns.Asked(key);
        }
    }

    /// <summary>He was sent these pieces, or none where it broke.</summary>
    public void Ended(KeyId key, int first, int end)
    {
        lock (_gate)
        {
            _turns.Ended(key);
            for (var piece = first; piece < end; piece++)
            {
                _seeder?.Fetched(key, piece);
            }

            Offer();
        }
    }

    /// <summary>He gives turns back.</summary>
    public void Passed(KeyId key, int turns)
    {
        lock (_gate)
        {
            for (var i = 0; i < Math.Min(turns, UploadTurns.WindowMax); i++)
            {
                _turns.Passed(key, Now);
            }

            Offer();
        }
    }

    /// <summary>This peer is the one source with little to give, or is that no longer.</summary>
    public void SuperSeed(bool isSuperSeeding)
    {
        lock (_gate)
        {
            if (isSuperSeeding && !_wasSuperSeeding && _known.IsFull)
            {
                // Who was told already that everything is here cannot be told less; those who come from now on are.
                (_seeder, _wasSuperSeeding) = (new SuperSeeder(_known.Count, _seed), true);
                foreach (var key in _listeners.Keys)
                {
                    _seeder.Join(key);
                }
            }
            else if (!isSuperSeeding && _seeder is not null)
            {
                TellAll();
            }

            Offer();
        }
    }

    /// <summary>Looks what came, and whose turn was not used.</summary>
    public void Look()
    {
        lock (_gate)
        {
            if (!_known.IsFull)
            {
                var now = _content.Pieces;
                for (var piece = now.NextPresent(0); now.Have > _known.Have && piece < now.Count; piece = now.NextPresent(piece + 1))
                {
                    if (_known.Set(piece))
                    {
                        _turns.Gained(piece);
                        foreach (var listener in _listeners.Values)
                        {
                            listener.Add(piece);
                        }
                    }
                }
            }

            Offer();
        }
    }

    private Instant Now => Instant.From(_clock.GetUtcNow());

    private void Offer()
    {
        if (_seeder is { IsOver: true })
        {
            TellAll();
        }

        while (_turns.Offer(Now, _seeder) is { } key && _listeners.TryGetValue(key, out var listener))
        {
            foreach (var piece in _seeder?.Revealed(key, _turns.OutTo(key)) ?? [])
            {
                listener.Add(piece);
            }

            listener.AddTurn();
        }
    }

    private void TellAll()
    {
        _seeder = null;
        foreach (var listener in _listeners.Values)
        {
            for (var piece = _known.NextPresent(0); piece < _known.Count; piece = _known.NextPresent(piece + 1))
            {
                listener.Add(piece);
            }
        }
    }
}

/// <summary>Somebody who listens; guarded by the room.</summary>
/// <param name="key">His key.</param>
/// <param name="told">What he is told at the beginning; becomes this object's.</param>
internal sealed class RoomListener(KeyId key, PieceMap told) : IDisposable
{
    private readonly List<int> _news = [];
    private readonly SemaphoreSlim _signal = new(0, 1);
    private readonly PieceMap _told = told;
    private int _turns;

    public KeyId Key { get; } = key;

    /// <summary>What he is told at the beginning.</summary>
    public PieceMap Beginning { get; } = told.Copy();

    /// <summary>Another one listens in his place.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Waits until there is something to tell; false when there was nothing for so long.</summary>
    public Task<bool> WaitAsync(TimeSpan wait, CancellationToken cancellation) => _signal.WaitAsync(wait, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _signal.Dispose();

    internal void Add(int piece)
    {
        if (_told.Set(piece))
        {
            _news.Add(piece);
            Signal();
        }
    }

    internal void AddTurn()
    {
        _turns++;
        Signal();
    }

    internal void End()
    {
        IsEnded = true;
        Signal();
    }

    internal (IReadOnlyList<int> Pieces, int Turns) Take()
    {
        var taken = (_news.ToArray(), _turns);
        _news.Clear();
        _turns = 0;
        return taken;
    }

    private void Signal()
    {
        if (_signal.CurrentCount == 0)
        {
            _signal.Release();
        }
    }
}
