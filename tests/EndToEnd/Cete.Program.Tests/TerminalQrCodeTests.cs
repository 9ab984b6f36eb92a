using Cete.App.Output;
using QRCoder;

namespace Cete.Program.Tests;

public sealed class TerminalQrCodeTests
{
    private const int QuietZone = 4;
    private const string Link = "CETE:JOIN/CETE1";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_module_is_drawn_where_it_belongs(bool onLight)
    {
        var text = Link + new string('A', 240);
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.L);
        var rows = Rows(TerminalQrCode.Draw(text, onLight)!, onLight)[..data.ModuleMatrix.Count];
        Assert.Equal(data.ModuleMatrix.Select(row => Text(row.Cast<bool>())), rows);
        Assert.InRange(rows.Count, 40, 79);
        Assert.All(rows[..QuietZone].Concat(rows[^QuietZone..]), row => Assert.DoesNotContain('#', row));
        Assert.All(rows, row => Assert.DoesNotContain('#', row[..QuietZone] + row[^QuietZone..]));
        Assert.Equal("#######", rows[QuietZone][QuietZone..(QuietZone + 7)]);
    }

    [Fact]
    public void What_fits_into_no_code_is_not_drawn()
    {
        Assert.NotNull(TerminalQrCode.Draw(Link + new string('A', 4_000), onLight: false));
        Assert.Null(TerminalQrCode.Draw(Link + new string('A', 4_400), onLight: false));
        Assert.Null(TerminalQrCode.Draw(new string('é', 4_000), onLight: false));
    }

    /// <summary>The modules, # for dark, read back from the half blocks: what a terminal leaves empty shows its background.</summary>
    private static List<string> Rows(string drawing, bool onLight) =>
    [
        .. drawing.TrimEnd('\n').Split('\n').SelectMany(line => new[]
        {
            Text(line.Select(c => (c is '█' or '▀') == onLight)),
            Text(line.Select(c => (c is '█' or '▄') == onLight)),
        }),
    ];

    private static string Text(IEnumerable<bool> dark) => string.Concat(dark.Select(isDark => isDark ? '#' : '.'));
}
