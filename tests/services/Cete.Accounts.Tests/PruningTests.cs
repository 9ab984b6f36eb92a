using System.Collections.Concurrent;
using Cete.Actors.Tests;
using Cete.Core;
using Cete.Groups;
using Cete.Testing;

namespace Cete.Accounts.Tests;

/// <summary>A node that keeps accounts has them forget at its start and once a day.</summary>
public sealed class PruningTests
{
    [Fact]
    public async Task It_looks_at_the_start_and_once_a_day()
    {
        using var bench = await Bench.BegunAsync();
        var (time, failures) = (new ManualTime(), new ConcurrentQueue<Failure>());
        using var stop = new CancellationTokenSource();
        var run = new Pruning(bench.Service, Bench.Node, time, failures.Enqueue).RunAsync(stop.Token);
        for (var looks = 1; looks <= 3; looks++)
        {
            await Eventually.TrueAsync(() => time.TimerCount == 1, "it waits for the next day");
            Assert.Equal(looks, bench.Group.Commands.Count(command => command.Type == "Prune"));
            time.Advance(AccountsLimits.PruneInterval);
        }

        await stop.CancelAsync();
        await run;
        Assert.Empty(failures);
    }

    [Fact]
    public async Task What_failed_is_told_and_tried_again_soon()
    {
        using var bench = await Bench.BegunAsync();
        var (time, failures) = (new ManualTime(), new ConcurrentQueue<Failure>());
        using var stop = new CancellationTokenSource();
        var run = new Pruning(bench.Service, new Asker(string.Empty, []), time, failures.Enqueue).RunAsync(stop.Token);
        await Eventually.TrueAsync(() => time.TimerCount == 1, "it waits to try again");
        time.Advance(AccountsLimits.PruneRetry);
        await Eventually.TrueAsync(() => failures.Count == 2, "it tried again");
        await stop.CancelAsync();
        await run;
        Assert.All(failures, failure => Assert.Equal(FailureKind.Forbidden, failure.Kind));
    }
}
