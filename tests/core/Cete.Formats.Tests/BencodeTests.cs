using System.Text;
using Cete.Core;
using Cete.Formats.Torrents;

namespace Cete.Formats.Tests;

public sealed class BencodeTests
{
    [Fact]
    public void What_BEP_3_shows_is_written()
    {
        Assert.Equal("4:spam", Write(w => w.Bytes("spam"u8)));
        Assert.Equal("0:", Write(w => w.Bytes([])));
        Assert.Equal("i3ei-3ei0e", Write(w =>
        {
            w.Number(3);
            w.Number(-3);
            w.Number(0);
        }));
        Assert.Equal("i9223372036854775807e", Write(w => w.Number(long.MaxValue)));
        Assert.Equal("l4:spam4:eggse", Write(w =>
        {
            w.BeginList();
            w.Text("spam");
            w.Text("eggs");
            w.End();
        }));
        Assert.Equal("d3:cow3:moo4:spaml1:a1:bee", Write(w =>
        {
            w.BeginDictionary();
            w.Field("cow"u8, "moo");
            w.Key("spam"u8);
            w.BeginList();
            w.Text("a");
            w.Text("b");
            w.End();
            w.End();
        }));
    }

    [Fact]
    public void Bytes_stay_bytes_and_text_is_UTF_8()
    {
        var writer = new BencodeWriter();
        writer.Bytes([0, 0xFF, (byte)':', (byte)'e']);
        writer.Text("é");
        Assert.Equal([(byte)'4', (byte)':', 0, 0xFF, (byte)':', (byte)'e', (byte)'2', (byte)':', 0xC3, 0xA9], writer.Written.ToArray());
    }

    [Theory]
    [InlineData("b", "a")]
    [InlineData("a", "a")]
    [InlineData("é", "z")]
    [InlineData("ab", "a")]
    public void Keys_out_of_order_are_a_bug(string first, string second)
    {
        var writer = new BencodeWriter();
        writer.BeginDictionary();
        writer.Field(Encoding.UTF8.GetBytes(first), 1);
        Assert.Throws<CheckFailedException>(() => writer.Field(Encoding.UTF8.GetBytes(second), 2));
    }

    [Fact]
    public void Each_dictionary_has_an_order_of_its_own()
    {
        var text = Write(w =>
        {
            w.BeginDictionary();
            w.Key("z"u8);
            w.BeginDictionary();
            w.Field("a"u8, 1);
            w.End();
            w.Field("zz"u8, 2);
            w.End();
        });
        Assert.Equal("d1:zd1:ai1ee2:zzi2ee", text);
    }

    [Fact]
    public void A_key_in_a_list_is_a_bug()
    {
        var writer = new BencodeWriter();
        writer.BeginList();
        Assert.Throws<CheckFailedException>(() => writer.Key("a"u8));
    }

    private static string Write(Action<BencodeWriter> write)
    {
        var writer = new BencodeWriter();
        write(writer);
        return Encoding.UTF8.GetString(writer.Written);
    }
}
