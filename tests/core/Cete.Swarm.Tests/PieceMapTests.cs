using Cete.Core;

namespace Cete.Swarm.Tests;

public sealed class PieceMapTests
{
    [Fact]
    public void Random_operations_agree_with_a_set()
    {
        for (ulong seed = 0; seed < Seeds.Count(200); seed++)
        {
            try
            {
                Run(new Prng(seed));
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"seed {seed}", error);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(64)]
    [InlineData(65)]
    public void Full_and_empty_maps_have_the_runs_that_one_expects(int count)
    {
        var empty = new PieceMap(count);
        var full = PieceMap.Full(count);
        Assert.Equal([(0, count)], empty.MissingRuns());
        Assert.Empty(full.MissingRuns());
        Assert.True(full.IsFull && full.Have == count && !empty.IsFull && empty.Have == 0);
        Assert.Equal(count, full.NextMissing(0));
        Assert.Equal(count, empty.NextPresent(0));
    }

    [Fact]
    public void The_first_piece_is_the_highest_bit_as_in_BEP_3()
    {
        var map = new PieceMap(10);
        map.Set(0);
        map.Set(9);
        Assert.Equal([0x80, 0x40], map.ToBytes());
        Assert.Equal((1, (byte)0x40), map.ByteOf(9));
    }

    [Fact]
    public void Bits_past_the_end_do_not_count()
    {
        var map = PieceMap.FromBytes(10, [0xFF, 0xFF, 0xFF]);
        Assert.Equal(10, map.Have);
        Assert.True(map.IsFull);
        Assert.Equal([0xFF, 0xC0], map.ToBytes());
        Assert.Throws<CheckFailedException>(() => PieceMap.FromBytes(10, [0xFF]));
    }

    [Fact]
    public void Pieces_out_of_bounds_are_a_bug()
    {
        var map = new PieceMap(10);
        Assert.All((int[])[-1, 10, 15, 16, int.MaxValue], piece =>
        {
            Assert.Throws<CheckFailedException>(() => map.Set(piece));
            Assert.Throws<CheckFailedException>(() => map.Clear(piece));
            Assert.Throws<CheckFailedException>(() => map[piece]);
        });
        Assert.Throws<CheckFailedException>(() => new PieceMap(0));
    }

    [Fact]
    public void A_copy_goes_its_own_way()
    {
        var map = new PieceMap(3);
        var copy = map.Copy();
        map.Set(1);
        Assert.False(copy[1]);
    }

    private static void Run(Prng prng)
    {
        var count = 1 + prng.Next(80);
        var map = new PieceMap(count);
        HashSet<int> model = [];
        for (var step = 0; step < 200; step++)
        {
            var piece = prng.Next(count);
            if (prng.Chance(1, 2))
            {
                Assert.Equal(model.Add(piece), map.Set(piece));
            }
            else
            {
                Assert.Equal(model.Remove(piece), map.Clear(piece));
            }

            Assert.Equal(model.Contains(piece), map[piece]);
            Assert.Equal(model.Count, map.Have);
            var from = prng.Next(count + 1);
            var after = Enumerable.Range(from, count - from);
            Assert.Equal(after.Where(p => !model.Contains(p)).DefaultIfEmpty(count).First(), map.NextMissing(from));
            Assert.Equal(after.Where(model.Contains).DefaultIfEmpty(count).First(), map.NextPresent(from));
            Assert.Equal(Runs(model, count), map.MissingRuns());
            Assert.Equal(map.ToBytes(), PieceMap.FromBytes(count, map.ToBytes()).ToBytes());
            Assert.Equal(map.Have, map.Copy().Have);
        }
    }

    private static List<(int First, int Count)> Runs(HashSet<int> model, int count)
    {
        List<(int First, int Count)> runs = [];
        for (var piece = 0; piece < count; piece++)
        {
            if (model.Contains(piece))
            {
                continue;
            }

            if (runs.Count > 0 && runs[^1].First + runs[^1].Count == piece)
            {
                runs[^1] = (runs[^1].First, runs[^1].Count + 1);
            }
            else
            {
                runs.Add((piece, 1));
            }
        }

        return runs;
    }
}
