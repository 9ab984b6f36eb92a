namespace Cete.Core.Tests;

public sealed class Base32Tests
{
    /// <summary>RFC 4648 §10, without the padding.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "my")]
    [InlineData("fo", "mzxq")]
    [InlineData("foo", "mzxw6")]
    [InlineData("foob", "mzxw6yq")]
    [InlineData("fooba", "mzxw6ytb")]
    [InlineData("foobar", "mzxw6ytboi")]
    public void Its_texts_are_those_of_the_RFC(string plain, string text) =>
        Assert.Equal(text, Base32.Encode(System.Text.Encoding.ASCII.GetBytes(plain)));

    [Fact]
    public void Any_bytes_come_back_from_either_case()
    {
        var prng = new Prng(11);
        for (var i = 0; i < 2_000; i++)
        {
            var bytes = new byte[prng.Next(70)];
            prng.Fill(bytes);
            var text = Base32.Encode(bytes);
            var read = new byte[Base32.ByteLength(text.Length)];
            Assert.True(Base32.TryDecode(prng.Chance(1, 2) ? text : text.ToUpperInvariant(), read));
            Assert.Equal(bytes, read);
        }
    }

    [Theory]
    [InlineData("a")] // no bytes have that length
    [InlineData("mz1q")]
    [InlineData("mzxr")] // the last bits are not zero
    [InlineData("mzx=")]
    [InlineData("mzxé")]
    public void What_no_bytes_encode_to_is_refused(string text) => Assert.False(Base32.TryDecode(text, new byte[Base32.ByteLength(text.Length)]));
}
