using Cete.Core;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.App.Compose.Caching;

/// <summary>A content of the cache as others get it: what they read is counted.</summary>
internal sealed class CachedContent(IContentFile content, Action<int> read) : IContentFile
{
    public long Length => content.Length;

    public int PieceLength => content.PieceLength;

    public Manifest? Manifest => content.Manifest;

    public bool IsWhole => content.IsWhole;

    public PieceMap Pieces => content.Pieces;

    public Outcome<bool> Write(int piece, ReadOnlySpan<byte> data) => content.Write(piece, data);

    public Outcome<bool> WriteLeaves(LeafHashes leaves, int first, ReadOnlySpan<byte> data) => content.WriteLeaves(leaves, first, data);

    public Outcome<LeafHashes> LeavesOf(int piece) => content.LeavesOf(piece);

    public long AvailableFrom(long offset) => content.AvailableFrom(offset);

    public Task<bool> WaitForMoreAsync(long offset, CancellationToken cancellation) => content.WaitForMoreAsync(offset, cancellation);

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellation)
    {
        var count = await content.ReadAsync(buffer, offset, cancellation);
        read(count);
        return count;
    }

    public Outcome<bool> Attach(Manifest manifest) => content.Attach(manifest);

    public Outcome<bool> Recheck(int piece) => content.Recheck(piece);

    public Failure? Sync() => content.Sync();

    public void Dispose() => content.Dispose();
}
