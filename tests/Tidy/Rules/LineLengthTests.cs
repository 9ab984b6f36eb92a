namespace Cete.Tidy.Tests.Rules;

public sealed class LineLengthTests
{
    [Fact]
    public void LinesFit() => Tidy.AssertClean(LineLength.Findings(Checkout.Here));

    [Fact]
    public void LongLinesAreFound()
    {
        var full = new string('x', LineLength.Most);
        var planted = Checkout.Planted(("src/a.cs", $"{full}\r\n// {full}\n// https://{full}\n{full}x"), ("src/a.md", full + full));
        Tidy.AssertFound(LineLength.Findings(planted), "src/a.cs:2", "src/a.cs:4");
    }
}
