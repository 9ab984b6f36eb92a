using Cete.Configuration.Tests.Support;
using Cete.Core;

namespace Cete.Configuration.Tests;

public sealed class MistakesTests
{
    [Theory]
    [InlineData("cete.http.listen = nonsense", "x.conf:1:20: cete.http.listen is HOST:PORT such as 127.0.0.1:2383; it is nonsense")]
    [InlineData("cete.http.listen = \"127.0.0.1:99999\"", "x.conf:1:20: cete.http.listen is HOST:PORT such as 127.0.0.1:2383; it is 127.0.0.1:99999")]
    [InlineData("cete.http.connections-max = 9", "x.conf:1:29: cete.http.connections-max is a number from 10 to 100000; it is 9")]
    [InlineData("cete.http.connections-max = 2.5", "x.conf:1:29: cete.http.connections-max: expected a whole number of at most 64 bits, found number 2.5")]
    [InlineData("cete.http.rate-min = 2MiB", "x.conf:1:22: cete.http.rate-min is a size from 0 to 1MiB; it is 2MiB")]
    [InlineData("cete.groups.retry-delay = 1", "x.conf:1:27: cete.groups.retry-delay is a duration from 100ms to 5m; it is 1")]
    [InlineData("cete.content.incoming-kept = \"\"", "x.conf:1:30: cete.content.incoming-kept: expected a duration such as 500ms, 10s, 5m, 2h or 7d, found the string \"\"")]
    [InlineData("cete.groups.readers = null", "x.conf:1:23: cete.groups.readers: expected a whole number of at most 64 bits, found null")]
    [InlineData("cete.groups.readers { a = 1 }", "x.conf:1:21: cete.groups.readers: expected a whole number of at most 64 bits, found an object")]
    [InlineData("cete.http = 5", "x.conf:1:13: cete.http is a group of settings such as cete.http.listen; it is 5")]
    [InlineData("cete = [1]", "x.conf:1:8: cete is a group of settings such as cete.http.listen; it is [1]")]
    [InlineData("include \"x.conf\"", "x.conf:1:1: an include cycle: x.conf → x.conf; remove one of these includes")]
    [InlineData("cete.http.listen = ${no}", "x.conf:1:20: ")]
    public void EachIsNamedWithItsPlace(string text, string problem) =>
        Assert.StartsWith(problem, Given.OneProblem(Given.Text(text)), StringComparison.Ordinal);

    [Fact]
    public void AllAreToldAtOnce()
    {
        var load = Given.Text("cete.groups { readers = 0\n retry-delay = 1d }", "cete.http.header-timeout=0s");
        Assert.Null(load.Settings);
        Assert.Equal(
            ["-D: cete.http.header-timeout is a duration from 1s to 10m; it is 0s", "x.conf:1:25: cete.groups.readers is a number from 1 to 32; it is 0",
                "x.conf:2:16: cete.groups.retry-delay is a duration from 100ms to 5m; it is 1d"],
            load.Problems.Select(problem => problem.ToString()));
    }

    [Fact]
    public void AHugeValueIsRefusedInAFewWords()
    {
        foreach (var value in new[] { new string('9', 100_000), new string('x', 100_000), $"\"{new string('\u202E', 100_000)}\"" })
        {
            Assert.InRange(Given.OneProblem(Given.Text($"cete.groups.readers = {value}")).Length, 1, 300);
            Assert.InRange(Given.OneProblem(Given.Text($"cete.http.listen = {value}")).Length, 1, 300);
        }

        Assert.Contains("longer than", Given.OneProblem(Given.Text($"a = {new string('x', 5_000_000)}")), StringComparison.Ordinal);
        Assert.InRange(Given.OneWarning(Given.Text($"cete.{new string('x', 100_000)} = 1")).Length, 1, 300);
    }

