namespace Cete.Tidy.Tests.Rules;

public sealed class LeftoversTests
{
    private const string Path = "src/core/Cete.A/A.cs";

    [Fact]
    public void NothingIsLeftForLater() => Tidy.AssertClean(Leftovers.Findings(Checkout.Here));

    [Theory]
    [InlineData("TO", "DO")]
    [InlineData("FIX", "ME")]
    [InlineData("HA", "CK")]
    [InlineData("XX", "X")]
    [InlineData("NotImple", "mentedException")]
    public void MarksAreFoundInAnyFileOfSourceAndTests(string first, string second)
    {
        var text = $"a\n-- {first}{second}: b\n{first}{second}ER {first}";
        var planted = Checkout.Planted(("src/a.sql", text), ("tests/a.cs", text), ("deploy/a", text), ("src/a.bin", text + "\0"));
        Tidy.AssertFound(Leftovers.Findings(planted), "src/a.sql:2", "tests/a.cs:2");
    }

    [Fact]
    public void EmptyCatchesAreFound()
    {
        var planted = Checkout.Planted((Path, """
            try { } catch { }
            try { } catch (Exception e) when (e is { } or Other(1))
            {
            }
            try { } catch (A) { }
            try { } catch (A)
            {
                // The far side has hung up, which is how it says that it is done.
            }
            try { } catch (A) { Log(); }
            // catch { }
            """));
        Tidy.AssertFound(Leftovers.Findings(planted), $"{Path}:1", $"{Path}:2", $"{Path}:5");
    }

    [Fact]
    public void SilencedWarningsNeedAReason()
    {
        var planted = Checkout.Planted((Path, """
            #pragma warning disable A1
            class A { }
            #pragma warning disable A2 // The callee keeps it.
            // The callee keeps it.
            #pragma warning disable A3
            #pragma warning restore A3
            class B { }
              # pragma  warning  disable
            """));
        Tidy.AssertFound(Leftovers.Findings(planted), $"{Path}:1", $"{Path}:8");
    }
}
