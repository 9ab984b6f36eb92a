namespace Cete.Tidy.Tests.Rules;

public sealed class NamedTestsTests
{
    [Fact]
    public void EveryTestThatIsNamedIsThere() => Tidy.AssertClean(NamedTests.Findings(Checkout.Here));

    [Fact]
    public void WhatIsNotThereIsFound()
    {
        var planted = Checkout.Planted(
            ("tests/a/ATests.cs", "class ATests { public void It_is_there() { } public void SoIsThis() { } }"),
            ("tests/ASVS.md", """
            # List
            | number | asks for | state | shown by |
            | --- | --- | --- | --- |
            | 1.1.2 | a | holds | `It_is_there`, `SoIsThis`, `Limits.cs` |
            | 1.2.1 | b | holds | `It_is_gone` |
            | 1.10.1 | c | in part | `SoIsThat` |
            | 1.9.1 | d | no | nothing |
            | 2.1.1 | e | perhaps | nothing |
            """));
        Tidy.AssertFound(NamedTests.Findings(planted), "tests/ASVS.md:5", "tests/ASVS.md:6", "tests/ASVS.md:7", "tests/ASVS.md:8");
    }
}
