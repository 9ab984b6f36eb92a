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
    private TaskCompletionSource _more = NewSignal();
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
            if (offset >= Length)
            {
                return 0;
            }

            var end = (long)_sidecar.Map.NextMissing((int)(offset / PieceLength)) * PieceLength;
            return Math.Max(0, Math.Min(end, Length) - offset);
        }
    }

    public async Task<bool> WaitForMoreAsync(long offset, CancellationToken cancellation)
    {
        Task signal;
        lock (_gate)
        {
            if (_abandoned || _sidecar.Map.IsFull || offset >= Length || _sidecar.Map[(int)(offset / PieceLength)])
            {
                return !_abandoned;
            }

            signal = _more.Task;
        }

        await signal.WaitAsync(cancellation);
        lock (_gate)
        {
            return !_abandoned;
        }
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
        TaskCompletionSource more;
        lock (_gate)
        {
            _abandoned = true;
            more = _more;
        }

        more.TrySetResult();
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

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Hash256 HashOf(int piece)
    {
        lock (_gate)
        {
            return new PieceLayer(_sidecar.Hashes)[piece];
        }
    }
}
