using Cete.Net.Swarms;
using Cete.Net.Tests.Payments;
using Cete.Net.Tickets;
using Cete.Net.Tls;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.Net.Tests.Swarms;

/// <summary>Contents of a few pieces, and how their leaves come and go.</summary>
internal static class LeafRig
{
    public const int Leaf = Merkle.LeafSize;
    public const int EachPiece = TestContent.PieceLength / Leaf;

    public static LeafHashes Leaves(this TestContent content, int piece) =>
        LeafHashes.Of(piece, content.Piece(piece).Span, content.Bytes.Length, TestContent.PieceLength);

    /// <summary>A leaf, counted through the content.</summary>
    public static ReadOnlyMemory<byte> LeafAt(this TestContent content, int leaf) =>
        content.Bytes.Slice(leaf * Leaf, Math.Min(Leaf, content.Bytes.Length - (leaf * Leaf)));

    public static void WriteLeaf(this TestContent content, IContentFile file, int leaf) =>
        Assert.True(file.WriteLeaves(content.Leaves(leaf / EachPiece), leaf % EachPiece, content.LeafAt(leaf).Span).Succeeded);

    /// <summary>The body that an honest peer sends.</summary>
    public static byte[] Body(this TestContent content, long from, long to)
    {
        var body = new List<byte>();
        for (var leaf = (int)from; leaf < to; leaf++)
        {
            if (leaf == from || leaf % EachPiece == 0)
            {
                body.AddRange(content.Leaves(leaf / EachPiece).Bytes.Span);
            }

            body.AddRange(content.LeafAt(leaf).Span);
        }

        var range = new LeafRange(from, to, content.Bytes.Length, TestContent.PieceLength);
        Assert.Equal(range.BodyLength, body.Count);
        return [.. body];
    }

    /// <summary>A user who fetches from peers.</summary>
    public sealed class Fetcher(PaidWorld world, TimeProvider? clock = null) : IDisposable
    {
        private readonly PeerTransport _peers = new(world, TimeProvider.System);
        private HttpContentClient? _client;

        public void Dispose()
        {
            _client?.Dispose();
            _peers.Dispose();
        }

        public Task<RunResult> FetchAsync(Uri source, Manifest manifest, IContentFile target, int first, int end, Action<int>? taken = null)
        {
            _client ??= new HttpContentClient(TimeSpan.FromMinutes(10), clock ?? TimeProvider.System, TlsTrust.OfSystem, null, _peers);
            return _client.FetchAsync(
                new PieceRun(source, manifest, first, end), target, taken ?? (_ => { }), TestContext.Current.CancellationToken);
        }
    }
}
