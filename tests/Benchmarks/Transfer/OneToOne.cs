using System.Diagnostics;
using System.Text.Json;

namespace Cete.Benchmarks.Transfer;

/// <summary>
/// One gibibyte from one node to one <c>cete get</c>, verified and written, in memory: against today's tools, which the scripts of the peers'
/// folder run, and against what the machine can do at all. Rounds of both go in turn.
/// </summary>
internal static class OneToOne
{
    internal const int Mebibytes = 1024;
    internal const int Rounds = 5;

    /// <summary>Tools that verify and write.</summary>
    private static readonly string[] Tools = ["curl:openssl", "lt", "aria2http"];

    public static async Task RunAsync(Report report)
    {
        var program = Published.Make();
        var work = Memory.NewFolder();
        try
        {
            var file = Path.Combine(work, "data.bin");
            WriteRandom(file, Mebibytes);
            using var node = await PublishedNode.StartAsync(Path.Combine(work, "node"), create: true);
            Published.Call(program, "put", file, "--node", node.Address, "--json");
            List<double> ours = [];
            List<double> limits = [];
            Dictionary<string, List<double>> peers = [];
            for (var round = 0; round < Rounds; round++)
            {
                limits.Add(await Ceiling.MeasureAsync(file, work) / Environment.ProcessorCount);
                ours.Add(Get(program, node.Address, work));
                foreach (var (tool, seconds) in Peers.OneToOne(Mebibytes, Tools))
                {
                    peers.TryAdd(tool, []);
                    peers[tool].Add(seconds);
                }
            }

            Tell(report, ours, limits, peers);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static void Tell(Report report, List<double> ours, List<double> limits, Dictionary<string, List<double>> peers)
    {
        report.Note("1 GiB one to one: cete get", Report.Median(ours), "s");
        foreach (var (tool, seconds) in peers)
        {
            report.Note($"1 GiB one to one: {tool}", Report.Median(seconds), "s");
        }

        if (peers.Count > 0)
        {
            report.AtLeast("1 GiB one to one: fastest peer / cete", peers.Values.Min(Report.Median) / Report.Median(ours), 1.5);
        }

        report.AtMost("1 GiB one to one: cete / (socket + hash + write) / cores", Report.Median(ours) / Report.Median(limits), 1.35);
    }

    /// <summary>Seconds of <c>cete get</c> for the file.</summary>
    internal static double Get(string program, string address, string work, params string[] more)
    {
        var output = Path.Combine(work, "out");
        var start = Stopwatch.GetTimestamp();
        Published.Call(program, ["get", "/data.bin", "--to", output, "--node", address, "--json", .. more]);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Directory.Delete(output, recursive: true);
        return seconds;
    }

    internal static void WriteRandom(string path, int mebibytes)
    {
        using var file = File.Create(path);
        var block = new byte[1 << 20];
        var prng = new Cete.Core.Prng(1);
        for (var i = 0; i < mebibytes; i++)
        {
            prng.Fill(block);
            file.Write(block);
        }
    }
}

/// <summary>A folder on no disk, so that none is measured.</summary>
internal static class Memory
{
    public static string NewFolder()
    {
        var above = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        return Directory.CreateDirectory(Path.Combine(above, $"cete-bench-{Environment.ProcessId}")).FullName;
    }
}

/// <summary>The tools of others, by the scripts of the folder <c>../shared/peers</c> beside the checkout or the one that BENCH_PEERS names.</summary>
internal static class Peers
{
    /// <summary>Seconds of each tool for one file; nothing where there are no scripts.</summary>
    public static IEnumerable<(string Tool, double Seconds)> OneToOne(int mebibytes, string[] tools)
    {
        var folder = Environment.GetEnvironmentVariable("BENCH_PEERS") ?? Path.Combine(Tree.FindRoot(), "..", "shared", "peers");
        var script = Path.Combine(folder, "one2one.py");
        if (!File.Exists(script))
        {
            yield break;
        }

        var output = Published.Call("/usr/bin/python3", [script, "--mib", $"{mebibytes}", "--reps", "1", .. tools]);
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var row = JsonDocument.Parse(line);
            if (row.RootElement.GetProperty("ok").GetBoolean())
            {
                yield return (row.RootElement.GetProperty("tool").GetString()!, row.RootElement.GetProperty("wall_s").GetDouble());
            }
        }
    }
}
