using Cete.Simulation.World;

namespace Cete.Simulation.Membership;

/// <summary>What a membership costs each of its nodes.</summary>
internal static class LoadScenario
{
    private const int RecordBytes = 900;

    /// <summary>Eight megabytes of whole views, sixteen of samples for a thousand newcomers, a dozen of gossip; without a bound it is 477.</summary>
    private const long SeedBytesMax = 50_000_000;

    /// <summary>A node's share in a second: messages, bytes and handshakes, each as the one who sent or asked.</summary>
    private sealed record Share(double Messages, double Bytes, double Handshakes)
    {
        public override string ToString() => FormattableString.Invariant($"{Messages:F2} messages, {Bytes:F0} B, {Handshakes:F2} handshakes");
    }

    /// <summary>Nothing happens: each node probes one other a second, and compares a digest now and then.</summary>
    public static void Steady(ulong seed, Report report)
    {
        var sixteen = Measure(seed, 16, report);
        var hundred = Measure(seed, 100, report);
        Check(sixteen, hundred, 100);
    }

    /// <summary>The same with a thousand, after all of them joined by one.</summary>
    public static void SteadyThousand(ulong seed, Report report) => Check(Measure(seed, 16, report), Measure(seed, 1_000, report), 1_000);

    /// <summary>A cluster falls into halves and is healed.</summary>
    public static void Heal(ulong seed, Report report) => Heal(seed, 100, report);

    /// <summary>The same with three hundred.</summary>
    public static void HealThreeHundred(ulong seed, Report report) => Heal(seed, 300, report);

    /// <summary>The same with a thousand.</summary>
    public static void HealThousand(ulong seed, Report report) => Heal(seed, 1_000, report);

    private static void Heal(ulong seed, int nodes, Report report)
    {
        var world = new SimWorld(seed);
        var cluster = MembershipCluster.Joined(world, nodes, new MembershipOptions { RecordBytes = RecordBytes });
        cluster.IsWatched = false;
        var partition = world.Network.Partition([.. Enumerable.Range(0, nodes / 2)]);
        world.RunFor((DetectionScenario.Suspicion(cluster.Options.Settings, nodes) * 6) + TimeSpan.FromSeconds(30));
        partition.Heal();
        var (before, began) = (Totals(cluster), world.Elapsed);
        var took = cluster.AwaitAgreement(TimeSpan.FromSeconds(30));
        world.RunFor(TimeSpan.FromSeconds(10));
        report.Line($"{nodes} nodes, healed halves: views equal after {took.TotalSeconds:F2} s; each node in the 10 s after: {Shared(cluster, before, began)}");
        report.End(world);
    }

    private static Share Measure(ulong seed, int nodes, Report report)
    {
        var world = new SimWorld(seed);
        var cluster = new MembershipCluster(world, nodes, new MembershipOptions { RecordBytes = RecordBytes }) { IsWatched = false };
        world.StartAll();
        var took = cluster.AwaitAgreement(TimeSpan.FromSeconds(30));
        world.RunFor(TimeSpan.FromSeconds(nodes >= 1_000 ? 40 : 10));
        var joined = Totals(cluster);
        report.Line($"{nodes} nodes, all join by one: views equal after {took.TotalSeconds:F2} s; sent until it is quiet:");
        var (seedBytes, most) = (cluster.Hosts[0].Counters.BytesSent, cluster.Hosts.Max(host => host.Counters.BytesSent));
        report.Line($"  by each {joined.Bytes / nodes:F0} B in {joined.Messages / nodes:F0} messages, by the seed node {seedBytes} B, at most {most} B");
        Core.Check.That(seedBytes <= SeedBytesMax, $"the node by which {nodes} joined sent {seedBytes} B");
        var (before, began) = (Totals(cluster), world.Elapsed);
        world.RunFor(TimeSpan.FromSeconds(nodes >= 1_000 ? 10 : 60));
        var share = Shared(cluster, before, began);
        report.Line($"{nodes} nodes, steady, each in a second: {share}");
        report.End(world);
        return share;
    }

    private static void Check(Share few, Share many, int nodes)
    {
        // One probe and its answer, a little for exchanges and helpers.
        Core.Check.That(many.Handshakes <= 1.1, FormattableString.Invariant($"{many.Handshakes:F2} handshakes a second of one of {nodes}"));
        Core.Check.That(many.Messages <= 3, FormattableString.Invariant($"{many.Messages:F2} messages a second of one of {nodes}"));
        var growth = Math.Log2(nodes) / Math.Log2(16);
        var bytes = FormattableString.Invariant($"{few.Bytes:F0} B a second of one of 16, {many.Bytes:F0} of one of {nodes}");
        Core.Check.That(many.Bytes <= few.Bytes * growth, bytes);
    }

    private static Share Totals(MembershipCluster cluster) => new(
        cluster.Hosts.Sum(host => (double)host.Counters.MessagesSent),
        cluster.Hosts.Sum(host => (double)host.Counters.BytesSent),
        cluster.Hosts.Sum(host => (double)host.Counters.ConnectionsAttempted));

    private static Share Shared(MembershipCluster cluster, Share before, TimeSpan began)
    {
        var (after, parts) = (Totals(cluster), (cluster.World.Elapsed - began).TotalSeconds * cluster.Hosts.Count);
        return new Share((after.Messages - before.Messages) / parts, (after.Bytes - before.Bytes) / parts, (after.Handshakes - before.Handshakes) / parts);
    }
}
