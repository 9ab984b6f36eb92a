using Cete.Core;

namespace Cete.Index.Tests;

public sealed class HighlighterTests
{
    [Theory]
    [InlineData("holi", "MyHoliday2026.jpg", "My[Holi]day2026.jpg")]
    [InlineData("2026 jpg", "MyHoliday2026.jpg", "MyHoliday[2026].[jpg]")]
    [InlineData("day", "MyHoliday2026.jpg", "MyHoliday2026.jpg")]
    [InlineData("cafe", "Caf\u00e9, CAFE\u0301s", "[Caf\u00e9], [CAFE\u0301]s")]
    [InlineData("caf\u00e9", "cafe", "[cafe]")]
    [InlineData("\"quick brown\" -fox", "quick brown fox", "[quick] [brown] fox")]
    [InlineData("tag:sea", "sea", "sea")]
    [InlineData("\u4e2d", "\u5728\u4e2d\u6587", "\u5728[\u4e2d]\u6587")]
    [InlineData("\U0001F9A1", "a\U0001F9A1\U0001F9A1", "a[\U0001F9A1][\U0001F9A1]")]
    [InlineData("a ab", "ab a abc", "[ab] [a] [ab]c")]
    [InlineData("<b>", "<b>x</b>", "<[b]>x</[b]>")]
    [InlineData("\u0634", "\u0634\u0645\u0633", "[\u0634]\u0645\u0633")]
    [InlineData("", "plain", "plain")]
    [InlineData("x", "", "")]
    public void Beginnings_of_words_are_marked(string typed, string text, string marked)
    {
        var pieces = new Highlighter(typed).Split(text);
        Assert.Equal(text, string.Concat(pieces.Select(p => p.Text)));
        Assert.Equal(marked, string.Concat(pieces.Select(p => p.IsHit ? $"[{p.Text}]" : p.Text)));
    }

    [Fact]
    public void Whatever_it_is_the_pieces_are_the_text()
    {
        for (ulong seed = 1; seed <= 3_000; seed++)
        {
            var chance = new Prng(seed);
            var (typed, text) = (Words.Random(chance, 6), Words.Random(chance, 20));
            var highlighter = new Highlighter(typed);
            Assert.Equal(text, string.Concat(highlighter.Split(text).Select(p => p.Text)));
            highlighter.Snippet(text, 1 + chance.Next(40));
        }
    }

    [Fact]
    public void A_long_text_is_shown_around_its_first_hit()
    {
        var text = string.Join(' ', Enumerable.Range(0, 200).Select(i => i == 100 ? "needle" : $"hay{i}"));
        var snippet = new Highlighter("needle").Snippet(text, 80);
        Assert.Contains("needle", snippet, StringComparison.Ordinal);
        Assert.InRange(snippet!.Length, 30, 90);
        Assert.StartsWith("\u2026 hay", snippet, StringComparison.Ordinal);
        Assert.EndsWith(" \u2026", snippet, StringComparison.Ordinal);
        Assert.Null(new Highlighter("nothing").Snippet(text, 80));
        Assert.Equal("needle", new Highlighter("needle").Snippet("needle", 80));
    }
}
