using System.Buffers;
using Cete.Core;
using Cete.Ports;
using Cete.Swarm;
using Microsoft.Win32.SafeHandles;

namespace Cete.Storage.Local;

/// <summary>An open file of the user's. Nobody is kept from changing it; whether it did is asked at the end.</summary>
internal sealed class LocalFile : ILocalFile
{
    /// <summary>Bytes read at once for hashing: whole leaves that stay in the cache of a core until they are hashed.</summary>
    private const int ReadSize = PieceLengths.Shortest;

    private readonly SafeFileHandle _handle;
    private readonly string _path;
    private readonly DateTime _modified;
    private readonly int _pieceLength;

    public LocalFile(string path)
    {
        _path = path;
        _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Length = RandomAccess.GetLength(_handle);
        _modified = File.GetLastWriteTimeUtc(_handle);
        _pieceLength = PieceLengths.For(Length);
    }

    public long Length { get; }

    public bool HasChanged => RandomAccess.GetLength(_handle) != Length || File.GetLastWriteTimeUtc(_handle) != _modified;

    private int PieceCount => Manifest.CountPieces(Length, _pieceLength);

    public Outcome<byte[]> ReadAll()
    {
        var bytes = new byte[Length];
        var failure = ReadFully(bytes, 0);
        return failure is null ? bytes : failure;
    }

    public Outcome<Hash256> HashPiece(int piece)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            var hasher = new PieceHasher(Length, _pieceLength);
            var offset = (long)piece * _pieceLength;
            var end = offset + Manifest.LengthOfPiece(piece, Length, _pieceLength);
            while (offset < end)
            {
                var part = buffer.AsSpan(0, (int)Math.Min(ReadSize, end - offset));
                if (ReadFully(part, offset) is { } failure)
                {
                    return failure;
                }

                hasher.Append(part);
                offset += part.Length;
            }

            return hasher.Finish();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public async Task<Outcome<Manifest>> HashAsync(Action<long> hashed, CancellationToken cancellation)
    {
        var layer = new byte[PieceCount * Hash256.Size];
        var next = -1;
        var done = 0L;
        Failure? failure = null;

        // Pieces are independent, so each core takes the next one that nobody has: no order, no hand-over between threads.
        void HashSome()
        {
            for (var piece = Interlocked.Increment(ref next); piece < PieceCount && failure is null; piece = Interlocked.Increment(ref next))
            {
                cancellation.ThrowIfCancellationRequested();
                var hash = HashPiece(piece);
                if (!hash.Succeeded)
                {
                    failure = hash.Failure;
                    return;
                }

                hash.Value.CopyTo(layer.AsSpan(piece * Hash256.Size));
                hashed(Interlocked.Add(ref done, Manifest.LengthOfPiece(piece, Length, _pieceLength)));
            }
        }

        try
        {
            await Task.WhenAll(Enumerable.Range(0, Math.Min(Environment.ProcessorCount, PieceCount)).Select(_ => Task.Run(HashSome, cancellation)));
        }
        catch (OperationCanceledException)
        {
            return new Failure(FailureKind.Cancelled, "stopped on request");
        }

        return failure is null ? Manifest.FromPieces(Length, _pieceLength, new PieceLayer(layer)) : failure;
    }

    public async Task<Failure?> ReadPiecesAsync(
        int first, int count, byte[]? layer, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> send, CancellationToken cancellation)
    {
        Queue<(byte[] Buffer, Task Hashing)> hashing = new();
        try
        {
            for (var piece = first; piece < first + count; piece++)
            {
                var buffer = ArrayPool<byte>.Shared.Rent(_pieceLength);
                var data = buffer.AsMemory(0, Manifest.LengthOfPiece(piece, Length, _pieceLength));
                if (ReadFully(data.Span, (long)piece * _pieceLength) is { } failure)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    return failure;
                }

                var place = piece * Hash256.Size;
                var work = layer is null
                    ? Task.CompletedTask
                    : Task.Run(() => Manifest.HashPiece(data.Span, Length, _pieceLength).CopyTo(layer.AsSpan(place)), CancellationToken.None);
                hashing.Enqueue((buffer, work));
                await send(data, cancellation);
                if (hashing.Count > Environment.ProcessorCount)
                {
                    await FinishOneAsync(hashing);
                }
            }

            return null;
        }
        finally
        {
            while (hashing.Count > 0)
            {
                await FinishOneAsync(hashing);
            }
        }
    }

    public void Dispose() => _handle.Dispose();

    private static async Task FinishOneAsync(Queue<(byte[] Buffer, Task Hashing)> hashing)
    {
        var (buffer, work) = hashing.Dequeue();
        await work;
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private Failure? ReadFully(Span<byte> buffer, long offset)
    {
        try
        {
            for (var done = 0; done < buffer.Length;)
            {
                var count = RandomAccess.Read(_handle, buffer[done..], offset + done);
                if (count == 0)
                {
                    return new Failure(FailureKind.Conflict, $"{EntryName.Show(_path)} became shorter while it was read; put it in again when it is at rest");
                }

                done += count;
            }

            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return LocalFiles.Unreadable(_path, error);
        }
    }
}
