using System.Buffers;
using Cete.Core;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.Storage.Contents;

/// <summary>
/// Content on its way or whole: a data file and its <see cref="Sidecar"/>. Pieces are hashed outside of the lock, so
/// several can be verified at once; the lock guards the map and the waiters alone.
/// </summary>
public sealed partial class ContentFile : IContentFile
{
    private readonly Lock _gate = new();

    /// <summary>Held while a piece is written that no manifest vouches for; taken before <see cref="_gate"/>.</summary>
    private readonly Lock _unverified = new();
    private readonly IFile _data;
    private readonly Sidecar _sidecar;
    private readonly string _path;
    private readonly List<ContentWaiter> _waiters = [];
    private int _users = 1;
    private bool _abandoned;

    private ContentFile(IFile data, Sidecar sidecar, string path) => (_data, _sidecar, _path) = (data, sidecar, path);

    public long Length => _sidecar.Length;

    public int PieceLength => _sidecar.PieceLength;

    public Manifest? Manifest
    {
        get
        {
            lock (_gate)
            {
                return _sidecar.Manifest;
            }
        }
    }

    public bool IsWhole
    {
        get
        {
            lock (_gate)
            {
                return _sidecar.Map.IsFull;
            }
        }
    }

    public PieceMap Pieces
    {
        get
        {
            lock (_gate)
            {
                return _sidecar.Map.Copy();
            }
        }
    }

    /// <summary>Called when the last user has let go; the owner may then forget the file.</summary>
    internal Action<ContentFile>? Released { get; set; }

    public long AvailableFrom(long offset)
    {
        lock (_gate)
        {
            return AvailableHere(offset);
        }
    }

    public Task<bool> WaitForMoreAsync(long offset, CancellationToken cancellation)
    {
        ContentWaiter waiter;
        lock (_gate)
        {
            if (_abandoned || _sidecar.Map.IsFull || offset >= Length || AvailableHere(offset) > 0)
            {
                return Task.FromResult(!_abandoned);
            }

            waiter = new ContentWaiter(offset, Forget);
            _waiters.Add(waiter);
        }

        waiter.StopOn(cancellation);
        return waiter.Task;
    }

    public ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellation)
    {
        var count = (int)Math.Min(buffer.Length, AvailableFrom(offset));
        return ValueTask.FromResult(count == 0 ? 0 : _data.Read(buffer.Span[..count], offset));
    }

    public Outcome<bool> Recheck(int piece)
    {
        var count = Cete.Swarm.Manifest.CountPieces(Length, PieceLength);
        if ((uint)piece >= (uint)count)
        {
            return new Failure(FailureKind.Invalid, $"there is no piece {piece} of {count}");
        }

        var buffer = ArrayPool<byte>.Shared.Rent(PieceLength);
        try
        {
            var length = Cete.Swarm.Manifest.LengthOfPiece(piece, Length, PieceLength);
            var read = _data.Read(buffer.AsSpan(0, length), (long)piece * PieceLength);
            var good = read == length && Cete.Swarm.Manifest.HashPiece(buffer.AsSpan(0, length), Length, PieceLength) == HashOf(piece);
            if (!good)
            {
                lock (_gate)
                {
                    _sidecar.Unmark(piece);
                }
            }

            return good;
        }
        catch (IOException error)
        {
            return DiskFailure.From(error, $"reading {_path}");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public Failure? Sync()
    {
        try
        {
            _data.Sync();
            _sidecar.Sync();
            return null;
        }
        catch (IOException error)
        {
            return DiskFailure.From(error, $"syncing {_path}");
        }
    }

    /// <summary>Says that no more pieces will come: those who wait for them are told so.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            _abandoned = true;
            Wake();
        }
    }

    /// <summary>Lets go of the content; it is closed when the last user has.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            Released?.Invoke(this);
            Abandon();
            _data.Dispose();
            _sidecar.Dispose();
        }
    }

    /// <summary>Lets other programs open the data, where they were kept from it.</summary>
    internal void Share()
    {
        if (TryAddUser())
        {
            (_data as ILockedFile)?.Share();
            Dispose();
        }
    }

    /// <summary>One user more; false when the last one has let go already.</summary>
    internal bool TryAddUser()
    {
        for (var users = Volatile.Read(ref _users); users > 0; users = Volatile.Read(ref _users))
        {
            if (Interlocked.CompareExchange(ref _users, users + 1, users) == users)
            {
                return true;
            }
        }

        return false;
    }

    private long AvailableHere(long offset)
    {
        if (offset >= Length)
        {
            return 0;
        }

        var piece = (int)(offset / PieceLength);
        var missing = _sidecar.Map.IsFull ? _sidecar.Map.Count : _sidecar.Map.NextMissing(piece);
        var end = (long)missing * PieceLength;
        if (_partials.Count > 0 && _partials.TryGetValue(missing, out var partial))
        {
            var from = missing == piece ? (int)((offset - end) / Merkle.LeafSize) : 0;
            end += (long)partial.NextMissing(from) * Merkle.LeafSize;
        }

        return Math.Max(0, Math.Min(end, Length) - offset);
    }

    /// <summary>Tells those whose bytes came, and nobody else: of a content that many fetch at once a leaf is news for few. Under the lock.</summary>
    private void Wake()
    {
        for (var i = _waiters.Count - 1; i >= 0; i--)
        {
            var waiter = _waiters[i];
            if (_abandoned || _sidecar.Map.IsFull || AvailableHere(waiter.Offset) > 0)
            {
                _waiters[i] = _waiters[^1];
                _waiters.RemoveAt(_waiters.Count - 1);
                waiter.End(!_abandoned);
            }
        }
    }

    private void Forget(ContentWaiter waiter)
    {
        lock (_gate)
        {
            _waiters.Remove(waiter);
        }
    }

    private Hash256 HashOf(int piece)
    {
        lock (_gate)
        {
            return new PieceLayer(_sidecar.Hashes)[piece];
        }
    }
}
