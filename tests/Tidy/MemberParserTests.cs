namespace Cete.Tidy.Tests;

public sealed class MemberParserTests
{
    [Theory]
    [InlineData("class A { void F() { if (x) { } } }", "Type A, Method F f")]
    [InlineData("class A { A(int x = 3) : base(new B { X = 1 }) { } ~A() { } }", "Type A, Constructor A f, Constructor A f")]
    [InlineData("class A<T> : B<T> where T : class { void F<U>(U u) where U : class, new() { } }", "Type A, Method F f")]
    [InlineData("class A { (int, int)? F((int, int) x) { } (int, int) _y; }", "Type A, Method F f, Field _y")]
    [InlineData("class A { Dictionary<string, (int, int)> F<T, U>() => null; }", "Type A, Method F f")]
    [InlineData("class A { int X { get; private set; } = new B { C = 1 }; int Y; }", "Type A, Property X, Field Y")]
    [InlineData("class A { int X { get { } [B] set => y = 1; } }", "Type A, Property X, Accessor X.get f, Accessor X.set f")]
    [InlineData("class A { int X => y switch { 1 => 2, _ => 3 }; int Z; }", "Type A, Property X f, Field Z")]
    [InlineData("class A { int this[int i] { get { } } }", "Type A, Property this, Accessor this.get f")]
    [InlineData("class A { int this[int i] => i; }", "Type A, Property this f")]
    [InlineData("class A { event B C { add { } remove { } } event B D; }",
        "Type A, Event C, Accessor C.add f, Accessor C.remove f, Event D")]
    [InlineData("class A { static bool operator ==(A a, A b) => true; static implicit operator int(A a) { } }",
        "Type A, Operator operator == f, Operator operator int f")]
    [InlineData("class A { int[] x = { 1, 2 }; Func<int> y = () => { return 1; }; }", "Type A, Field x, Field y, Lambda lambda f")]
    [InlineData("class A { class B { void F() { } } struct C { } enum D { E, F = 1 } void G(); }",
        "Type A, Type B, Method F f, Type C, Type D, Method G")]
    [InlineData("record A(int X); record struct B(int Y) { void F() { } } readonly record struct C;",
        "Type A, Type B, Method F f, Type C")]
    [InlineData("class A { void F() { var s = \"\"\" { { \"\"\"; } void G() { var t = $\"{{ {x} '\"; } }",
        "Type A, Method F f, Method G f")]
    [InlineData("class A { void F() { int G() { return 1; } var x = () => { }; } }", "Type A, Method F f")]
    [InlineData("class A { [B(C = 1)] [D] public async Task F() { } void I.F() { } }", "Type A, Method F f, Method F f")]
    [InlineData("global using X; class A { global::B.C _d; global::B F() => null; }", "Statement global, Type A, Field _d, Method F f")]
    [InlineData("namespace N { class A { } } class B { }", "Namespace N, Type A, Type B")]
    [InlineData("static class A { extension(string s) { public int F() { } } }", "Type A, Type extension, Method F f")]
    [InlineData("delegate void A(int x); class B { delegate*<int, void> _p; required public int C { get; init; } }",
        "Type A, Type B, Field _p, Property C")]
    public void DeclarationsAreTold(string text, string expected) => Assert.Equal(expected, Show(text));

    [Fact]
    public void TopLevelStatementsAreNoDeclarations()
    {
        const string Text = """
            using System;
            using var x = F();
            if (a) { b(); } else { c(); }
            foreach (var i in j) { k(); }
            try { } catch (E e) { }
            app.Map("/", () => { return 1; });
            int Local(int y) { return y; }
            return 0;
            """;
        var functions = new CSharpText(Text).Members.Where(member => member.IsFunction).Select(member => member.Name);
        Assert.Equal(["lambda", "Local"], functions);
    }

    [Fact]
    public void PublicMeansSeenFromOutside()
    {
        const string Text = """
            public interface A { int F(); internal int G(); }
            public class B { public int X; int _y; protected int Z; public class C { public void H() { } } }
            internal class D { public int X; }
            namespace N { public static class E { extension(int i) { public int I() => 1; int J() => 2; } } }
            """;
        var seen = new CSharpText(Text).Members.Where(member => member.IsPublic).Select(member => member.Name);
        Assert.Equal(["A", "F", "B", "X", "C", "H", "N", "E", "extension", "I"], seen);
    }

    [Fact]
    public void ADeclarationReachesFromItsAttributesToItsEnd()
    {
        const string Text = "class A {\n[B]\npublic int F() =>\n1;\n}";
        var text = new CSharpText(Text);
        var member = text.Members[1];
        Assert.Equal((2, 3, 4), (text.LineOf(member.Start), text.LineOf(member.Head), text.LineOf(member.End)));
    }

    [Fact]
    public void BrokenTextIsReadToItsEnd()
    {
        string[] broken =
        [
            "}", "class", "class A {", "class A { void F(", "class A { int X {", "class A { int X { } get", "class A { int X { get => 1",
            "x =>", "= {", ") ] }", "[", "[A] [B", "{ ; }",
        ];
        Assert.All(broken, text => Assert.NotNull(new CSharpText(text).Members));
    }

    private static string Show(string text) => string.Join(
        ", ", new CSharpText(text).Members.Select(member => $"{member.Kind} {member.Name}{(member.IsFunction ? " f" : string.Empty)}"));
}
