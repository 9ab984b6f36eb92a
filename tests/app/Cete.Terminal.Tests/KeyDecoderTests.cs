using System.Text;
using Cete.App.Verbs.Open.Keys;

namespace Cete.Terminal.Tests;

/// <summary>What terminals send for keys.</summary>
public sealed class KeyDecoderTests
{
    [Theory]
    [InlineData("\u001b[A", nameof(KeyKind.Up))]
    [InlineData("\u001bOB", nameof(KeyKind.Down))]
    [InlineData("\u001b[1;5C", nameof(KeyKind.Right))]
    [InlineData("\u001b[3~", nameof(KeyKind.Delete))]
    [InlineData("\u001b[5~", nameof(KeyKind.PageUp))]
    [InlineData("\u001b[Z", nameof(KeyKind.BackTab))]
    [InlineData("\u001b[H", nameof(KeyKind.Home))]
    [InlineData("\u001b[4~", nameof(KeyKind.End))]
    [InlineData("\u001bOP", nameof(KeyKind.Help))]
    [InlineData("\r", nameof(KeyKind.Enter))]
    [InlineData("\t", nameof(KeyKind.Tab))]
    [InlineData("\u007f", nameof(KeyKind.Backspace))]
    [InlineData("\u001b[99;99X", nameof(KeyKind.Unknown))]
    public void Sequences_are_keys_however_they_come(string bytes, string kind)
    {
        Assert.Equal(kind, Assert.Single(Decode(bytes)).Kind.ToString());
        var decoder = new KeyDecoder();
        Assert.Equal(kind, Assert.Single(Encoding.UTF8.GetBytes(bytes).SelectMany(one => decoder.Take([one]))).Kind.ToString());
    }

    [Fact]
    public void Letters_of_all_scripts_come_whole()
    {
        Assert.Equal(["a", "ä", "日", "😀"], Decode("aä日😀").Select(key => key.Text));
        Assert.True(Assert.Single(Decode("\u0013")).IsControl('s'));
    }

    [Fact]
    public void Escape_alone_is_told_when_nothing_follows()
    {
        var decoder = new KeyDecoder();
        Assert.Empty(decoder.Take([0x1B]));
        Assert.True(decoder.IsWaiting);
        Assert.Equal(KeyKind.Escape, Assert.Single(decoder.Flush()).Kind);
        Assert.Equal([KeyKind.Escape, KeyKind.Text], Decode("\u001bx").Select(key => key.Kind));
    }

    [Fact]
    public void What_is_pasted_is_one_text_and_no_keys()
    {
        var key = Assert.Single(Decode("\u001b[200~q\r\nmore \u001b[31m\u001b[201~"));
        Assert.Equal((KeyKind.Text, "q\nmore \u001b[31m"), (key.Kind, key.Text));
        Assert.Equal(KeyKind.Escape, Decode("\u001b[200~a\u001b\u001b[201~\u001b")[^1].Kind);
    }

    [Fact]
    public void Bytes_of_no_terminal_do_no_harm()
    {
        Assert.All(Decode("\u001b[" + new string('1', 5_000)), key => Assert.True(key.Kind is KeyKind.Unknown or KeyKind.Text));
        var decoder = new KeyDecoder();
        var keys = decoder.Take([0xFF, 0xC3, 0x28, 0x80, 0xED, 0xA0, 0x80]).Concat(decoder.Flush()).ToList();
        Assert.All(keys.Where(key => key.Kind == KeyKind.Text), key => Assert.DoesNotContain(key.Text, char.IsSurrogate));
    }

    private static List<Key> Decode(string bytes)
    {
        var decoder = new KeyDecoder();
        List<Key> keys = [.. decoder.Take(Encoding.UTF8.GetBytes(bytes))];
        return decoder.IsWaiting ? [.. keys, .. decoder.Flush()] : keys;
    }
}
