using Cete.Actors;
using Cete.Actors.Tests;
using Cete.Configuration.Tests.Support;
using Cete.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Cete.Configuration.Tests;

public sealed class ReloadTests : IAsyncDisposable
{
    private readonly MemoryFiles _files = new() { ["x.conf"] = "cete.http.rate-min = 2KiB" };
    private readonly ManualTime _time = new();
    private readonly StepDispatcher _dispatcher = new(new Prng(1));
    private readonly ActorSystem _system;
    private readonly LiveSettings<EffectiveSettings> _live;
    private readonly SettingsReload _reload;
    private readonly List<string> _said = [];

    public ReloadTests()
    {
        _system = new ActorSystem("node", new ActorSystemOptions { Clock = _time, Default = _dispatcher, Blocking = _dispatcher });
        var layers = Given.Layers("x.conf", "cete.http.header-timeout=9s");
        var loader = new SettingsLoader(layers with { Files = [new SettingsFile("x.conf", false)] }, _files);
        _live = new LiveSettings<EffectiveSettings>(loader.Load().Settings!);
        _reload = SettingsReload.Start(_system, loader, _live, _said.Add);
        _dispatcher.RunUntilIdle();
    }

    private NodeSettings Now => _live.Current.Values;

    public async ValueTask DisposeAsync()
    {
        var stopped = _system.StopAsync();
        while (!stopped.IsCompleted)
        {
            _dispatcher.RunUntilIdle();
        }

        await stopped;
    }

    [Fact]
    public void AChangedFileCountsOnceItStaysAsItIs()
    {
        Look();
        _files["x.conf"] = string.Empty;
        Look();
        _files["x.conf"] = "cete.http.rate-min = 3KiB";
        Look();
        Assert.Equal(2048, Now.Http.RateMin);
        Look();
        Assert.Equal(3072, Now.Http.RateMin);
        Assert.Equal(["settings: cete.http.rate-min is now 3KiB (x.conf:1:22)"], _said);
        Look();
        Look();
        Assert.Single(_said);
    }

    [Fact]
    public void BeingToldReadsAtOnceAndSaysSo()
    {
        _files["x.conf"] = "cete.http.rate-min = 4KiB";
        Tell();
        Assert.Equal(4096, Now.Http.RateMin);
        Tell();
        Assert.Equal(["settings: cete.http.rate-min is now 4KiB (x.conf:1:22)", "settings: read again, nothing has changed"], _said);
    }

    [Fact]
    public void WhatNeedsARestartStaysAndIsSaidOnce()
    {
        _files["x.conf"] = "cete.groups.readers = 7\ncete.http.rate-min = 2KiB";
        Tell();
        Assert.Equal(2, Now.Groups.Readers);
        Assert.Equal(["settings: cete.groups.readers will be 7 (x.conf:1:23) after a restart; until then it is 2"], _said);
        _files["x.conf"] = "cete.groups.readers = 7, cete.http.rate-min = 5KiB";
        Tell();
        Assert.Equal((2, 5120), (Now.Groups.Readers, Now.Http.RateMin));
        Assert.Equal(2, _said.Count);
        _files["x.conf"] = "cete.http.rate-min = 5KiB";
        Tell();
        Assert.Equal("settings: cete.groups.readers is 2 again; no restart is needed", _said[^1]);
    }

    [Theory]
    [InlineData("cete.http {", "x.conf:1:11: ")]
    [InlineData("\0\u0001garbage}}}", "x.conf:1:")]
    [InlineData("cete.groups.retry-delay = 5s, cete.http.rate-min = 1GiB", "x.conf:1:52: cete.http.rate-min is a size from 0 to 1MiB")]
    [InlineData(null, "x.conf cannot be read")]
    public void AFileWithMistakesChangesNothing(string? text, string problem)
    {
        var before = _live.Current;
        _files["x.conf"] = text;
        Look();
        Look();
        Assert.Same(before, _live.Current);
        Assert.StartsWith($"settings: {problem}", _said[0], StringComparison.Ordinal);
        Assert.Equal("settings: nothing is changed, because of the mistakes above", _said[^1]);
        var count = _said.Count;
        Look();
        Look();
        Assert.Equal(count, _said.Count);
        _files["x.conf"] = "cete.http.rate-min = 6KiB";
        Look();
        Look();
        Assert.Equal(6144, Now.Http.RateMin);
    }

    [Fact]
    public void IncludedAndNewAndRemovedFilesCountToo()
    {
        _files["x.conf"] = "include \"y.conf\"";
        Tell();
        _files["y.conf"] = "cete.http.rate-min = 7KiB";
        Look();
        Look();
        Assert.Equal(7168, Now.Http.RateMin);
        _files.Remove("x.conf");
        Look();
        Look();
        Assert.Equal(1024, Now.Http.RateMin);
        Assert.StartsWith("settings: cete.http.rate-min is now 1KiB (reference.conf:", _said[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void TheCommandLineStillWinsAndUnknownKeysAreSaid()
    {
        _files["x.conf"] = "cete.http { header-timeout = 30s, rate-min = 2KiB, lisen = x }";
        Tell();
        Assert.Equal(TimeSpan.FromSeconds(9), Now.Http.HeaderTimeout);
        Assert.Contains("settings: x.conf:1:60: cete.http.lisen is not a setting; did you mean cete.http.listen?", _said);
    }

    [Fact]
    public void PartsChangeWithTheWholeAndListenersAreTold()
    {
        var part = _live.Select(settings => settings.Values.Http);
        List<long> told = [];
        using (part.OnChange(http => told.Add(http.RateMin)))
        {
            _files["x.conf"] = "cete.http.rate-min = 8KiB";
            Tell();
        }

        _files["x.conf"] = "cete.http.rate-min = 9KiB";
        Tell();
        Assert.Equal([8192L], told);
        Assert.Same(_live.Current.Values.Http, part.Current);
    }

    [Fact]
    public void TheConfigurationOfDotNetChangesToo()
    {
        var configuration = new ConfigurationBuilder().AddHocon(_live.Select(settings => settings.Tree)).Build();
        List<string?> seen = [configuration["cete:http:rate-min"]];
        using var subscription = ChangeToken.OnChange(configuration.GetReloadToken, () => seen.Add(configuration["cete:http:rate-min"]));
        _files["x.conf"] = "cete.http.rate-min = 3KiB";
        Tell();
        _files["x.conf"] = "cete.http.rate-min = }";
        Tell();
        Assert.Equal(["2KiB", "3KiB"], seen);
    }

    private void Look()
    {
        _time.Advance(TimeSpan.FromSeconds(2));
        _dispatcher.RunUntilIdle();
    }

    private void Tell()
    {
        _reload.Reload();
        _dispatcher.RunUntilIdle();
    }
}
