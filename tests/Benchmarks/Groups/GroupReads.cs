namespace Cete.Benchmarks.Groups;

/// <summary>
/// Linearizable reads of groups with more and more replicas. Each node answers so many a second at most, since all of them share this machine:
/// what is measured is whether reads spread and what they cost the root, not how fast a processor is.
/// </summary>
internal static class GroupReads
{
    /// <summary>Reads a second of a node: few enough for five nodes and their clients on two cores.</summary>
    private const int Cap = 400;

    private const int ClientsPerNode = 24;
    private const int Rounds = 3;

    public static async Task RunAsync(Report report, string folder)
    {
        var one = 0.0;
        foreach (var (count, asked) in new[] { (1, 0.0), (2, 1.8), (3, 2.6), (5, 4.2) })
        {
            await using var nodes = new GroupNodes(Path.Combine(folder, $"{count}"), count, readsMax: Cap);
            var root = await KeyValueNodes.StartAllAsync(nodes);
            var key = "read"u8.ToArray();
            await nodes.PutAsync(root, 0, key, new byte[128]);
            await RunAsync(nodes, key, TimeSpan.FromSeconds(2));
            List<double> rates = [];
            while (rates.Count < Rounds)
            {
                rates.Add(await RunAsync(nodes, key, TimeSpan.FromSeconds(3)));
            }

            var rate = Report.Median(rates);
            if (count == 1)
            {
                one = rate;
                report.Note($"linearizable reads of 1 node that is held to {Cap} a second", rate, "/s");
            }
            else
            {
                report.AtLeast($"  of {count} nodes / of 1", rate / one, asked, "x");
            }
        }
    }

    private static async Task<double> RunAsync(GroupNodes nodes, byte[] key, TimeSpan time) =>
        (await Load.RunAsync(nodes, nodes.Count * ClientsPerNode, time, (client, _) => nodes.GetAsync(client % nodes.Count, key))).Rate;
}
