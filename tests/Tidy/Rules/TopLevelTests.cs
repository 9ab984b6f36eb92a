namespace Cete.Tidy.Tests.Rules;

public sealed class TopLevelTests
{
    [Fact]
    public void TheTopLevelIsAsListed() => Tidy.AssertClean(TopLevel.Findings(Checkout.Here));

    [Fact]
    public void StraysAreFound()
    {
        var planted = Checkout.Planted(
            ("Cete.sln", ""), (".gitignore", ""), (".ci/run", ""), ("artifacts/bin/x", ""), ("src/core/a.cs", ""),
            ("docs/a.md", ""), ("docs/b.md", ""), ("notes.txt", ""));
        Tidy.AssertFound(TopLevel.Findings(planted), "docs/a.md:1", "notes.txt:1");
    }
}
