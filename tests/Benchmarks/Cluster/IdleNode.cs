namespace Cete.Benchmarks.Cluster;

/// <summary>
/// What the fabric and the membership of 100 members cost a node that does nothing else: the published program alone, and then the same process with
/// 99 members more. Each of those has a connection with it, and the product's own membership; among each other they talk within one process.
/// </summary>
internal static class IdleNode
{
    private const int Others = 99;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(20);

    public static async Task RunAsync(Report report)
    {
        var folder = Directory.CreateTempSubdirectory("cete-bench-").FullName;
        try
        {
            var data = Path.Combine(folder, "node");
            using var node = await PublishedNode.StartAsync(data, create: true, "--fabric", "127.0.0.1:0", "-D", "cete.fabric.preset=lan");
            await Pause.ForAsync(Settling);
            var alone = await CoreAsync(node);
            var (resident, own) = (node.Memory("VmRSS"), node.Memory("RssAnon"));
            using var others = Child.Start(Child.Own, LightMembers.Argument, data, node.Fabric, $"{Others}");
            try
            {
                _ = await others.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the light members failed");
                await Pause.ForAsync(Settling);
                var among = await CoreAsync(node);
                report.AtMost($"an idle node of {Others + 1} members, of a core", among * 100, 1, "%");
                report.Note("  the same node alone", alone * 100, "%");
                report.AtMost($"memory that {Others} members add to a node", node.Memory("VmRSS") - resident, 30, "MiB");
                report.Note("  of it its own, without pages of the program's files", node.Memory("RssAnon") - own, "MiB");
                report.Note("  the same node alone, resident", resident, "MiB");
            }
            finally
            {
                others.StandardInput.Close();
                await others.WaitForExitAsync();
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double> CoreAsync(PublishedNode node)
    {
        var (before, start) = (node.Processor(), System.Diagnostics.Stopwatch.GetTimestamp());
        await Pause.ForAsync(Window);
        return (node.Processor() - before) / System.Diagnostics.Stopwatch.GetElapsedTime(start);
    }
}
