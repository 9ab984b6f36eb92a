using Cete.Core;
using Cete.Ports;
using Cete.Ports.Folders;
using Cete.Swarm;
using Microsoft.Win32.SafeHandles;

namespace Cete.Storage.Local;

/// <summary>
/// A file of the user's as a content, to be read alone. Nobody is kept from changing it: each piece is verified before it is read for the first time, and the
/// file is looked at before each reading. Once it is another one, nothing more is read from it.
/// </summary>
internal sealed class SharedContent : IContentFile
{
    private static readonly Failure ReadOnly = new(FailureKind.Conflict, "a file that is shared is not written to");

    private readonly Lock _gate = new();
    private readonly SafeFileHandle _handle;
    private readonly FileMark _mark;
    private readonly Manifest _manifest;
    private readonly PieceMap _verified;
    private volatile bool _hasChanged;

    /// <param name="path">Where it is.</param>
    /// <param name="mark">What it was when it was hashed.</param>
    /// <param name="manifest">The content.</param>
    /// <param name="isVerified">Every piece was verified since.</param>
    public SharedContent(string path, FileMark mark, Manifest manifest, bool isVerified = false)
    {
        _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        (_mark, _manifest, _verified) = (mark, manifest, isVerified ? PieceMap.Full(manifest.PieceCount) : new PieceMap(manifest.PieceCount));
        Look();
    }

    public long Length => _manifest.Length;

    public int PieceLength => _manifest.PieceLength;

    public Manifest? Manifest => _manifest;

    public bool IsWhole => !_hasChanged;

    public PieceMap Pieces => _hasChanged ? new PieceMap(_manifest.PieceCount) : PieceMap.Full(_manifest.PieceCount);

    public Outcome<bool> Write(int piece, ReadOnlySpan<byte> data) => ReadOnly;

    public Outcome<bool> WriteLeaves(LeafHashes leaves, int first, ReadOnlySpan<byte> data) => ReadOnly;

    public Outcome<LeafHashes> LeavesOf(int piece)
    {
        var data = System.Buffers.ArrayPool<byte>.Shared.Rent(_manifest.LengthOfPiece(piece));
        try
        {
            var span = data.AsSpan(0, _manifest.LengthOfPiece(piece));
            if (Look() && ReadFully(span, (long)piece * PieceLength) && LeafHashes.Of(piece, span, Length, PieceLength) is var leaves
                && leaves.PieceHash == _manifest.Pieces[piece])
            {
                lock (_gate)
                {
                    _verified.Set(piece);
                }

                return leaves;
            }

            _hasChanged = true;
            return new Failure(FailureKind.Damaged, $"piece {piece} of {_manifest.Root} is not what it was: the file was changed");
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(data);
        }
    }

    public long AvailableFrom(long offset) => _hasChanged ? 0 : Math.Max(0, Length - offset);

    public Task<bool> WaitForMoreAsync(long offset, CancellationToken cancellation) => Task.FromResult(!_hasChanged && offset < Length);

    public ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellation)
    {
        var count = (int)Math.Min(buffer.Length, AvailableFrom(offset));
        if (count == 0 || !Look())
        {
            return new ValueTask<int>(0);
        }

        // No further than the piece that it begins in: to verify many before the first byte goes out would keep whoever asked waiting.
        var piece = (int)(offset / PieceLength);
        count = (int)Math.Min(count, ((piece + 1L) * PieceLength) - offset);
        if (!IsVerified(piece) && !Verify(piece))
        {
            return new ValueTask<int>(0);
        }

        var read = ReadFully(buffer.Span[..count], offset);
        return new ValueTask<int>(read && Look() ? count : 0);
    }

    public Outcome<bool> Attach(Manifest manifest) => ReadOnly;

    public Outcome<bool> Recheck(int piece) => !_hasChanged && Verify(piece);

    public Failure? Sync() => null;

    public void Dispose() => _handle.Dispose();

    private bool IsVerified(int piece)
    {
        lock (_gate)
        {
            return _verified[piece];
        }
    }

    private bool Verify(int piece)
    {
        var data = System.Buffers.ArrayPool<byte>.Shared.Rent(_manifest.LengthOfPiece(piece));
        try
        {
            var span = data.AsSpan(0, _manifest.LengthOfPiece(piece));
            if (!ReadFully(span, (long)piece * PieceLength) || !_manifest.Verifies(piece, span))
            {
                _hasChanged = true;
                return false;
            }

            lock (_gate)
            {
                _verified.Set(piece);
            }

            return true;
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(data);
        }
    }

    private bool ReadFully(Span<byte> buffer, long offset)
    {
        try
        {
            for (var done = 0; done < buffer.Length;)
            {
                var count = RandomAccess.Read(_handle, buffer[done..], offset + done);
                if (count == 0)
                {
                    _hasChanged = true;
                    return false;
                }

                done += count;
            }

            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _hasChanged = true;
            return false;
        }
    }

    /// <summary>Whether it is still what it was when it was hashed.</summary>
    private bool Look()
    {
        if (!_hasChanged)
        {
            try
            {
                _hasChanged = RandomAccess.GetLength(_handle) != _mark.Length || File.GetLastWriteTimeUtc(_handle) != _mark.Modified.UtcDateTime;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                _hasChanged = true;
            }
        }

        return !_hasChanged;
    }
}
