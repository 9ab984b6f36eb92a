using System.Text.RegularExpressions;

namespace Cete.Tidy.Tests;

public sealed class CSharpTextTests
{
    [Theory]
    [InlineData("a // b\nc", "a \nc")]
    [InlineData("a /* b\n\" */ c", "a \n c")]
    [InlineData("a \"b // c\" d", "a d")]
    [InlineData("a \"b \\\" c\" d", "a d")]
    [InlineData("a '\"' b '\\'' c '{' d", "a b c d")]
    [InlineData("a @\"b \\\" c", "a c")]
    [InlineData("a @\"b \"\" c\n\" d", "a \n d")]
    [InlineData("a \"\" b \"\" c", "a b c")]
    [InlineData("@if = 1", "@if = 1")]
    [InlineData("a \"\"\"b \" { c\"\"\" d", "a d")]
    [InlineData("a \"\"\"\"b \"\"\" c\"\"\"\" d", "a d")]
    [InlineData("a \"b\"u8 c", "a u8 c")]
    [InlineData("#region it's\na", " \na")]
    [InlineData("a\n  #pragma warning disable X // y\nb", "a\n \nb")]
    public void CommentsLiteralsAndDirectivesAreBlank(string text, string code)
    {
        var blanked = new CSharpText(text).Code;
        Assert.Equal(text.Length, blanked.Length);
        Assert.Equal(code, Regex.Replace(blanked, " +", " "));
    }

    [Theory]
    [InlineData("$\"a {b} c\"", "b")]
    [InlineData("$\"a {{b}} {c:x} d\"", "c")]
    [InlineData("$\"{a,5:N2}{b}\"", "a,5 b")]
    [InlineData("$\"{(a ? b : c)}\"", "(a ? b : c)")]
    [InlineData("$\"{global::A.B}\"", "global::A.B")]
    [InlineData("$\"{F($\"{b} }} \")} c\" + d", "F( b ) + d")]
    [InlineData("$\"{F(\"}\")} c\" + d", "F( ) + d")]
    [InlineData("$\"{new { A = 1 }}\" + d", "new { A = 1 } + d")]
    [InlineData("$@\"a \"\" {b} \\\" + d", "b + d")]
    [InlineData("@$\"a \"\" {b} \\\" + d", "b + d")]
    [InlineData("$\"\"\"a \" {b} \"\"\" + d", "b + d")]
    [InlineData("$$\"\"\"a {b} {{c}} {{{d}}} \"\"\" + e", "c d + e")]
    public void HolesOfInterpolatedStringsAreCode(string text, string code)
    {
        var words = new CSharpText(text).Code.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(code, string.Join(' ', words));
    }

    [Fact]
    public void LinesAreCountedFromOne()
    {
        var text = new CSharpText("ab\n\nc");
        Assert.Equal([1, 1, 1, 2, 3], Enumerable.Range(0, 5).Select(text.LineOf));
    }

    [Fact]
    public void BrokenTextIsReadToItsEnd()
    {
        string[] broken = ["\"", "'", "$\"{", "\"\"\"", "/*", "@\"", "$$\"\"\"{{", "a $", "#", "$\"{a:", "\"\\"];
        Assert.All(broken, text => Assert.Equal(text.Length, new CSharpText(text).Code.Length));
    }
}
