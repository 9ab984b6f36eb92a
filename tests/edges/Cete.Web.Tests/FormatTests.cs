using System.Globalization;
using System.Text.RegularExpressions;
using Cete.Core;
using Cete.Web.Pages;

namespace Cete.Web.Tests;

public sealed partial class FormatTests
{
    private static readonly Instant Now = Instant.From(new DateTimeOffset(2026, 7, 30, 12, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1.0 KiB")]
    [InlineData(10_188, "9.9 KiB")]
    [InlineData(10_189, "10 KiB")]
    [InlineData(1_048_063, "1023 KiB")]
    [InlineData(1_048_064, "1.0 MiB")]
    [InlineData(5_000_000_000, "4.7 GiB")]
    [InlineData(long.MaxValue, "8.0 EiB")]
    public void SizesAreShort(long bytes, string shown) => Assert.Equal(shown, Sizes.Show(bytes));

    [Theory]
    [InlineData(-60, "just now")]
    [InlineData(59, "just now")]
    [InlineData(60, "1 minute ago")]
    [InlineData(3_599, "59 minutes ago")]
    [InlineData(7_200, "2 hours ago")]
    [InlineData(86_400, "1 day ago")]
    [InlineData(29 * 86_400, "29 days ago")]
    [InlineData(30 * 86_400, "30 Jun 2026")]
    public void TimesAreToldAsPeopleDo(int secondsAgo, string shown) => Assert.Equal(shown, Times.Ago(Now + TimeSpan.FromSeconds(-secondsAgo), Now));

    [Fact]
    public void TimesOutsideOfTheCalendarAreNoErrors()
    {
        foreach (var moment in new[] { new Instant(long.MinValue), new Instant(long.MaxValue) })
        {
            Assert.Equal("unknown", Times.Exact(moment));
            Assert.Equal("at an unknown time", Times.Ago(moment, Now));
            Assert.Null(Times.Machine(moment));
        }

        Assert.Equal("2026-07-30 12:00:00 UTC", Times.Exact(Now));
        Assert.Equal("2026-07-30T12:00:00Z", Times.Machine(Now));
    }

    [Fact]
    public void TheCultureOfTheNodeDoesNotShow()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            Assert.Equal("1.5 KiB", Sizes.Show(1536));
            Assert.Equal("1,234,567 bytes", Sizes.Count(1_234_567, "byte", "bytes"));
            Assert.Equal("30 Jun 2026", Times.Ago(Now + TimeSpan.FromDays(-30), Now));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void TextsKeepTheirLinesAndLoseWhatDeceives() =>
        Assert.Equal("a\n\n    b\uFFFDc\uFFFD", Texts.Show("a\r\n\r\n\tb\u202Ec\u0007"));

    /// <summary>WCAG AA: 4.5 for text, 3 for the borders of what can be used, in both schemes.</summary>
    [Theory]
    [InlineData("--text", "--page", 4.5)]
    [InlineData("--text", "--surface", 4.5)]
    [InlineData("--muted", "--page", 4.5)]
    [InlineData("--muted", "--surface", 4.5)]
    [InlineData("--muted", "--accent-soft", 4.5)]
    [InlineData("--accent", "--page", 4.5)]
    [InlineData("--accent", "--surface", 4.5)]
    [InlineData("--accent", "--accent-soft", 4.5)]
    [InlineData("--accent-strong", "--surface", 4.5)]
    [InlineData("--accent-strong", "--accent-soft", 4.5)]
    [InlineData("--on-accent", "--accent", 4.5)]
    [InlineData("--on-accent", "--accent-strong", 4.5)]
    [InlineData("--on-notice", "--notice", 4.5)]
    [InlineData("--line-strong", "--page", 3)]
    [InlineData("--line-strong", "--surface", 3)]
    public void ColoursCanBeToldApart(string front, string ground, double least)
    {
        using var stream = typeof(WebDoor).Assembly.GetManifestResourceStream("wwwroot/site.css")!;
        using var reader = new StreamReader(stream);
        var schemes = Regex.Split(reader.ReadToEnd(), @"^@media \(prefers-color-scheme: dark\)", RegexOptions.Multiline);
        Assert.Equal(2, schemes.Length);
        foreach (var scheme in schemes)
        {
            var contrast = Contrast(Colour(scheme, front), Colour(scheme, ground));
            Assert.True(contrast >= least, $"{front} on {ground}: {contrast:0.00}, {least} is the least");
        }
    }

    private static double Contrast(string a, string b)
    {
        var (x, y) = (Luminance(a), Luminance(b));
        return (Math.Max(x, y) + 0.05) / (Math.Min(x, y) + 0.05);
    }

    private static double Luminance(string hex)
    {
        double[] weights = [0.2126, 0.7152, 0.0722];
        return weights.Select((weight, i) =>
        {
            var part = int.Parse(hex.AsSpan(1 + (2 * i), 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return weight * (part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4));
        }).Sum();
    }

    private static string Colour(string scheme, string name) => ColourOf().Matches(scheme).First(m => m.Groups[1].Value == name).Groups[2].Value;

    [GeneratedRegex("(--[a-z-]+): (#[0-9a-f]{6});")]
    private static partial Regex ColourOf();
}
