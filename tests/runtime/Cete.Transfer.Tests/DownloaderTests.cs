using Cete.Actors;
using Cete.Actors.Tests;
using Cete.Core;
using Cete.Ports;
using Cete.Swarm;
using Cete.Testing;

namespace Cete.Transfer.Tests;

public sealed class DownloaderTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ManualTime _time = new();
    private readonly Manifest _manifest = MemoryContent.NewManifest(40);
    private int _bytes;

    [Fact]
    public async Task FetchesAllAndTellsOfEveryByte()
    {
        using var target = new MemoryContent(_manifest);
        var client = new ScriptedClient((_, bringAll, _) => Task.FromResult(bringAll()));
        Assert.True((await RunAsync(client, target, ["a"])).Value);
        Assert.True(target.IsWhole);
        Assert.Equal(_manifest.Length, _bytes);
    }

    [Fact]
    public async Task WithoutSourcesItSaysSoAtOnce()
    {
        using var target = new MemoryContent(_manifest);
        var failure = (await RunAsync(new ScriptedClient((_, bringAll, _) => Task.FromResult(bringAll())), target, [])).Failure;
        Assert.Equal(FailureKind.NotFound, failure?.Kind);
        Assert.Contains("nobody is known to have it", failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABreakingSourceIsTriedAgainWhenTheClockSaysSo()
    {
        using var target = new MemoryContent(_manifest);
        var tries = 0;
        var client = new ScriptedClient((run, bringAll, _) => Task.FromResult(++tries < 5 ? ScriptedClient.Fail(RunEnd.Broken, run) : bringAll()));
        var download = RunAsync(client, target, ["a"]);
        for (var i = 1; i < 5; i++)
        {
            await Eventually.TrueAsync(() => client.Asked.Count == i && _time.TimerCount == 1, $"try {i} has broken and a timer runs");
            _time.Advance(TimeSpan.FromMilliseconds((250 << (i - 1)) - 1));
            Assert.Equal(i, client.Asked.Count);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.True((await download).Succeeded);
    }

    [Fact]
    public async Task ASourceThatIsAlwaysGoneEndsItByPatienceAndTheMessageSaysWhy()
    {
        using var target = new MemoryContent(_manifest);
        var client = new ScriptedClient((run, _, _) => Task.FromResult(ScriptedClient.Fail(RunEnd.Broken, run, "the line is dead")));
        var download = RunAsync(client, target, ["a"]);
        await Eventually.TrueAsync(
            () =>
            {
                if (_time.TimerCount > 0)
                {
                    _time.Advance(TimeSpan.FromSeconds(1));
                }

                return download.IsCompleted;
            },
            "it gives up");
        var failure = (await download).Failure;
        Assert.Equal(FailureKind.Unavailable, failure?.Kind);
        Assert.Contains("the line is dead", failure?.Message, StringComparison.Ordinal);
        Assert.InRange(_time.GetUtcNow() - DateTimeOffset.UnixEpoch, Patience, Patience + TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task OneLiarBesideOneHonestDoesNoHarm()
    {
        using var target = new MemoryContent(_manifest);
        var client = new ScriptedClient((run, bringAll, _) => Task.FromResult(run.Source.Host == "liar"
            ? new RunResult(RunEnd.Damaged, run.FirstPiece, new Failure(FailureKind.Damaged, "bad"))
            : bringAll()));
        Assert.True((await RunAsync(client, target, ["liar", "honest"])).Succeeded);
        Assert.Single(client.Asked, asked => asked.Source == "liar");
    }

    [Fact]
    public async Task OnlyLiarsEndAsDamaged()
    {
        using var target = new MemoryContent(_manifest);
        var client = new ScriptedClient((run, _, _) =>
            Task.FromResult(new RunResult(RunEnd.Damaged, run.FirstPiece, new Failure(FailureKind.Damaged, "piece 0 is bad"))));
        var failure = (await RunAsync(client, target, ["a", "b"])).Failure;
        Assert.Equal(FailureKind.Damaged, failure?.Kind);
        Assert.Contains("piece 0 is bad", failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AClientThatThrowsEndsTheDownloadInPlaceOfHangingIt()
    {
        using var target = new MemoryContent(_manifest);
        var client = new ScriptedClient((_, _, _) => throw new InvalidOperationException("a mistake"));
        var download = RunAsync(client, target, ["a"]);
        await Eventually.TrueAsync(() => download.IsCompleted, "the download ends");
        var failure = (await download).Failure;
        Assert.Contains("a mistake", failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CancellingEndsItOnlyWhenNoRunWritesAnyMore()
    {
        using var target = new MemoryContent(_manifest);
        using var stop = new CancellationTokenSource();
        var release = new TaskCompletionSource();
        var client = new ScriptedClient(async (run, _, _) =>
        {
            await release.Task;
            return ScriptedClient.Fail(RunEnd.Broken, run);
        });
        var download = RunAsync(client, target, ["a", "b"], stop.Token);
        await Eventually.TrueAsync(() => client.Active == 2, "both are asked");
        await stop.CancelAsync();
        Assert.False(download.IsCompleted);
        release.SetResult();
        Assert.Equal(FailureKind.Cancelled, (await download).Failure?.Kind);
        Assert.Equal(0, client.Active);
    }

    [Fact]
    public async Task AFullDiskEndsItForAllSources()
    {
        using var target = new MemoryContent(_manifest);
        var client = new ScriptedClient(async (run, _, stop) =>
        {
            if (run.Source.Host == "full")
            {
                return new RunResult(RunEnd.LocalFailure, run.FirstPiece, new Failure(FailureKind.Full, "no room"));
            }

            var stopped = new TaskCompletionSource();
            await using var registered = stop.Register(stopped.SetResult);
            await stopped.Task;
            return ScriptedClient.Fail(RunEnd.Broken, run);
        });
        Assert.Equal(FailureKind.Full, (await RunAsync(client, target, ["slow", "full"])).Failure?.Kind);
    }

    private async Task<Outcome<bool>> RunAsync(ScriptedClient client, MemoryContent target, string[] sources, CancellationToken? stop = null)
    {
        await using var system = new ActorSystem("test", new ActorSystemOptions { Clock = _time });
        return await new Downloader(system, client).DownloadAsync(
            new DownloadOrder(_manifest, [.. sources.Select(name => new Uri($"http://{name}/"))], target, Patience),
            bytes => Interlocked.Add(ref _bytes, bytes),
            stop ?? TestContext.Current.CancellationToken);
    }
}
