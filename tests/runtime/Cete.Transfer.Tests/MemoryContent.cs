using Cete.Core;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.Transfer.Tests;

/// <summary>A download's target that remembers which pieces came.</summary>
internal sealed class MemoryContent(Manifest manifest) : IContentFile
{
    private readonly Lock _gate = new();
    private readonly PieceMap _map = new(manifest.PieceCount);

    public long Length => manifest.Length;

    public int PieceLength => manifest.PieceLength;

    public Manifest? Manifest => manifest;

    public bool IsWhole => Pieces.IsFull;

    public PieceMap Pieces
    {
        get
        {
            lock (_gate)
            {
                return _map.Copy();
            }
        }
    }

    /// <summary>Content of so many pieces of the shortest length; its bytes are of no interest.</summary>
    public static Manifest NewManifest(int pieces)
    {
        var layer = new byte[pieces * Hash256.Size];
        new Prng(17).Fill(layer);
        return Swarm.Manifest.FromPieces((long)pieces * PieceLengths.Shortest, PieceLengths.Shortest, new PieceLayer(layer));
    }

    public Outcome<bool> Write(int piece, ReadOnlySpan<byte> data)
    {
        lock (_gate)
        {
            return _map.Set(piece);
        }
    }

    public Outcome<bool> WriteLeaves(LeafHashes leaves, int first, ReadOnlySpan<byte> data) => throw new NotSupportedException();

    public Outcome<LeafHashes> LeavesOf(int piece) => throw new NotSupportedException();

    public long AvailableFrom(long offset) => 0;

    public Task<bool> WaitForMoreAsync(long offset, CancellationToken cancellation) => Task.FromResult(false);

    public ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellation) => ValueTask.FromResult(0);

    public Outcome<bool> Attach(Manifest manifest) => true;

    public Outcome<bool> Recheck(int piece) => true;

    public Failure? Sync() => null;

    public void Dispose()
    {
        // Nothing is held.
    }
}
