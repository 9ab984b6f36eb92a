using System.Buffers;
using Cete.Core;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.Storage.Contents;

/// <summary>
/// Content on its way or whole: a data file and its <see cref="Sidecar"/>. Pieces are hashed outside of the lock, so
/// several can be verified at once; the lock guards the map and the waiters alone.
/// </summary>
public sealed class ContentFile : IContentFile
{
    private readonly Lock _gate = new();
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

    /// <summary>
    /// Opens content whose bytes stand in <paramref name="dataPath"/> and what is known of it in <paramref name="sidecarPath"/>; makes both when absent.
    /// Pieces said to be there are hashed again first, since a loss of power may have left the map ahead of the data.
    /// </summary>
    public static Outcome<ContentFile> Open(IFileSystem files, string dataPath, string sidecarPath, long length, int pieceLength, Manifest? manifest, bool recheck = true)
    {
        IFile? data = null;
        Sidecar? sidecar = null;
        try
        {
            data = files.Open(dataPath);
            sidecar = Sidecar.Open(files, sidecarPath);
            if (sidecar is not null && !Fits(sidecar, length, pieceLength, manifest))
            {
                sidecar.Dispose();
                files.Delete(sidecarPath);
                sidecar = null;
            }

            sidecar ??= Sidecar.Create(files, sidecarPath, length, pieceLength, manifest);
            if (manifest is not null && sidecar.Manifest is null)
            {
                sidecar.Attach(manifest);
            }

            if (data.Length != length)
            {
                data.SetLength(length);
            }

            var content = new ContentFile(data, sidecar, dataPath);
            if (recheck)
            {
                content.RecheckAll();
            }

            return content;
        }
        catch (IOException error)
        {
            data?.Dispose();
            sidecar?.Dispose();
            return DiskFailure.From(error, $"opening {dataPath}");
        }
    }

    /// <summary>Opens whole content of one piece, which has no sidecar.</summary>
    internal static ContentFile OpenOnePiece(IFileSystem files, string dataPath, in Hash256 root)
    {
        var data = files.Open(dataPath);
        return new ContentFile(data, Sidecar.OfOnePiece(Cete.Swarm.Manifest.OfOnePiece(data.Length, root)), dataPath);
    }

    public Outcome<bool> Write(int piece, ReadOnlySpan<byte> data)
    {
        var count = Cete.Swarm.Manifest.CountPieces(Length, PieceLength);
        if ((uint)piece >= (uint)count || data.Length != Cete.Swarm.Manifest.LengthOfPiece(piece, Length, PieceLength))
        {
            return new Failure(FailureKind.Invalid, $"piece {piece} of {count} with {data.Length} bytes does not belong to a content of {Length} bytes");
        }

        var hash = Cete.Swarm.Manifest.HashPiece(data, Length, PieceLength);
        if (Manifest is { } manifest && hash != manifest.Pieces[piece])
        {
            return new Failure(FailureKind.Damaged, $"piece {piece} of {manifest.Root} does not match its hash");
        }

        try
        {
            _data.Write(data, (long)piece * PieceLength);
            return Count(piece, hash);
        }
        catch (IOException error)
        {
            return DiskFailure.From(error, $"writing {_path}");
        }
    }

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

    public Outcome<bool> Attach(Manifest manifest)
    {
        if (manifest.Length != Length || manifest.PieceLength != PieceLength)
        {
            return new Failure(FailureKind.Invalid, $"the manifest is of {manifest.Length} bytes in pieces of {manifest.PieceLength}, the upload is of {Length} in pieces of {PieceLength}");
        }

        try
        {
            lock (_gate)
            {
                if (_sidecar.Manifest is { } known)
                {
                    return known.Root == manifest.Root ? true : new Failure(FailureKind.Conflict, $"the upload has the root {known.Root} already");
                }

                for (var piece = 0; piece < manifest.PieceCount; piece++)
                {
                    if (_sidecar.Map[piece] && new PieceLayer(_sidecar.Hashes)[piece] != manifest.Pieces[piece])
                    {
                        _sidecar.Map.Clear(piece);
                    }
                }

                _sidecar.Attach(manifest);
                return true;
            }
        }
        catch (IOException error)
        {
            return DiskFailure.From(error, $"writing beside {_path}");
        }
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

    private static bool Fits(Sidecar sidecar, long length, int pieceLength, Manifest? manifest) =>
        sidecar.Length == length && sidecar.PieceLength == pieceLength
        && (manifest is null || sidecar.Manifest is null || sidecar.Manifest.Root == manifest.Root);

    private Hash256 HashOf(int piece)
    {
        lock (_gate)
        {
            return new PieceLayer(_sidecar.Hashes)[piece];
        }
    }

    private bool Count(int piece, in Hash256 hash)
    {
        TaskCompletionSource more;
        lock (_gate)
        {
            // A manifest that was attached while the piece was being hashed has the last word.
            if (_sidecar.Manifest is { } manifest && hash != manifest.Pieces[piece])
            {
                return false;
            }

            if (_sidecar.Manifest is null)
            {
                _sidecar.NoteHash(piece, hash);
            }

            if (_sidecar.Map[piece])
            {
                return false;
            }

            _sidecar.Mark(piece);
            more = _more;
            _more = NewSignal();
        }

        more.TrySetResult();
        return true;
    }

    private void RecheckAll()
    {
        var map = Pieces;
        for (var piece = map.NextPresent(0); piece < map.Count; piece = map.NextPresent(piece + 1))
        {
            _ = Recheck(piece);
        }
    }
}
