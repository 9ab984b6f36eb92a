namespace Cete.Tidy.Tests.Rules;

public sealed class ForeignWordsTests
{
    [Fact]
    public void NoFileKnowsAMachine() => Tidy.AssertClean(ForeignWords.Findings(Checkout.Here));

    [Theory]
    [InlineData("see /wo", "rk/main")]
    [InlineData("\"/ro", "ot/.cache\"")]
    [InlineData("cd /ho", "me/jo.doe/src")]
    [InlineData("https://api.nu", "get.org/v3/index.json")]
    [InlineData("registry.NP", "MJS.org")]
    [InlineData("https://static.crat", "es.io/x")]
    [InlineData("https://py", "pi.org/simple")]
    public void MachinesAndRegistriesAreFound(string first, string second)
    {
        var word = first + second;
        var planted = Checkout.Planted(("deploy/a.md", $"a\n{word}\n"), (".gitignore", word), ("a.db", "\0" + word));
        Tidy.AssertFound(ForeignWords.Findings(planted), "deploy/a.md:2", ".gitignore:1");
    }

    [Theory]
    [InlineData("/ho", "me/user/data")]
    [InlineData("src/wo", "rk/a.cs")]
    [InlineData("./wo", "rk/a.cs")]
    [InlineData("https://example.org/ro", "ot/")]
    [InlineData("/wo", "rking/")]
    [InlineData("mypy", "pi.organic")]
    public void ExamplesAndPartsOfWordsAreFine(string first, string second) =>
        Tidy.AssertFound(ForeignWords.Findings(Checkout.Planted(("deploy/a.md", first + second))));
}
