using Cete.Core;
using Cete.Swarm.Caching;

namespace Cete.Swarm.Tests.Caching;

public sealed class FrequencySketchTests
{
    [Fact]
    public void It_counts_to_sixteen()
    {
        var sketch = new FrequencySketch(1000, seed: 1);
        for (var i = 1; i <= 40; i++)
        {
            sketch.Add(CachePolicyTests.Root(1), long.MaxValue);
            Assert.Equal(Math.Min(i, FrequencySketch.CountMax), sketch.CountOf(CachePolicyTests.Root(1)));
        }

        Assert.Equal(0, sketch.CountOf(CachePolicyTests.Root(2)));
    }

    [Fact]
    public void It_never_counts_too_few_and_seldom_too_many()
    {
        var sketch = new FrequencySketch(4096, seed: 1);
        var counts = new int[4096];
        var chance = new Prng(1);
        for (var i = 0; i < 8 * counts.Length; i++)
        {
            var content = chance.Next(chance.Next(counts.Length) + 1);
            counts[content]++;
            sketch.Add(CachePolicyTests.Root(content), long.MaxValue);
        }

        var wrong = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            var told = sketch.CountOf(CachePolicyTests.Root(i));
            Assert.True(told >= Math.Min(counts[i], FrequencySketch.CountMax));
            wrong += told > Math.Min(counts[i], FrequencySketch.CountMax) + 1 ? 1 : 0;
        }

        Assert.InRange(wrong, 0, counts.Length / 50);
    }

    [Fact]
    public void What_was_counted_is_halved()
    {
        var sketch = new FrequencySketch(1000, seed: 1);
        for (var i = 0; i < 9; i++)
        {
            sketch.Add(CachePolicyTests.Root(1), period: 9);
        }

        // One of the nine was the doorkeeper's, which forgets all.
        Assert.Equal((1, 4), (sketch.Halvings, sketch.CountOf(CachePolicyTests.Root(1))));
    }
}
