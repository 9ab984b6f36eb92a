using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Cete.Benchmarks;

/// <summary>The published program: how fast it starts, how soon a node is ready, and what both hold in memory.</summary>
internal static partial class ProgramStart
{
    private const int Rounds = 15;

    public static async Task RunAsync(Report report)
    {
        var root = Tree.FindRoot();
        var program = Path.Combine(root, "artifacts", "cete", "cete");
        Call("/bin/bash", [Path.Combine(root, "deploy", "publish.sh"), Path.GetDirectoryName(program)!]);
        var work = Directory.CreateTempSubdirectory("cete-bench-").FullName;
        try
        {
            report.AtMost("cete --help, published", Report.Median(Times(() => Call(program, ["--help"]))), 80, "ms");
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
            using var trial = StartNode(program, data, round == 0);
            _ = await trial.StandardOutput.ReadLineAsync();
            ready.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            Stop(trial);
        }

        report.AtMost("node ready after its start", Report.Median(ready), 1_500, "ms");
        using var node = StartNode(program, data, create: false);
        try
        {
            var line = await node.StandardOutput.ReadLineAsync() ?? string.Empty;
            var address = AddressPattern().Match(line).Value;
            report.AtMost("memory of an idle node", Memory(node, "VmRSS"), 120, "MiB");
            report.AtMost("cete ls against a node", Report.Median(Times(() => Call(program, ["ls", "--node", address]))), 150, "ms");
            MeasureLargeFile(report, program, work, node, address);
        }
        finally
        {
            Stop(node);
        }
    }

    private static void MeasureLargeFile(Report report, string program, string work, Process node, string address)
    {
        foreach (var mebibytes in new[] { 64, 1024 })
        {
            var file = Path.Combine(work, $"file-{mebibytes}");
            using (var stream = File.Create(file))
            {
                stream.SetLength(mebibytes * 1024L * 1024);
                stream.Write(BitConverter.GetBytes(mebibytes));
            }

            Call(program, ["put", file, "--node", address, "--json"]);
            Call(program, ["get", $"/file-{mebibytes}", "--to", Path.Combine(work, "got"), "--node", address, "--json"]);
            report.Note($"peak memory of the node after {mebibytes} MiB in and out", Memory(node, "VmHWM"), "MiB");
        }
    }

    private static Process StartNode(string program, string data, bool create) => Process.Start(new ProcessStartInfo(
        program, ["node", "--data", data, "--http", "127.0.0.1:0", "--json", .. create ? ["--create", "bench"]
            : Array.Empty<string>()])
    { RedirectStandardOutput = true })!;

    private static void Stop(Process process)
    {
        process.Kill();
        process.WaitForExit();
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

    private static void Call(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
        }
    }

    private static double Memory(Process process, string field)
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").First(l => l.StartsWith(field + ":", StringComparison.Ordinal));
        return double.Parse(NumberPattern().Match(line).Value, CultureInfo.InvariantCulture) / 1024;
    }

    [GeneratedRegex("http://[^\"]+")]
    private static partial Regex AddressPattern();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex NumberPattern();
}
