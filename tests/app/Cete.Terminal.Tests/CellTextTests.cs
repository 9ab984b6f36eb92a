using Cete.App.Verbs.Open.Text;

namespace Cete.Terminal.Tests;

/// <summary>Texts of others in a terminal.</summary>
public sealed class CellTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\u001b[31mb", "a\uFFFD[31mb")]
    [InlineData("a\u009b31mb", "a\uFFFD31mb")]
    [InlineData("one\ntwo\tthree\rfour", "one two three four")]
    [InlineData("exe\u202egpj", "exe\uFFFDgpj")]
    [InlineData("a\u200bb\u200d\ufeff\u00ad", "a\uFFFDb\uFFFD\uFFFD\uFFFD")]
    [InlineData("\u2066x\u2069\u061c", "\uFFFDx\uFFFD\uFFFD")]
    [InlineData("\u3164blank\u2800", "\uFFFDblank\uFFFD")]
    [InlineData("caf\u0065\u0301", "caf\u0065\u0301")]
    [InlineData("heart \u2764\ufe0f", "heart \u2764")]
    public void What_could_move_hide_or_turn_text_is_a_sign_in_its_place(string text, string shown) => Assert.Equal(shown, CellText.Line(text));

    [Fact]
    public void Half_a_character_is_a_sign_too() => Assert.Equal("half \uFFFD!", CellText.Line("half \ud83d!"));

    [Fact]
    public void What_stands_on_a_letter_is_bounded_and_stands_on_a_letter()
    {
        var heap = "e" + string.Concat(Enumerable.Repeat("\u0301", 500));
        Assert.Equal(5, CellText.Line(heap).Length);
        Assert.Equal("x", CellText.Line("\u0301x"));
    }

    [Theory]
    [InlineData("abc", 3)]
    [InlineData("日本語", 6)]
    [InlineData("한국", 4)]
    [InlineData("e\u0301", 1)]
    [InlineData("😀", 2)]
    [InlineData("𝒜", 1)]
    [InlineData("│›…", 3)]
    [InlineData("ＡＢ", 4)]
    public void Cells_are_counted_as_terminals_draw_them(string text, int cells) => Assert.Equal(cells, CellWidth.Of(text));

    [Fact]
    public void Text_is_cut_and_filled_to_its_cells()
    {
        Assert.Equal("日…", CellText.Cut("日本語", 4));
        Assert.Equal("日… ", CellText.Fit("日本語", 4));
        Assert.Equal("  ab", CellText.Fit("ab", 4, atRight: true));
        Assert.Equal(string.Empty, CellText.Cut("abc", 0));
    }

    [Fact]
    public void Lines_break_between_words_and_within_those_that_are_too_long()
    {
        Assert.Equal(["one two", "three"], CellText.Wrap("one two three", 8));
        Assert.Equal(["abcdefgh", "ij"], CellText.Wrap("abcdefghij", 8));
        Assert.Equal(["日本語日", "本語"], CellText.Wrap("日本語日本語", 8));
        Assert.Equal(["a", "", "b"], CellText.Wrap("a\n\nb", 8));
        Assert.All(CellText.Wrap(new string('語', 500) + " \u001b[2J " + new string('x', 500), 7), line => Assert.InRange(CellWidth.Of(line), 0, 7));
    }
}
