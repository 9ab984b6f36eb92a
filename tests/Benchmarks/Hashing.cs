using System.Diagnostics;
using System.Security.Cryptography;
using Cete.Storage.Local;
using Cete.Swarm;

namespace Cete.Benchmarks;

/// <summary>Hashing of <c>put</c> against what the cores can do: SHA-256 over 16 KiB blocks on one core, times the cores.</summary>
internal static class Hashing
{
    private const int FileSize = 1 << 30;
    private const int Rounds = 5;

    public static async Task RunAsync(Report report)
    {
        // In memory, so that no disk is measured.
        var folder = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        var path = Path.Combine(folder, $"cete-bench-{Environment.ProcessId}");
        try
        {
            WriteFile(path);
            List<double> ratios = [];
            List<double> rates = [];
            for (var round = 0; round < Rounds; round++)
            {
                var limit = OneCore() * Environment.ProcessorCount;
                var rate = await HashFileAsync(path);
                rates.Add(rate);
                ratios.Add(rate / limit);
            }

            report.Note("hashing of put, 1 GiB in memory", Report.Median(rates) / (1 << 20), "MiB/s");
            report.AtLeast("hashing of put / (cores x SHA-256 of one core)", Report.Median(ratios), 0.85);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static double OneCore()
    {
        var block = new byte[Merkle.LeafSize];
        Span<byte> hash = stackalloc byte[32];
        var start = Stopwatch.GetTimestamp();
        for (var done = 0; done < FileSize / 4; done += block.Length)
        {
            SHA256.HashData(block, hash);
        }

        return FileSize / 4 / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<double> HashFileAsync(string path)
    {
        var files = new LocalFiles();
        using var file = files.Open(files.Walk(path).Single()).Value;
        var start = Stopwatch.GetTimestamp();
        _ = (await file.HashAsync(_ => { }, CancellationToken.None)).Value;
        return FileSize / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void WriteFile(string path)
    {
        using var file = File.Create(path);
        var block = new byte[1 << 20];
        for (var done = 0; done < FileSize; done += block.Length)
        {
            BitConverter.TryWriteBytes(block, done);
            file.Write(block);
        }
    }
}
