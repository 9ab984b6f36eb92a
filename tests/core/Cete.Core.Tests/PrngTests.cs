namespace Cete.Core.Tests;

/// <summary>
/// The sequences are a promise: seeds kept in files must replay for ever. The values come from a Python rendering of Vigna's
/// splitmix64.c and xoshiro256starstar.c, itself held against the published vectors of both.
/// </summary>
public sealed class PrngTests
{
    [Theory]
    [InlineData(
        0UL, new ulong[] { 0x99EC5F36CB75F2B4, 0xBF6E1F784956452A, 0x1A5F849D4933E6E0, 0x6AA594F1262D2D2C, 0xBBA5AD4A1F842E59 }, 0x7AAC8C483A2EDD2F)]
    [InlineData(
        1UL, new ulong[] { 0xB3F2AF6D0FC710C5, 0x853B559647364CEA, 0x92F89756082A4514, 0x642E1C7BC266A3A7, 0xB27A48E29A233673 }, 0xB8517C33C344D153)]
    [InlineData(
        42UL, new ulong[] { 0x15780B2E0C2EC716, 0x6104D9866D113A7E, 0xAE17533239E499A1, 0xECB8AD4703B360A1, 0xFDE6DC7FE2EC5E64 }, 0x8DE5848C61AB8968)]
    [InlineData(
        ulong.MaxValue, new ulong[] { 0x8F5520D52A7EAD08, 0xC476A018CAA1802D, 0x81DE31C0D260469E, 0xBF658D7E065F3C2F, 0x913593FDA1BCA32A }, 0xC3C93EA5CDE434CC)]
    public void Sequence_of_a_seed_never_changes(ulong seed, ulong[] first, ulong thousandth)
    {
        var prng = new Prng(seed);
        Assert.Equal(first, Enumerable.Range(0, first.Length).Select(_ => prng.NextBits()).ToArray());
        for (var i = first.Length; i < 999; i++)
        {
            _ = prng.NextBits();
        }

        Assert.Equal(thousandth, prng.NextBits());
    }

    [Fact]
    public void Bounded_numbers_of_a_seed_never_change()
    {
        // The last bound makes Lemire's method throw draws away.
        long[] bounds = [1, 2, 10, 1000, 1L << 40, long.MaxValue, 3L << 61, 3L << 61, 3L << 61, 3L << 61];
        long[] expected =
        [
            0, 0, 8, 981, 1089462398078, 8049918741117453859, 420254273381114143, 722437603611755698, 3744926077513614488, 6495321785071571886,
        ];
        var prng = new Prng(7);
        Assert.Equal(expected, bounds.Select(prng.Next).ToArray());
    }

    [Fact]
    public void Fill_takes_bits_in_little_endian_and_covers_odd_lengths()
    {
        var bytes = new byte[19];
        new Prng(7).Fill(bytes);
        Assert.Equal("5a76f94ef7fa58b3d22c484f963d5c4796792c", Convert.ToHexStringLower(bytes));
    }

    [Fact]
    public void Split_gives_a_sequence_of_its_own()
    {
        var parent = new Prng(7);
        Assert.Equal(0x214C58958CA2A8A5UL, parent.Split().NextBits());
        Assert.Equal(0x475C3D964F482CD2UL, parent.NextBits());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(100)]
    public void Bounded_numbers_stay_in_bounds_and_are_even(int bound)
    {
        const int Draws = 100_000;
        var prng = new Prng(2026);
        var counts = new int[bound];
        for (var i = 0; i < Draws; i++)
        {
            counts[prng.Next(bound)]++;
        }

        var expected = (double)Draws / bound;
        var chiSquare = counts.Sum(count => Math.Pow(count - expected, 2) / expected);
        Assert.True(chiSquare < bound + (6 * Math.Sqrt(2 * bound)), $"chi square {chiSquare} of {bound} cells");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    public void Bounds_below_one_are_a_bug(long bound) => Assert.Throws<CheckFailedException>(() => new Prng(0).Next(bound));

    [Fact]
    public void Chance_is_sure_at_its_ends()
    {
        var prng = new Prng(3);
        Assert.All(Enumerable.Range(0, 1000), _ =>
        {
            Assert.True(prng.Chance(5, 5));
            Assert.False(prng.Chance(0, 5));
        });
    }
}
