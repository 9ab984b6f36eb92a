namespace Cete.Benchmarks.Groups;

/// <summary>
/// Replicated groups against etcd on the same disk in the same run, in turn: writes, and the time from a root's end to the next write. Then what
/// has no counterpart there: reads of more nodes, the start of a large replica, groups that do nothing.
/// </summary>
internal static class GroupFigures
{
    private const int ManyClients = 64;
    private const int Rounds = 5;
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RoundTime = TimeSpan.FromSeconds(3);

    /// <param name="report">Takes the figures.</param>
    /// <param name="only">One part: puts, failover, reads, start, idle; null for all.</param>
    public static async Task RunAsync(Report report, string? only)
    {
        // Not in memory, as temporary folders often are: the point is what reaches a disk.
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, $"groups-{Environment.ProcessId}")).FullName;
        try
        {
            if (!EtcdNodes.IsThere)
            {
                Console.Error.WriteLine("etcd is not installed (apt-get install etcd-server): groups are measured alone");
            }

            if (only is null or "puts" or "failover")
            {
                await AgainstEtcdAsync(report, folder, only);
            }

            if (only is null or "reads")
            {
                await GroupReads.RunAsync(report, Path.Combine(folder, "reads"));
            }

            if (only is null or "start")
            {
                await LargeReplica.RunAsync(report, Path.Combine(folder, "large"));
            }

            if (only is null or "idle")
            {
                await IdleGroups.RunAsync(report, Path.Combine(folder, "idle"));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task AgainstEtcdAsync(Report report, string folder, string? only)
    {
        await using var cete = new GroupNodes(Path.Combine(folder, "cete"), 3);
        await using var etcd = EtcdNodes.IsThere ? new EtcdNodes(Path.Combine(folder, "etcd"), ManyClients) : null;
        var root = await KeyValueNodes.StartAllAsync(cete);
        var leader = etcd is null ? 0 : await KeyValueNodes.StartAllAsync(etcd);
        if (only is null or "puts")
        {
            if (etcd is not null)
            {
                await ChooseConnectionsAsync(etcd, leader);
            }

            // Compiles what a node that has run for a while has compiled long ago: a third of its processor time before that.
            await Load.PutAsync(cete, root, ManyClients, WarmUpTime);
            await PutsAsync(report, cete, root, etcd, leader, ManyClients);
            await PutsAsync(report, cete, root, etcd, leader, clients: 1);
        }

        if (only is null or "failover")
        {
            await Failover.RunAsync(report, cete, etcd);
        }
    }

    private static async Task ChooseConnectionsAsync(EtcdNodes etcd, int leader)
    {
        Dictionary<int, double> rates = [];
        foreach (var connections in (int[])[ManyClients, 1, ManyClients, 1])
        {
            etcd.Connections = connections;
            rates[connections] = (await Load.PutAsync(etcd, leader, ManyClients, RoundTime / 2)).Rate;
        }

        etcd.Connections = rates[1] >= rates[ManyClients] ? 1 : ManyClients;
        Console.Error.WriteLine($"etcd: {rates[1]:0} puts/s over one connection, {rates[ManyClients]:0} over one a client");
    }

    private static async Task PutsAsync(Report report, GroupNodes cete, int root, EtcdNodes? etcd, int leader, int clients)
    {
        List<Load> ours = [];
        List<Load> theirs = [];
        for (var round = -1; round < Rounds; round++)
        {
            var own = await Load.PutAsync(cete, root, clients, RoundTime);
            var other = etcd is null ? null : await Load.PutAsync(etcd, leader, clients, RoundTime);

            // In the first round the compiler was busy.
            if (round >= 0)
            {
                ours.Add(own);
                theirs.AddRange(other is null ? [] : [other]);
            }
        }

        var name = clients == 1 ? "puts of 128 B by 1 client" : $"puts of 128 B by {clients} clients";
        Note(report, $"{name}: Cete", ours);
        if (theirs.Count > 0)
        {
            Note(report, $"{name}: etcd", theirs);
            var pairs = ours.Zip(theirs).ToList();
            report.AtLeast($"{name}, Cete / etcd", Report.Median(pairs.Select(pair => pair.First.Rate / pair.Second.Rate)), 2, "x");
            report.AtMost("  p50, Cete / etcd", Report.Median(pairs.Select(pair => pair.First.P50 / pair.Second.P50)), 1, "x");
            report.Note("  p99, Cete / etcd", Report.Median(pairs.Select(pair => pair.First.P99 / pair.Second.P99)), "x");
        }
    }

    private static void Note(Report report, string name, List<Load> loads)
    {
        report.Note(name, Report.Median(loads.Select(load => load.Rate)), "/s");
        report.Note("  p50", Report.Median(loads.Select(load => load.P50)), "ms");
        report.Note("  p99", Report.Median(loads.Select(load => load.P99)), "ms");
        report.Note("  processor time of the nodes for each", Report.Median(loads.Select(load => load.NodesMicroseconds)), "us");
        report.Note("  processor time of the clients for each", Report.Median(loads.Select(load => load.OwnMicroseconds)), "us");
    }
}
