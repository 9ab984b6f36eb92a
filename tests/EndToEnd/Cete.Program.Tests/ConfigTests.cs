namespace Cete.Program.Tests;

public sealed class ConfigTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TheReferenceIsRight()
    {
        var path = Path.Combine(Checkout, "hocon", "reference.conf");
        Assert.Contains("settings are right", (await CheckAsync(path, "--strict")).Ended(0).Out, StringComparison.Ordinal);
        var json = (await CheckAsync(path, "--json")).Ended(0).Json;
        Assert.True(json.GetProperty("ok").GetBoolean());
        Assert.Equal(0, json.GetProperty("problems").GetArrayLength() + json.GetProperty("warnings").GetArrayLength());
    }

    [Fact]
    public async Task EachMistakeIsNamedByFileLineAndColumn()
    {
        var path = _folder.WriteText("x.conf", "cete.http {\n  rate-min = fast\n  header-timeout = 1h\n  lisen = x\n}\n");
        var ran = (await CheckAsync(path)).Ended(2);
        Assert.Equal(
            [$"{path}:3:20: cete.http.header-timeout is a duration from 1s to 10m; it is 1h",
                $"{path}:2:14: cete.http.rate-min: expected a size such as 512, 64kB, 16MiB or 2G, found the string \"fast\"",
                $"{path}:4:11: warning: cete.http.lisen is not a setting; did you mean cete.http.listen?"],
            ran.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var json = (await CheckAsync(path, "--json")).Ended(2).Json;
        Assert.Equal((path, 3, 20), Place(json.GetProperty("problems")[0]));
        Assert.Equal((path, 4, 11), Place(json.GetProperty("warnings")[0]));
    }

    [Fact]
    public async Task AWarningIsAMistakeOnlyForTheStrict()
    {
        var path = _folder.WriteText("x.conf", "cete.http.lisen = x");
        Assert.Contains("did you mean cete.http.listen?", (await CheckAsync(path)).Ended(0).Out, StringComparison.Ordinal);
        (await CheckAsync(path, "--strict")).Ended(2);
    }

    [Theory]
    [InlineData(3, "there is no file", "gone.conf")]
    [InlineData(2, "is a folder", ".")]
    [InlineData(9, "cannot be read", "/proc/self/mem")]
    [InlineData(2, "include cycle", "circle.conf")]
    [InlineData(2, "cannot include", "outer.conf")]
    [InlineData(2, "is not KEY=VALUE", "-D", "cete.http.listen")]
    [InlineData(2, "-D a..b: ", "-D", "a..b=1")]
    [InlineData(2, "-D a: ", "-D", "a={")]
    [InlineData(2, "-D: cete.groups.readers is a number from 1 to 32; it is 99", "-D", "cete.groups.readers=99")]
    [InlineData(2, "Try 'cete config check --help'", "--frobnicate")]
    public async Task WhatCannotBeReadOrMakesNoSenseIsSaid(int code, string word, params string[] arguments)
    {
        _folder.WriteText("circle.conf", "include \"circle.conf\"");
        _folder.WriteText("outer.conf", "include \"/proc/self/mem\"");
        var ran = (await CeteProcess.RunAsync(["config", "check", "--data", _folder.At("none"), .. arguments], _folder.Path)).Ended(code);
        Assert.Contains(word, ran.Out + ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("mistake of the program", ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ran.Out + ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABadVariableIsSaidWithItsName()
    {
        var ran = (await CeteProcess.RunAsync(["config", "check", "--data", _folder.At("none")], null, ("CETE_HTTP_CONNECTIONS_MAX", "1"))).Ended(2);
        Assert.Contains("environment CETE_HTTP_CONNECTIONS_MAX: cete.http.connections-max is a number from 10 to 100000; it is 1", ran.Out, StringComparison.Ordinal);
        ran = await CeteProcess.RunAsync(["node", "--data", _folder.At("none")], null, ("CETE_HTTP_LISEN", "x"));
        Assert.Contains("CETE_HTTP_LISEN is not a setting; did you mean CETE_HTTP_LISTEN?", ran.Ended(3).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileTooLargeForSettingsIsRefused()
    {
        var path = _folder.WriteText("x.conf", new string('#', 5_000_000));
        Assert.Contains("no file of settings", (await CheckAsync(path)).Ended(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheSettingsThatCountAreShownWithWhoSaysSo()
    {
        _folder.WriteText("node/cete.conf", "cete.groups { readers = 3, retry-delay = 3s }");
        var named = _folder.WriteText("my.conf", "cete.groups.retry-delay = 4s");
        string[] arguments = ["config", "show", named, "--data", _folder.At("node"), "-D", "cete.http.listen=127.0.0.1:0"];
        var ran = (await CeteProcess.RunAsync(arguments, null, ("CETE_HTTP_RATE_MIN", "2KiB"))).Ended(0);
        Assert.Contains("cete.http.listen = \"127.0.0.1:0\"  # -D, restart\n", ran.Out, StringComparison.Ordinal);
        Assert.Contains("cete.http.rate-min = 2KiB  # environment CETE_HTTP_RATE_MIN, live\n", ran.Out, StringComparison.Ordinal);
        Assert.Contains($"cete.groups.readers = 3  # {_folder.At("node", "cete.conf")}:1:25, restart\n", ran.Out, StringComparison.Ordinal);
        Assert.Contains($"cete.groups.retry-delay = 4s  # {named}:1:27, live\n", ran.Out, StringComparison.Ordinal);
        Assert.Contains("cete.http.connections-max = 2000  # reference.conf:", ran.Out, StringComparison.Ordinal);
        var line = (await CeteProcess.RunAsync([.. arguments, "--json", "--origins"])).Ended(0).Lines[0];
        Assert.Equal(("-D", "127.0.0.1:0"), (line.GetProperty("origin").GetString(), line.GetProperty("value").GetString()));
        var json = (await CeteProcess.RunAsync([.. arguments, "--json"])).Ended(0);
        Assert.Contains("\"readers\": 3", json.Out, StringComparison.Ordinal);
        Assert.Empty((await CheckAsync(_folder.WriteText("shown.conf", ran.Out), "--strict")).Ended(0).Error);
    }

    [Fact]
    public async Task AnyFileIsShownAsItIsUnderstood()
    {
        _folder.WriteText("inner.conf", "b = 2");
        var path = _folder.WriteText("x.conf", "a = ${b}\ninclude \"inner.conf\"\nc = ${?d}");
        Assert.Equal("{\n  \"a\": 2,\n  \"b\": 2,\n  \"c\": 3,\n  \"d\": 3\n}\n", (await ShowAsync(path, "--json", "-D", "d=3")).Ended(0).Out);
        Assert.Contains("a = 2  # ", (await ShowAsync(path, "--origins")).Ended(0).Out, StringComparison.Ordinal);
        Assert.Contains("x.conf:1:5: ", (await ShowAsync(_folder.WriteText("x.conf", "a = ${b}"))).Ended(2).Error, StringComparison.Ordinal);
        (await ShowAsync(_folder.At("gone.conf"))).Ended(3);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("show")]
    public async Task HelpHoldsExamples(string verb) =>
        Assert.Contains($"  cete config {verb} ", (await CeteProcess.RunAsync(["config", verb, "--help"])).Ended(0).Out, StringComparison.Ordinal);

    private static string Checkout
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "Cete.sln")))
            {
                folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the tests run within the checkout");
            }

            return folder;
        }
    }

    private static Task<Ran> CheckAsync(params string[] arguments) => CeteProcess.RunAsync(["config", "check", .. arguments]);

    private static Task<Ran> ShowAsync(params string[] arguments) => CeteProcess.RunAsync(["config", "show", .. arguments]);

    private static (string?, int, int) Place(System.Text.Json.JsonElement line) =>
        (line.GetProperty("source").GetString(), line.GetProperty("line").GetInt32(), line.GetProperty("column").GetInt32());
}
