using System.Diagnostics;
using System.Security.Cryptography;

namespace Cete.Benchmarks.Transfer;

/// <summary>
/// Ten thousand files of 10 KB from one node to one <c>cete get</c>, in memory: against aria2, which verifies them by SHA-256, from nginx. curl beside
/// it shows what it costs to verify nothing.
/// </summary>
internal static class SmallFiles
{
    private const int Files = 10_000;
    private const int Length = 10_000;
    private const int Rounds = 3;

    public static async Task RunAsync(Report report)
    {
        var program = Published.Make();
        var work = Memory.NewFolder();
        try
        {
            var source = Directory.CreateDirectory(Path.Combine(work, "many")).FullName;
            var prng = new Cete.Core.Prng(2);
            var bytes = new byte[Length];
            List<string> hashes = [];
            for (var i = 0; i < Files; i++)
            {
                prng.Fill(bytes);
                hashes.Add(Convert.ToHexStringLower(SHA256.HashData(bytes)));
                await File.WriteAllBytesAsync(Path.Combine(source, $"{i:00000}.bin"), bytes);
            }

            using var node = await PublishedNode.StartAsync(Path.Combine(work, "node"), create: true);
            Published.Call(program, "put", source, "--node", node.Address, "--json");
            using var nginx = Nginx.TryStart(work, work);
            await CompareAsync(report, program, node, nginx, work, hashes);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task CompareAsync(Report report, string program, PublishedNode node, Nginx? nginx, string work, List<string> hashes)
    {
        List<double> ours = [];
        List<double> aria2 = [];
        List<double> curl = [];
        var list = Path.Combine(work, "list");
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(Time(work, output => Published.Call(program, "get", "/many", "--to", output, "--node", node.Address, "--json")));
            if (nginx is not null)
            {
                var names = Enumerable.Range(0, Files).Select(i => $"{nginx.Address}many/{i:00000}.bin").ToList();
                await File.WriteAllLinesAsync(list, names.Select((name, i) => $"{name}\n  checksum=sha-256={hashes[i]}"));
                aria2.Add(Time(work, output => Published.Call("aria2c", "-q", "-j", "16", "-i", list, "-d", output)));
                await File.WriteAllLinesAsync(list, names.Select(name => $"url = {name}\nremote-name"));
                curl.Add(Time(work, output => Published.Call("curl", "-s", "-Z", "--parallel-max", "16", "--create-dirs", "--output-dir", output, "-K", list)));
            }
        }

        report.Note("10,000 files of 10 KB: cete get, verified", Report.Median(ours), "s");
        if (nginx is not null)
        {
            report.Note("10,000 files of 10 KB: nginx and aria2, verified", Report.Median(aria2), "s");
            report.Note("10,000 files of 10 KB: nginx and curl, nothing verified", Report.Median(curl), "s");
            report.AtLeast("10,000 files of 10 KB: peer that verifies / cete", Report.Median(aria2) / Report.Median(ours), 2);
        }
    }

    private static double Time(string work, Action<string> get)
    {
        var output = Path.Combine(work, "out");
        var start = Stopwatch.GetTimestamp();
        get(output);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Directory.Delete(output, recursive: true);
        return seconds;
    }
}
