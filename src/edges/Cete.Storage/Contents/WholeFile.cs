using System.Buffers;
using Cete.Core;
using Cete.Ports;
using Cete.Swarm;
using Microsoft.Win32.SafeHandles;

namespace Cete.Storage.Contents;

/// <summary>
/// A file of the user's that is whole content, to be read by others: its bytes are his, and may change at any time, so each piece is verified before the
/// first byte of it is given, and all of it is refused once it is another file than it was.
/// </summary>
internal sealed class WholeFile : IContentFile
{
    private readonly SafeFileHandle _handle;
    private readonly string _path;
    private readonly DateTime _modified;
    private readonly Lock _gate = new();
    private readonly PieceMap _verified;
    private readonly Manifest _manifest;

    private WholeFile(SafeFileHandle handle, string path, DateTime modified, Manifest manifest, PieceMap verified) =>
        (_handle, _path, _modified, _manifest, _verified) = (handle, path, modified, manifest, verified);

    public long Length => _manifest.Length;

    public int PieceLength => _manifest.PieceLength;

    public Manifest Manifest => _manifest;

    public bool IsWhole => true;

    public PieceMap Pieces => PieceMap.Full(_manifest.PieceCount);

    /// <summary>Opens it; null when it is not what it was.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="modified">When it was changed last, when it was known to be whole.</param>
    /// <param name="manifest">The content.</param>
    /// <param name="verified">Pieces that were verified since; becomes the file's own.</param>
    public static WholeFile? Open(string path, DateTime modified, Manifest manifest, PieceMap verified)
    {
        try
        {
            var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (RandomAccess.GetLength(handle) == manifest.Length && File.GetLastWriteTimeUtc(path) == modified)
            {
                return new WholeFile(handle, path, modified, manifest, verified);
            }

            handle.Dispose();
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public Outcome<bool> Write(int piece, ReadOnlySpan<byte> data) => false;

    public Outcome<bool> WriteLeaves(LeafHashes leaves, int first, ReadOnlySpan<byte> data) => false;

    public Outcome<LeafHashes> LeavesOf(int piece)
    {
        var length = _manifest.LengthOfPiece(piece);
        var bytes = ArrayPool<byte>.Shared.Rent(Math.Max(length, 1));
        try
        {
            var read = RandomAccess.Read(_handle, bytes.AsSpan(0, length), (long)piece * PieceLength);
            var leaves = LeafHashes.Of(piece, bytes.AsSpan(0, read), Length, PieceLength);
            return leaves.PieceHash == _manifest.Pieces[piece]
                ? leaves
                : new Failure(FailureKind.Damaged, $"piece {piece} of {_manifest.Root} is not what it was; the file {_path} was changed");
        }
        catch (IOException error)
        {
            return DiskFailure.From(error, $"reading {_path}");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    public long AvailableFrom(long offset) => Math.Max(0, Length - offset);

    public Task<bool> WaitForMoreAsync(long offset, CancellationToken cancellation) => Task.FromResult(true);

    public ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellation)
    {
        var count = (int)Math.Min(buffer.Length, AvailableFrom(offset));
        if (count == 0 || File.GetLastWriteTimeUtc(_path) != _modified)
        {
            return ValueTask.FromResult(0);
        }

        var last = (int)((offset + count - 1) / PieceLength);
        for (var piece = (int)(offset / PieceLength); piece <= last; piece++)
        {
            if (!Verify(piece))
            {
                count = (int)Math.Max(0, ((long)piece * PieceLength) - offset);
                break;
            }
        }

        return ValueTask.FromResult(count == 0 ? 0 : RandomAccess.Read(_handle, buffer.Span[..count], offset));
    }

    public Outcome<bool> Attach(Manifest manifest) => new Failure(FailureKind.Conflict, "a file that is whole has its manifest");

    public Outcome<bool> Recheck(int piece)
    {
        lock (_gate)
        {
            _verified.Clear(piece);
        }

        return Verify(piece);
    }

    public Failure? Sync() => null;

    public void Dispose() => _handle.Dispose();

    private bool Verify(int piece)
    {
        lock (_gate)
        {
            if (_verified[piece])
            {
                return true;
            }
        }

        var length = _manifest.LengthOfPiece(piece);
        var bytes = ArrayPool<byte>.Shared.Rent(Math.Max(length, 1));
        try
        {
            var isGood = RandomAccess.Read(_handle, bytes.AsSpan(0, length), (long)piece * PieceLength) == length
                && _manifest.Verifies(piece, bytes.AsSpan(0, length));
            lock (_gate)
            {
                return isGood && (_verified.Set(piece) || true);
            }
        }
        catch (IOException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
