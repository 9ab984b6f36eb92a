using System.Text;
using Cete.Core;
using Cete.Storage.Log;

namespace Cete.Storage.Tests.Log;

public sealed class Crc32CTests
{
    [Fact]
    public void Checksums_are_those_of_RFC_3720()
    {
        Assert.Equal(0xE3069283U, Crc32C.Of(Encoding.ASCII.GetBytes("123456789")));
        Assert.Equal(0x8A9136AAU, Crc32C.Of(new byte[32]));
        Assert.Equal(0x62A8AB43U, Crc32C.Of([.. Enumerable.Repeat((byte)0xFF, 32)]));
        Assert.Equal(0x46DD794EU, Crc32C.Of([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
        Assert.Equal(0U, Crc32C.Of([]));
    }

    [Fact]
    public void A_checksum_in_parts_is_that_of_the_whole()
    {
        var bytes = new byte[100];
        new Prng(1).Fill(bytes);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal(Crc32C.Of(bytes), Crc32C.Of(bytes.AsSpan(cut), Crc32C.Of(bytes.AsSpan(0, cut))));
        }
    }
}
