namespace Cete.Tidy.Tests.Rules;

public sealed class LinksTests
{
    [Fact]
    public void LinksLeadSomewhere() => Tidy.AssertClean(Links.Findings(Checkout.Here));

    [Fact]
    public void DeadLinksAreFound()
    {
        var planted = Checkout.Planted(
            ("README.md", ""), ("src/core/a b.cs", ""), ("src/README.md", """
            [up](../README.md), [folder](core), [folder](core/), [spaced](core/a%20b.cs#L3), [spaced](<core/a b.cs> "title")
            [root](/README.md) [here](#here) [web](https://example.org/x.md) [mail](mailto:a@example.org)
            [gone](gone.md) and [also gone](../gone/#part "title")
            ![picture](picture.png)
            `[code](gone.md)` and ``[code](gone.md)``
            ```
            [fenced](gone.md)
            ```
            [out](../../out.md)
            [named]

            [named]: gone.md
            [other]: ../README.md
            """));
        int[] lines = [3, 3, 4, 9, 12];
        Tidy.AssertFound(Links.Findings(planted), [.. lines.Select(line => $"src/README.md:{line}")]);
    }
}
