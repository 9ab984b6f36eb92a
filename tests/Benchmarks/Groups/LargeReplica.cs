namespace Cete.Benchmarks.Groups;

/// <summary>A replica that has applied a million commands and is killed: the time from the start of its process to the first read that it answers.</summary>
internal static class LargeReplica
{
    private const int Commands = 1_000_000;
    private const int Starts = 5;

    public static async Task RunAsync(Report report, string folder)
    {
        await using var nodes = new GroupNodes(folder, 1);
        await nodes.StartAsync(0);
        await nodes.FillAsync(Commands);
        List<double> starts = [];
        while (starts.Count < Starts)
        {
            nodes.Kill(0);
            await nodes.StartAsync(0);
            starts.Add(nodes.Ready);
        }

        // The first one after the crash may have more to do than those that follow it.
        report.AtMost("start of a replica with 1,000,000 commands, the first after SIGKILL", starts[0], 2, "s");
        report.AtMost("  median of the starts", Report.Median(starts), 2, "s");
    }
}