    [Fact]
    public void AFileThatIsNotThereOrCannotBeReadIsOneOfItsKind()
    {
        var files = new MemoryFiles { ["closed.conf"] = null, ["outer.conf"] = "include \"closed.conf\"" };
        var missing = new SettingsLoader(Given.Layers("gone.conf"), files).Load();
        Assert.Equal((FailureKind.NotFound, "gone.conf: there is no file gone.conf"), (missing.Kind, Given.OneProblem(missing)));
        var closed = new SettingsLoader(new SettingsLayers { Files = [new SettingsFile("closed.conf", false)] }, files).Load();
        Assert.Equal((FailureKind.Forbidden, "closed.conf: closed.conf cannot be read"), (closed.Kind, Given.OneProblem(closed)));
        var outer = Given.OneProblem(new SettingsLoader(Given.Layers("outer.conf"), files).Load());
        Assert.Equal("outer.conf:1:1: cannot include \"closed.conf\": closed.conf cannot be read", outer);
        Assert.NotNull(new SettingsLoader(new SettingsLayers { Files = [new SettingsFile("gone.conf", false)] }, files).Load().Settings);
    }

    [Theory]
    [InlineData("cete.http.lisen = x", "x.conf:1:19: cete.http.lisen is not a setting; did you mean cete.http.listen?")]
    [InlineData("cete.http.LISTEN = x", "x.conf:1:20: cete.http.LISTEN is not a setting; did you mean cete.http.listen?")]
    [InlineData("cete.http.rate_min = x", "x.conf:1:22: cete.http.rate_min is not a setting; did you mean cete.http.rate-min?")]
    [InlineData("cete { groups { raeders = 1 } }", "x.conf:1:27: cete.groups.raeders is not a setting; did you mean cete.groups.readers?")]
    [InlineData("cete.readers = 1", "x.conf:1:16: cete.readers is not a setting; did you mean cete.groups.readers?")]
    [InlineData("cete.frobnicate = {a = [1]}", "x.conf:1:24: cete.frobnicate.a is not a setting; 'cete config show' lists them all")]
    [InlineData("cete.\"a b\" = 1", "x.conf:1:14: cete.\"a b\" is not a setting; 'cete config show' lists them all")]
    public void AKeyThatIsNoSettingIsWarnedAboutWithTheNearestOne(string text, string warning) => Assert.Equal(warning, Given.OneWarning(Given.Text(text)));

    [Fact]
    public void OtherKeysAreTheUsersOwn() => Assert.Empty(Given.Text("cette.http.listen = x, mine { a = 1 }").Warnings);

    [Fact]
    public void AFileFullOfUnknownKeysIsToldShortly()
    {
        var load = Given.Text(string.Concat(Enumerable.Range(0, 50_000).Select(i => $"cete.k{i} = 1\n")));
        Assert.Equal(21, load.Warnings.Count);
        Assert.Equal("x.conf:21:12: this and 49979 more keys are no settings", load.Warnings[^1].ToString());
    }

    [Theory]
    [InlineData("abc", "abc", 0)]
    [InlineData("", "abc", 3)]
    [InlineData("lisen", "listen", 1)]
    [InlineData("raeders", "readers", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void TheDistanceIsTheNumberOfSlips(string a, string b, int distance) =>
        Assert.Equal((distance, distance), (Nearest.Distance(a, b), Nearest.Distance(b, a)));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(1, "100ns")]
    [InlineData(10_000, "1ms")]
    [InlineData(15_000_000, "1500ms")]
    [InlineData(600_000_000, "1m")]
    [InlineData(864_000_000_000 * 7, "7d")]
    public void DurationsAreShownInTheirLargestUnit(long ticks, string text) => Assert.Equal(text, Units.Show(TimeSpan.FromTicks(ticks)));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1000, "1000")]
    [InlineData(1024, "1KiB")]
    [InlineData(3L << 40, "3TiB")]
    public void SizesAreShownInTheirLargestUnit(long bytes, string text) => Assert.Equal(text, Units.Show(bytes));
}
