using Cete.Core;

namespace Cete.Accounts.Tests;

/// <summary>What may be a name, and which names look alike.</summary>
public sealed class NameTests
{
    [Theory]
    [InlineData("bob")]
    [InlineData("Bob_the-2nd.x")]
    [InlineData("Zoë")]
    [InlineData("Łukasz")]
    [InlineData("Ελένη")]
    [InlineData("Борис")]
    [InlineData("שלום")]
    [InlineData("محمد")]
    [InlineData("दिल्ली")]
    [InlineData("สมชาย")]
    [InlineData("김철수")]
    [InlineData("山田たろう")]
    [InlineData("スーパー")]
    [InlineData("ab")]
    [InlineData("abcdefghijklmnopqrstuvwxyzabcdef")]
    public void Names_of_one_script_are_taken(string text)
    {
        var name = AccountName.Parse(text);
        Assert.True(name.Succeeded, name.Failure?.Message);
        Assert.Equal(name.Value.Key, AccountName.Parse(name.Value.Key, mayBeReserved: true).Value.Key);
    }

    [Theory]
    [InlineData("", "2 to 32")]
    [InlineData("a", "2 to 32")]
    [InlineData("  a  ", "2 to 32")]
    [InlineData("abcdefghijklmnopqrstuvwxyzabcdefg", "2 to 32")]
    [InlineData("2bob", "begins with a letter")]
    [InlineData(".bob", "begins with a letter")]
    [InlineData("-bob", "begins with a letter")]
    [InlineData("b..b", "two dots")]
    [InlineData("b b", "is none of these")]
    [InlineData("b/b", "is none of these")]
    [InlineData("b@b", "is none of these")]
    [InlineData("b\u0000b", "is none of these")]
    [InlineData("b\u200Bb", "is none of these")]
    [InlineData("b\u202Eb", "is none of these")]
    [InlineData("bo\u0489b", "is none of these")]
    [InlineData("\u0E34\u0E34", "is none of these")]
    [InlineData("\u0E01\u0E34\u0E34\u0E34\u0E34", "is none of these")]
    [InlineData("b٣b", "is none of these")]
    [InlineData("😀😀", "is none of these")]
    [InlineData("раypal", "of one script")]
    [InlineData("bobα", "of one script")]
    [InlineData("金ab", "of one script")]
    [InlineData("administrator", "nobody may have")]
    [InlineData("ADMIN", "nobody may have")]
    [InlineData("adm1n", "nobody may have")]
    [InlineData("ad.min", "nobody may have")]
    [InlineData("r00t", "nobody may have")]
    [InlineData("systern", "nobody may have")]
    [InlineData("ѕуѕтем", "nobody may have")]
    public void Others_are_refused_and_it_is_said_why(string text, string why) => AccountName.Parse(text).Refused(FailureKind.Invalid, why);

    [Fact]
    public void Broken_and_endless_texts_are_refused()
    {
        AccountName.Parse("b\uD800b").Refused(FailureKind.Invalid, "broken characters");
        AccountName.Parse(new string('a', 10_000_000)).Refused(FailureKind.Invalid, "2 to 32");

        // One character that becomes eighteen.
        AccountName.Parse("ab\uFDFA\uFDFA").Refused(FailureKind.Invalid, "2 to 32");
        Assert.Equal("administrator", AccountName.Parse("administrator", mayBeReserved: true).Value.Key);
    }

    [Theory]
    [InlineData("paypal", "PayPal")]
    [InlineData("paypal", "paypa1")]
    [InlineData("paypal", "paypaI")]
    [InlineData("paypal", "рауpal")]
    [InlineData("google", "g00gle")]
    [InlineData("modern", "modem")]
    [InlineData("vvilly", "willy")]
    [InlineData("zoe", "zoë")]
    [InlineData("lukasz", "Łukasz")]
    [InlineData("ace", "асе")]
    [InlineData("nov", "ηον")]
    [InlineData("ＢＯＢ", "bob")]
    [InlineData("Ρ", "p")]
    public void What_looks_alike_has_one_skeleton(string one, string other) =>
        Assert.Equal(Likeness.Skeleton(one.Normalize(System.Text.NormalizationForm.FormKC)), Likeness.Skeleton(other.Normalize(System.Text.NormalizationForm.FormKC)));

    [Theory]
    [InlineData("bob", "rob")]
    [InlineData("kim", "klm")]
    [InlineData("か子", "が子")]
    [InlineData("борис", "борик")]
    [InlineData("김수", "김소")]
    public void What_does_not_has_not(string one, string other) => Assert.NotEqual(Likeness.Skeleton(one), Likeness.Skeleton(other));

    [Fact]
    public void Capitals_and_the_two_small_sigmas_do_not_matter()
    {
        Assert.Equal(AccountName.Parse("ΟΔΥΣΣΕΥΣ").Value.Key, AccountName.Parse("οδυσσευς").Value.Key);
        Assert.Equal(AccountName.Parse("BORIS").Value.Key, AccountName.Parse("boris").Value.Key);
    }
}
