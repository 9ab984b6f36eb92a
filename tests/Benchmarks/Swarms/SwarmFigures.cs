using System.Security.Cryptography;

namespace Cete.Benchmarks.Swarms;

/// <summary>
/// One file to many on links that carry only so much, against aria2 and libtorrent in the same run. The bound is max(F/u, F/d, N*F/(u + sum of u)), at the rate
/// that one curl reaches on such a link. Needs root, iproute2 and curl.
/// </summary>
internal static class SwarmFigures
{
    private const int Megabytes = 64;
    private const int Up = 50;
    private const int SlowUp = 5;
    private const int Down = 200;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);

    public static async Task RunAsync(Report report, string? only)
    {
        foreach (var (name, count, slow) in ((string, int, int)[])[("equal links", 8, 0), ("equal links", 16, 0), ("half of them ten times slower up", 16, 8)])
        {
            if (only is null || only == $"{count}{(slow > 0 ? "-mixed" : string.Empty)}")
            {
                await RunAsync(report, $"{count} downloaders, {name}", count, slow);
            }
        }
    }

    private static async Task RunAsync(Report report, string name, int count, int slow)
    {
        var folder = Directory.CreateTempSubdirectory("cete-swarm-").FullName;
        try
        {
            var file = Path.Combine(folder, "data.bin");
            await File.WriteAllBytesAsync(file, RandomNumberGenerator.GetBytes(Megabytes << 20));
            List<int> uplinks = [Up, .. Enumerable.Range(0, count).Select(i => i < count - slow ? Up : SlowUp)];
            using var hosts = ShapedHosts.Make(uplinks, Down);
            var goodput = await GoodputAsync(file);
            report.Note($"swarm, {name}: one curl, of the link", goodput, string.Empty);
            var megabits = (Megabytes << 20) * 8 / 1e6;
            double peers = uplinks.Skip(1).Sum();
            var bound = Math.Max(Math.Max(megabits / Up, megabits / Down), count * megabits / (Up + peers)) / goodput;
            var best = double.MaxValue;
            foreach (var isAria in (bool[])[true, false])
            {
                if (TorrentSwarm.Missing(isAria) is { } missing)
                {
                    Console.WriteLine($"skipped: {missing}");
                    continue;
                }

                using var rival = new TorrentSwarm(isAria, folder);
                var (last, _, copies) = await MeasureAsync(rival, file, count);
                best = Math.Min(best, last);
                report.Note($"swarm, {name}: {rival.Name}, last over the bound ({copies:0.00} copies from the source)", last / bound, string.Empty);
            }

            using var cete = new CeteSwarm(folder);
            var (ours, median, sent) = await MeasureAsync(cete, file, count);
            report.AtMost($"swarm, {name}: last over the bound", ours / bound, slow > 0 ? 1.15 : 1.05);
            report.Note($"swarm, {name}: median over the bound", median / bound, string.Empty);
            report.AtMost($"swarm, {name}: copies that the source sent", sent, 1.3);
            if (best < double.MaxValue)
            {
                report.AtMost($"swarm, {name}: last over that of the best other", ours / best, 1);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(double Last, double Median, double Copies)> MeasureAsync(ISwarmProgram program, string file, int count)
    {
        await program.PrepareAsync(file, sources: 1, count);
        var (sent, began) = (ShapedHosts.Sent(0), TimeProvider.System.GetTimestamp());
        await program.BeginAsync();
        var done = new double[count];
        while (done.Any(at => at == 0))
        {
            var now = TimeProvider.System.GetElapsedTime(began);
            for (var i = 0; i < count; i++)
            {
                done[i] = done[i] == 0 && File.Exists(program.DoneOf(i + 1)) ? now.TotalSeconds : done[i];
            }

            if (now > Bound)
            {
                var missing = done.Count(at => at == 0);
                throw new InvalidOperationException($"{program.Name}: {missing} of {count} did not get the file in {Bound.TotalMinutes:0} minutes");
            }

            await Pause.ForAsync(Look);
        }

        var copies = (double)(ShapedHosts.Sent(0) - sent) / new FileInfo(file).Length;
        var right = Hash(file);
        for (var i = 1; i <= count; i++)
        {
            if (Hash(program.ResultOf(i)) != right)
            {
                throw new InvalidOperationException($"{program.Name}: host {i} has another file");
            }
        }

        return (done.Max(), Report.Median(done), copies);
    }

    /// <summary>What share of the link one curl fills with the file's bytes.</summary>
    private static async Task<double> GoodputAsync(string file)
    {
        using var server = ShapedHosts.Start(
            0, "/usr/bin/python3", ["-m", "http.server", "--bind", ShapedHosts.AddressOf(0), "--directory", Path.GetDirectoryName(file)!, "8000"]);
        try
        {
            await Pause.ForAsync(TimeSpan.FromSeconds(1));
            var began = TimeProvider.System.GetTimestamp();
            using var curl = ShapedHosts.Start(
                1,
                "curl",
                ["-sf", "--retry", "5", "--retry-connrefused", "-o", "/dev/null", $"http://{ShapedHosts.AddressOf(0)}:8000/{Path.GetFileName(file)}"]);
            await curl.WaitForExitAsync();
            return (Megabytes << 20) * 8 / 1e6 / Up / TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync();
        }
    }

    /// <summary>By a program that does not mind that others hold the file.</summary>
    private static string Hash(string path) => Published.Call("sha256sum", path)[..64];
}
