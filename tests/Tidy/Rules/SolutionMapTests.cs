namespace Cete.Tidy.Tests.Rules;

public sealed class SolutionMapTests
{
    [Fact]
    public void TheSolutionAndTheTreeAgree() => Tidy.AssertClean(SolutionMap.Findings(Checkout.Here));

    [Fact]
    public void UnlistedAndGoneProjectsAreFound()
    {
        var planted = Planted("src/core/Cete.A/Cete.A.csproj", "tests/Tidy/Cete.T.csproj");
        Tidy.AssertFound(SolutionMap.Findings(planted));
        planted = Checkout.Planted(
            ("Cete.sln", "\nProject(\"{0}\") = \"Cete.B\", \"src\\core\\Cete.B\\Cete.B.csproj\", \"{1}\""),
            ("src/core/Cete.A/Cete.A.csproj", ""), ("tests/Tidy/Cete.T.csproj", ""), ("samples/x/x.csproj", ""));
        Tidy.AssertFound(
            SolutionMap.Findings(planted), "Cete.sln:2", "src/core/Cete.A/Cete.A.csproj:1", "tests/Tidy/Cete.T.csproj:1");
    }

    [Theory]
    [InlineData("src/core/Cete.A.csproj")]
    [InlineData("src/core/deep/Cete.A/Cete.A.csproj")]
    [InlineData("src/tools/Cete.A/Cete.A.csproj")]
    [InlineData("src/core/Cete.A/Cete.B.csproj")]
    [InlineData("tests/core/Cete.Gone.Tests/Cete.Gone.Tests.csproj")]
    [InlineData("tests/edges/Cete.Real.Tests/Cete.Real.Tests.csproj")]
    [InlineData("tests/core/Cete.Real.Tests.csproj")]
    [InlineData("tests/core/Cete.Real/Cete.Real.csproj")]
    public void AProjectOutOfPlaceIsFound(string project) =>
        Tidy.AssertFound(SolutionMap.Findings(Planted(project, "src/core/Cete.Real/Cete.Real.csproj")), $"{project}:1");

    [Fact]
    public void AMirroredTestIsFine() =>
        Tidy.AssertFound(SolutionMap.Findings(
            Planted("src/core/Cete.Real/Cete.Real.csproj", "tests/core/Cete.Real.Tests/Cete.Real.Tests.csproj")));

    private static Checkout Planted(params string[] projects)
    {
        var lines = projects.Select(project => $"Project(\"{{0}}\") = \"X\", \"{project.Replace('/', '\\')}\", \"{{1}}\"");
        return Checkout.Planted([("Cete.sln", string.Join('\n', lines)), .. projects.Select(project => (project, ""))]);
    }
}
