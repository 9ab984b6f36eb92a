using Cete.Core;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.Web.Tests.Support;

/// <summary>A store that claims to hold every content it is asked for, each as long as a manifest of 16 GiB allows; none of it can be read.</summary>
internal sealed class HugeContents(IContentStore behind) : IContentStore
{
    public const long Length = (long)PieceLengths.CountMax * PieceLengths.Shortest;

    private static readonly Manifest Claimed =
        Manifest.FromPieces(Length, PieceLengths.Shortest, new PieceLayer(new byte[PieceLengths.CountMax * Hash256.Size]));

    public IContentFile? Find(in Hash256 root) => new Huge();

    public Outcome<IContentFile> Begin(Manifest manifest) => behind.Begin(manifest);

    public Outcome<IContentFile> BeginUpload(string id, long length) => behind.BeginUpload(id, length);

    public IContentFile? FindUpload(string id) => behind.FindUpload(id);

    public int ReadSmall(in Hash256 root, Span<byte> buffer) => -1;

    public Outcome<Hash256> PutSmall(ReadOnlySpan<byte> content) => behind.PutSmall(content);

    public Outcome<Hash256> Finish(string id) => behind.Finish(id);

    public Failure? SyncNames() => behind.SyncNames();

    private sealed class Huge : IContentFile
    {
        public long Length => Claimed.Length;

        public int PieceLength => Claimed.PieceLength;

        public Manifest? Manifest => Claimed;

        public bool IsWhole => true;

        public PieceMap Pieces => throw new NotSupportedException();

        public Outcome<bool> Write(int piece, ReadOnlySpan<byte> data) => throw new NotSupportedException();

        public Outcome<bool> WriteLeaves(LeafHashes leaves, int first, ReadOnlySpan<byte> data) => throw new NotSupportedException();

        public Outcome<LeafHashes> LeavesOf(int piece) => throw new NotSupportedException();

        public long AvailableFrom(long offset) => throw new NotSupportedException();

        public Task<bool> WaitForMoreAsync(long offset, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellation) => throw new NotSupportedException();

        public Outcome<bool> Attach(Manifest manifest) => throw new NotSupportedException();

        public Outcome<bool> Recheck(int piece) => throw new NotSupportedException();

        public Failure? Sync() => null;

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
