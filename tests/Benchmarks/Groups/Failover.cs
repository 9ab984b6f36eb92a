using System.Diagnostics;
using System.Text;

namespace Cete.Benchmarks.Groups;

/// <summary>The time from SIGKILL of the root to the next write that one of the others acknowledges, at equal times of heartbeats and elections.</summary>
internal static class Failover
{
    private const int Rounds = 20;

    /// <summary>A new write begins so often at each node that is left.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan SecondsMax = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(Report report, GroupNodes cete, EtcdNodes? etcd)
    {
        List<double> ours = [];
        List<double> theirs = [];
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(await OnceAsync(cete));
            if (etcd is not null)
            {
                theirs.Add(await OnceAsync(etcd));
            }
        }

        report.Note("from SIGKILL of the root to the next write: Cete", Report.Median(ours), "s");
        report.Note("  worst", ours.Max(), "s");
        if (etcd is not null)
        {
            report.Note("from SIGKILL of the root to the next write: etcd", Report.Median(theirs), "s");
            report.Note("  worst", theirs.Max(), "s");
            report.AtMost("from SIGKILL of the root to the next write, Cete / etcd", Report.Median(ours) / Report.Median(theirs), 1, "x");
            report.Note("  worst, Cete / etcd", ours.Max() / theirs.Max(), "x");
        }
    }

    private static async Task<double> OnceAsync(IKeyValueNodes nodes)
    {
        var root = await KeyValueNodes.RootAsync(nodes);
        await Load.PutAsync(nodes, root, clients: 1, TimeSpan.FromSeconds(0.5));
        var done = new TaskCompletionSource<double>(TaskCreationOptions.RunContinuationsAsynchronously);
        var value = new byte[128];
        nodes.Kill(root);
        var start = Stopwatch.GetTimestamp();
        using (var timer = new PeriodicTimer(Interval))
        {
            for (var n = 0; !done.Task.IsCompleted; n++)
            {
                foreach (var node in Enumerable.Range(0, nodes.Count).Where(node => node != root))
                {
                    _ = ProbeAsync(node, n);
                }

                await timer.WaitForNextTickAsync();
                if (Stopwatch.GetElapsedTime(start) > SecondsMax)
                {
                    throw new InvalidOperationException($"{nodes.Name} took no write in {SecondsMax}");
                }
            }
        }

        await nodes.StartAsync(root);
        await SettleAsync(nodes, root);
        return await done.Task;

        async Task ProbeAsync(int node, int n)
        {
            if (await nodes.PutAsync(node, n % 8, Encoding.ASCII.GetBytes($"probe-{n}"), value))
            {
                done.TrySetResult(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }
    }

    /// <summary>The node that was away takes writes again, and passes them on.</summary>
    private static async Task SettleAsync(IKeyValueNodes nodes, int node)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await nodes.PutAsync(node, 0, "back"u8.ToArray(), new byte[128]))
        {
            await timer.WaitForNextTickAsync();
        }
    }
}
