namespace Cete.Tidy.Tests.Rules;

public sealed class PackagesTests
{
    [Fact]
    public void PackagesAreExactAndOutsideTheCore()
    {
        Tidy.Warn(Packages.Warnings(Checkout.Here));
        Tidy.AssertClean(Packages.Findings(Checkout.Here));
    }

    [Fact]
    public void ACoreHasNone()
    {
        const string One = "<Project><ItemGroup>\n<PackageReference Include='X' /></ItemGroup></Project>";
        var planted = Checkout.Planted(
            ("src/core/A/A.csproj", One), ("src/core/Directory.Build.props", One), ("src/edges/B/B.csproj", One),
            ("src/Directory.Build.targets", One));
        Tidy.AssertFound(Packages.Findings(planted), "src/core/A/A.csproj:2", "src/core/Directory.Build.props:2");
    }

    [Fact]
    public void VersionsStandInOnePlaceOnly()
    {
        var planted = Checkout.Planted(("src/edges/A/A.csproj", """
            <Project><ItemGroup>
              <PackageReference Include="A" Version="[1.0.0]" />
              <PackageReference Include="B" VersionOverride="[1.0.0]" />
              <PackageReference Include="C"><Version>1.0.0</Version></PackageReference>
              <PackageReference Include="D" PrivateAssets="all" />
            </ItemGroup></Project>
            """));
        Tidy.AssertFound(Packages.Findings(planted), "src/edges/A/A.csproj:2", "src/edges/A/A.csproj:3", "src/edges/A/A.csproj:4");
    }

    [Fact]
    public void VersionsAreExactAndUsed()
    {
        const string List = "src/Directory.Packages.props";
        var planted = Checkout.Planted(
            (List, """
            <Project><ItemGroup>
              <PackageVersion Include="A" Version="1.2.3" />
              <PackageVersion Include="B" Version="[1.2.*]" />
              <PackageVersion Include="C" Version="[1.2.3, 2.0.0)" />
              <PackageVersion Include="D" Version="[1.2.3]" />
              <PackageVersion Include="E" Version="[1.2.3-rc.1]" />
            </ItemGroup></Project>
            """),
            ("src/app/A/A.csproj", "<Project><PackageReference Include='A' /><PackageReference Include='b' /></Project>"));
        Tidy.AssertFound(Packages.Findings(planted), $"{List}:2", $"{List}:3", $"{List}:4");
        Tidy.AssertFound(Packages.Warnings(planted), $"{List}:4", $"{List}:5", $"{List}:6");
    }
}
