namespace Cete.Tidy.Tests.Rules;

public sealed class RingsTests
{
    [Fact]
    public void ReferencesPointInwards() => Tidy.AssertClean(Rings.Findings(Checkout.Here));

    [Theory]
    [InlineData("core/A", "core/B", true)]
    [InlineData("core/A", "runtime/B", false)]
    [InlineData("runtime/A", "core/B", true)]
    [InlineData("runtime/A", "runtime/B", true)]
    [InlineData("runtime/A", "services/B", false)]
    [InlineData("runtime/A", "edges/B", false)]
    [InlineData("services/A", "core/B", true)]
    [InlineData("services/A", "runtime/B", true)]
    [InlineData("services/A", "services/B", false)]
    [InlineData("services/A", "edges/B", false)]
    [InlineData("edges/A", "services/B", true)]
    [InlineData("edges/A", "edges/B", false)]
    [InlineData("edges/A", "app/B", false)]
    [InlineData("app/A", "edges/B", true)]
    [InlineData("app/A", "services/B", true)]
    [InlineData("odd/A", "core/B", false)]
    [InlineData("edges/A", "odd/B", false)]
    public void EachArrowIsJudgedByItsRings(string from, string to, bool isAllowed)
    {
        var planted = Checkout.Planted(Project($"src/{from}", $"../../{to}"), Project($"src/{to}"));
        Tidy.AssertFound(Rings.Findings(planted), isAllowed ? [] : [$"src/{from}/A.csproj:2"]);
    }

    [Fact]
    public void TestsAndSamplesReferenceAnything()
    {
        var planted = Checkout.Planted(
            Project("tests/core/A", "../../../src/app/B", "../../Testing/C"), Project("samples/D", "../../src/edges/E"),
            Project("src/app/B"), Project("src/edges/E"), Project("tests/Testing/C"));
        Tidy.AssertFound(Rings.Findings(planted));
    }

    [Fact]
    public void SourceNeverReferencesTests()
    {
        var planted = Checkout.Planted(Project("src/app/A", "../../../tests/Testing/B"), Project("tests/Testing/B"));
        Tidy.AssertFound(Rings.Findings(planted), "src/app/A/A.csproj:2");
    }

    [Fact]
    public void ACircleIsFoundOnce()
    {
        var planted = Checkout.Planted(
            Project("src/core/A", "../B"), Project("src/core/B", "../C", "../D"),
            Project("src/core/C", "../A", "../D"), Project("src/core/D"));
        Tidy.AssertFound(Rings.Findings(planted), "src/core/C/C.csproj:2");
        Assert.Contains("A → B → C → A", Rings.Findings(planted).Single().Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void AReferenceToNothingOrOutOfAPropsFileIsFound()
    {
        var planted = Checkout.Planted(
            Project("src/core/A", "../Gone"), Project("src/core/B"),
            ("src/Directory.Build.props", "<Project><ItemGroup>\n<ProjectReference Include='core/B/B.csproj' /></ItemGroup></Project>"));
        Tidy.AssertFound(Rings.Findings(planted), "src/core/A/A.csproj:2", "src/Directory.Build.props:2");
    }

    private static (string Path, string Text) Project(string folder, params string[] references)
    {
        var items = references.Select(folder => $"<ProjectReference Include=\"{folder}/{folder.Split('/')[^1]}.csproj\" />\n");
        return ($"{folder}/{folder.Split('/')[^1]}.csproj", $"<Project><ItemGroup>\n{string.Concat(items)}</ItemGroup></Project>");
    }
}
