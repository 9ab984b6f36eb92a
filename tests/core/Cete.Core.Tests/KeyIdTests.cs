namespace Cete.Core.Tests;

public sealed class KeyIdTests
{
    [Fact]
    public void Its_text_is_base32_as_in_RFC_4648()
    {
        // Section 10: "foobar" is MZXW6YTBOI; twenty bytes need no padding.
        var id = new KeyId("foobarfoobarfoobarfo"u8);
        Assert.StartsWith("mzxw6ytbo", id.ToString(), StringComparison.Ordinal);
        Assert.Equal(KeyId.TextLength, id.ToString().Length);
        Assert.True(KeyId.TryParse(id.ToString().ToUpperInvariant(), out var read));
        Assert.Equal(id, read);
    }

    [Fact]
    public void Any_twenty_bytes_come_back_from_text()
    {
        var prng = new Prng(7);
        var bytes = new byte[KeyId.Size];
        for (var i = 0; i < 1_000; i++)
        {
            prng.Fill(bytes);
            var id = new KeyId(bytes);
            Assert.Equal(bytes, id.ToArray());
            Assert.True(KeyId.TryParse(id.ToString(), out var read));
            Assert.Equal(id, read);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=")]
    public void What_is_no_id_is_refused(string? text) => Assert.False(KeyId.TryParse(text, out _));

    [Fact]
    public void Ids_are_ordered_as_their_bytes()
    {
        var prng = new Prng(3);
        var ids = Enumerable.Range(0, 200).Select(_ =>
        {
            var bytes = new byte[KeyId.Size];
            prng.Fill(bytes);
            return new KeyId(bytes);
        }).ToList();
        Assert.Equal(
            ids.OrderBy(id => Convert.ToHexString(id.ToArray()), StringComparer.Ordinal),
            ids.Order());
    }
}
