using Cete.Core;

namespace Cete.Swarm.Tests;

public sealed class PieceLayerTests
{
    private const int Leaf = Merkle.LeafSize;

    [Theory]
    [InlineData(Leaf, Leaf)]
    [InlineData(Leaf, 2 * Leaf)]
    [InlineData(Leaf, 16 * Leaf)]
    [InlineData(4 * Leaf, 8 * Leaf)]
    public void A_coarser_layer_is_that_of_longer_pieces(int from, int to)
    {
        foreach (var length in new[] { to + 1, (2 * to) - 1, 2 * to, (5 * to) + 7, (7 * to) + from, 8 * to })
        {
            var content = TextbookTree.Pattern(length);
            var layer = new PieceLayer(TextbookTree.Layer(content, from).SelectMany(hash => hash).ToArray());
            Assert.Equal(TextbookTree.Layer(content, to).SelectMany(hash => hash), layer.AtPieceLength(from, to).Bytes.ToArray());
        }
    }

    [Fact]
    public void A_layer_cannot_be_made_finer() =>
        Assert.Throws<CheckFailedException>(() => new PieceLayer(new byte[64]).AtPieceLength(2 * Leaf, Leaf));
}
