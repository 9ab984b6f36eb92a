using System.Text;

namespace Cete.Core.Tests;

public sealed class Hash256Tests
{
    private const string OfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Fact]
    public void Hash_is_that_of_the_standard()
    {
        Assert.Equal(OfAbc, Hash256.Of("abc"u8).ToString());
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Hash256.Of([]).ToString());
    }

    [Fact]
    public void Hash_of_two_is_that_of_their_bytes_in_order()
    {
        var (a, b) = (Hash256.Of("a"u8), Hash256.Of("b"u8));
        Assert.Equal(Hash256.Of([.. a.ToArray(), .. b.ToArray()]), Hash256.Of(a, b));
        Assert.NotEqual(Hash256.Of(a, b), Hash256.Of(b, a));
    }

    [Fact]
    public void Text_and_bytes_round_trip()
    {
        var prng = new Prng(11);
        for (var i = 0; i < 1000; i++)
        {
            var bytes = new byte[Hash256.Size];
            prng.Fill(bytes);
            var hash = new Hash256(bytes);
            Assert.Equal(bytes, hash.ToArray());
            Assert.Equal(Convert.ToHexStringLower(bytes), hash.ToString());
            Assert.True(Hash256.TryParse(hash.ToString(), out var lower) && lower == hash);
            Assert.True(Hash256.TryParse(hash.ToString().ToUpperInvariant(), out var upper) && upper == hash);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015add")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ag")]
    [InlineData(" a7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a\u0661")]
    public void Text_of_another_form_is_refused(string? text)
    {
        Assert.False(Hash256.TryParse(text, out var hash));
        Assert.Equal(default, hash);
    }

    [Fact]
    public void Order_is_that_of_the_bytes()
    {
        var prng = new Prng(12);
        for (var i = 0; i < 2000; i++)
        {
            var (a, b) = (new byte[32], new byte[32]);
            prng.Fill(a);
            a.CopyTo(b, 0);
            b[prng.Next(32)] = (byte)prng.Next(256);
            var expected = Math.Sign(a.AsSpan().SequenceCompareTo(b));
            var (left, right) = (new Hash256(a), new Hash256(b));
            Assert.Equal(expected, Math.Sign(left.CompareTo(right)));
            Assert.Equal(expected < 0, left < right);
            Assert.Equal(expected > 0, left > right);
            Assert.Equal(expected <= 0, left <= right);
            Assert.Equal(expected >= 0, left >= right);
            Assert.Equal(expected == 0, left == right);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void Bytes_of_another_length_are_a_bug(int length) => Assert.Throws<CheckFailedException>(() => new Hash256(new byte[length]));

    [Fact]
    public void Default_is_all_zero_bytes() => Assert.Equal(new string('0', 64), default(Hash256).ToString());

    [Fact]
    public void Equal_values_have_equal_hash_codes() =>
        Assert.Equal(Hash256.Of(Encoding.UTF8.GetBytes("abc")).GetHashCode(), Hash256.Of("abc"u8).GetHashCode());
}
