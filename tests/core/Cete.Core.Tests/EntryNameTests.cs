using System.Text;

namespace Cete.Core.Tests;

public sealed class EntryNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("...")]
    [InlineData(".hidden")]
    [InlineData("..a")]
    [InlineData("with space")]
    [InlineData(" ")]
    [InlineData("back\\slash")]
    [InlineData("a:b*c?d\"e<f>g|h")]
    [InlineData("Ünïcödé 東京 مرحبا")]
    [InlineData("family \U0001F468\u200D\U0001F469\u200D\U0001F467")]
    [InlineData("\U0010FFFF")]
    public void Names_that_disks_hold_may_be_used(string name) => Assert.Null(EntryName.Check(name));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("/")]
    [InlineData("tail/")]
    public void Names_that_are_no_single_component_are_refused(string name) => Assert.Equal(FailureKind.Invalid, EntryName.Check(name)?.Kind);

    [Fact]
    public void Every_control_character_is_refused_wherever_it_stands()
    {
        for (var c = 0; c <= char.MaxValue; c++)
        {
            if (!char.IsControl((char)c))
            {
                continue;
            }

            foreach (var name in (string[])[$"{(char)c}", $"a{(char)c}", $"{(char)c}b", $"a{(char)c}b", $"\U0001F600{(char)c}"])
            {
                var failure = EntryName.Check(name);
                Assert.Equal(FailureKind.Invalid, failure?.Kind);
                Assert.DoesNotContain(failure!.Message, char.IsControl);
                Assert.Contains($"U+{c:X4}", failure.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData('\u202A')]
    [InlineData('\u202B')]
    [InlineData('\u202C')]
    [InlineData('\u202D')]
    [InlineData('\u202E')]
    [InlineData('\u2066')]
    [InlineData('\u2067')]
    [InlineData('\u2068')]
    [InlineData('\u2069')]
    [InlineData('\uFFFD')]
    public void Bidirectional_overrides_and_undecodable_bytes_are_refused_and_not_echoed(char c)
    {
        foreach (var name in (string[])[$"{c}", $"exe{c}gpj", $"\U0001F600{c}"])
        {
            var failure = EntryName.Check(name);
            Assert.Equal(FailureKind.Invalid, failure?.Kind);
            Assert.True(c == '\uFFFD' || !failure!.Message.Contains(c));
        }
    }

    [Fact]
    public void Lone_surrogates_are_refused_with_a_message_that_is_valid_unicode()
    {
        // Not as InlineData: attributes keep their text in UTF-8, which has no lone surrogates.
        string[] names = ["\uD83D", "\uDE00", "a\uD83D", "\uD83Da", "\uDE00\uD83D", "\uD83D\uD83D\uDE00", "\uD83D\uDE00\uDE00"];
        Assert.All(names, name =>
        {
            var failure = EntryName.Check(name);
            Assert.Equal(FailureKind.Invalid, failure?.Kind);
            AssertValid(failure!.Message);
            Assert.Equal(FailureKind.Invalid, EntryPath.Parse("/a/" + name).Failure?.Kind);
        });
    }

    [Theory]
    [InlineData("a", 255, true)]
    [InlineData("a", 256, false)]
    [InlineData("é", 127, true)]
    [InlineData("é", 128, false)]
    [InlineData("東", 85, true)]
    [InlineData("東", 86, false)]
    [InlineData("\U0001F600", 63, true)]
    [InlineData("\U0001F600", 64, false)]
    public void Length_is_bounded_in_bytes(string character, int count, bool allowed)
    {
        var name = string.Concat(Enumerable.Repeat(character, count));
        Assert.Equal(allowed ? null : FailureKind.TooLarge, EntryName.Check(name)?.Kind);
    }

    [Fact]
    public void A_name_cut_for_a_message_is_not_cut_within_a_character()
    {
        var failure = EntryName.Check("x" + string.Concat(Enumerable.Repeat("\U0001F600", 80)));
        Assert.Equal(FailureKind.TooLarge, failure?.Kind);
        AssertValid(failure!.Message);
    }

    [Fact]
    public void Show_hides_what_moves_a_cursor_and_keeps_the_rest()
    {
        Assert.Equal("a\uFFFDb\uFFFDc\uFFFD", EntryName.Show("a\u001Bb\u202Ec\u2069"));
        Assert.Equal("Ü \U0001F600 \\", EntryName.Show("Ü \U0001F600 \\"));
        AssertValid(EntryName.Show("a\uD83Db\uDE00"));
    }

    private static void AssertValid(string text)
    {
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        Assert.Equal(text, strict.GetString(strict.GetBytes(text)));
    }
}
