namespace Cete.Tidy.Tests.Rules;

public sealed class FunctionSizeTests
{
    [Fact]
    public void FunctionsFitAScreen() => Tidy.AssertClean(FunctionSize.Findings(Checkout.Here));

    [Theory]
    [InlineData("class A { void F()\n{", "} }")]
    [InlineData("class A { A(int x) : base(x)\n{", "} }")]
    [InlineData("class A { static A operator +(A a, A b)\n{", "} }")]
    [InlineData("class A { int X { get\n{", "} } }")]
    [InlineData("class A { int X => Y switch\n{", "}; }")]
    [InlineData("class A { int X() => Y switch\n{", "}; }")]
    [InlineData("class A { Action x = () =>\n{", "}; }")]
    [InlineData("class A { void F()\n{ void G() {", "} } }")]
    [InlineData("void Local()\n{", "}")]
    public void ALongFunctionIsFound(string opening, string closing)
    {
        Tidy.AssertFound(Planted(opening, FunctionSize.Most - 2, closing));
        Tidy.AssertFound(Planted(opening, FunctionSize.Most - 1, closing), "src/a.cs:1");
    }

    [Theory]
    [InlineData("class A {", "}")]
    [InlineData("namespace A {", "}")]
    [InlineData("enum A {", "}")]
    [InlineData("class A { int[] x = {", "}; }")]
    [InlineData("class A { Dictionary<string, int> x = new() {", "}; }")]
    [InlineData("class A { int X { get; } = new() {", "}; }")]
    [InlineData("class A { int X { get; set; }", "}")]
    public void WhatIsNoFunctionMayBeLong(string opening, string closing) =>
        Tidy.AssertFound(Planted(opening, 2 * FunctionSize.Most, closing));

    private static IEnumerable<Finding> Planted(string opening, int lines, string closing)
    {
        var text = opening + string.Concat(Enumerable.Repeat('\n', lines)) + closing;
        return FunctionSize.Findings(Checkout.Planted(("src/a.cs", text)));
    }
}
