using System.Diagnostics;

namespace Cete.Benchmarks;

/// <summary>The published program: how fast it starts, how soon a node is ready, and what both hold in memory.</summary>
internal static class ProgramStart
{
    private const int Rounds = 15;

    public static async Task RunAsync(Report report)
    {
        var program = Published.Make();
        var work = Directory.CreateTempSubdirectory("cete-bench-").FullName;
        try
        {
            report.AtMost("cete --help, published", Report.Median(Times(() => Published.Call(program, "--help"))), 80, "ms");
            await MeasureNodeAsync(report, program, work);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task MeasureNodeAsync(Report report, string program, string work)
    {
        var data = Path.Combine(work, "node");
        List<double> ready = [];
        for (var round = 0; round < 5; round++)
        {
            var start = Stopwatch.GetTimestamp();
            using var trial = await PublishedNode.StartAsync(data, create: round == 0);
            ready.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        report.AtMost("node ready after its start", Report.Median(ready), 1_500, "ms");
        using var node = await PublishedNode.StartAsync(data, create: false);
        report.AtMost("memory of an idle node", node.Memory("VmRSS"), 120, "MiB");
        report.AtMost("cete ls against a node", Report.Median(Times(() => Published.Call(program, "ls", "--node", node.Address))), 150, "ms");
        MeasureLargeFile(report, program, work, node);
    }

    private static void MeasureLargeFile(Report report, string program, string work, PublishedNode node)
    {
        foreach (var mebibytes in new[] { 64, 1024 })
        {
            var file = Path.Combine(work, $"file-{mebibytes}");
            using (var stream = File.Create(file))
            {
                stream.SetLength(mebibytes * 1024L * 1024);
                stream.Write(BitConverter.GetBytes(mebibytes));
            }

            Published.Call(program, "put", file, "--node", node.Address, "--json");
            Published.Call(program, "get", $"/file-{mebibytes}", "--to", Path.Combine(work, "got"), "--node", node.Address, "--json");
            report.Note($"peak memory of the node after {mebibytes} MiB in and out", node.Memory("VmHWM"), "MiB");
        }
    }

    private static List<double> Times(Action action)
    {
        List<double> times = [];
        for (var round = 0; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            action();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return times;
    }
}
