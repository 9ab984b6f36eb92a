using System.Diagnostics;
using System.Net;
using Cete.Core;
using Cete.Net.Fabric;
using Cete.Ports;

namespace Cete.Benchmarks.Fabric;

/// <summary>
/// Small messages between two nodes, a process each, over loopback with TLS and real certificates; beside them, in turn, the raw limit. What is
/// asked in absolute figures takes the best round, since neighbours of the machine only ever make one slower.
/// </summary>
internal static class FabricFigures
{
    /// <summary>Of a body; frames around it are as long as those of the raw limit.</summary>
    private const int BodyBytes = 64;

    private const int FrameBytes = 76;
    private const int Messages = 1_000_000;
    private const int RoundTrips = 10_000;
    private const int InFlight = 64;
    private const int Rounds = 5;

    public static async Task RunAsync(Report report)
    {
        var folder = Directory.CreateTempSubdirectory("cete-bench-").FullName;
        try
        {
            Identities.Make(folder, 2);
            using var peer = Child.Start(Child.Own, EchoPeer.Argument, folder);
            try
            {
                var addresses = (await peer.StandardOutput.ReadLineAsync())!.Split(' ');
                await MeasureAsync(report, folder, addresses[0], IPEndPoint.Parse(addresses[1]));
            }
            finally
            {
                peer.StandardInput.Close();
                await peer.WaitForExitAsync();
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(Report report, string folder, string address, IPEndPoint raw)
    {
        using var identity = Identities.Open(folder, 0);
        await using var fabric = TlsFabric.Start(EchoPeer.Options(identity, new FabricRouter(), _ => [address])).Value;
        var peer = (await fabric.ConnectAsync(address, CancellationToken.None)).Value.Id;
        List<(double Rate, double Bytes)> oneWay = [];
        List<double> blocks = [];
        List<double> singles = [];
        List<double[]> trips = [];
        List<double[]> rawTrips = [];
        List<double> many = [];
        for (var round = -1; round < Rounds; round++)
        {
            oneWay.Add(await OneWayAsync(fabric, peer));
            blocks.Add(await RawTls.WriteAsync(raw, identity, FrameBytes, Messages, together: 800));
            singles.Add(await RawTls.WriteAsync(raw, identity, FrameBytes, Messages / 10, together: 1));
            trips.Add(await AskAsync(fabric, peer));
            rawTrips.Add(await RawTls.PingAsync(raw, identity, FrameBytes, RoundTrips));
            many.Add(await AskManyAsync(fabric, peer));
            if (round < 0)
            {
                // The compiler was busy.
                oneWay.Clear();
                Array.ForEach([blocks, singles, many], list => list.Clear());
                Array.ForEach([trips, rawTrips], list => list.Clear());
            }
        }

        var best = oneWay.Max(one => one.Rate);
        report.AtLeast("small messages one way, with TLS (Akka.NET 265,000)", best / 1_000, 300, "k/s");
        report.Note("  median of the rounds", Report.Median(oneWay.Select(one => one.Rate)) / 1_000, "k/s");
        report.AtLeast("  / raw TLS, a write for each", best / singles.Max(), 1, "x");
        report.Note("  / raw TLS in large blocks", best / blocks.Max(), "x");
        report.Note("  bytes allocated by the sender for each", oneWay.Min(one => one.Bytes), "B");
        var (p50, rawP50) = (trips.Min(round => At(round, 0.5)), rawTrips.Min(round => At(round, 0.5)));
        report.AtMost("round trip with TLS, p50 (Akka.NET 142)", p50, 120, "us");
        report.Note("  median of the rounds", Report.Median(trips.Select(round => At(round, 0.5))), "us");
        report.Note("  p99", trips.Min(round => At(round, 0.99)), "us");
        report.Note("  / raw TLS, p50", p50 / rawP50, "x");
        report.Note("  / raw TLS, p99", trips.Min(round => At(round, 0.99)) / rawTrips.Min(round => At(round, 0.99)), "x");
        report.Note($"round trips, {InFlight} in flight (Akka.NET 79,000 with 500)", many.Max() / 1_000, "k/s");
    }

    private static async Task<(double Rate, double Bytes)> OneWayAsync(TlsFabric fabric, KeyId peer)
    {
        var body = new byte[BodyBytes];
        var before = await HeardAsync(fabric, peer);
        var (start, allocated) = (Stopwatch.GetTimestamp(), GC.GetTotalAllocatedBytes());
        for (var i = 0; i < Messages; i++)
        {
            while (!fabric.Post(peer, FabricTopic.Echo, body))
            {
                Thread.Yield();
            }
        }

        var heard = await HeardAsync(fabric, peer) - before;
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return heard == Messages
            ? (Messages / seconds, (GC.GetTotalAllocatedBytes() - allocated) / (double)Messages)
            : throw new InvalidOperationException($"{heard} of {Messages} messages came");
    }

    private static async Task<long> HeardAsync(TlsFabric fabric, KeyId peer)
    {
        while (true)
        {
            var heard = await fabric.AskAsync(peer, FabricTopic.Reachability, default, TimeSpan.FromSeconds(60), CancellationToken.None);
            if (heard.Succeeded)
            {
                return BitConverter.ToInt64(heard.Value.Span);
            }
        }
    }

    private static async Task<double[]> AskAsync(TlsFabric fabric, KeyId peer)
    {
        var (body, times) = (new byte[BodyBytes], new double[RoundTrips]);
        for (var i = 0; i < RoundTrips; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var answer = await fabric.AskAsync(peer, FabricTopic.Echo, body, TimeSpan.FromSeconds(10), CancellationToken.None);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            if (answer.Failure is { } failure)
            {
                throw new InvalidOperationException(failure.Message);
            }
        }

        return times;
    }

    private static async Task<double> AskManyAsync(TlsFabric fabric, KeyId peer)
    {
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => Task.Run(async () =>
        {
            var body = new byte[BodyBytes];
            for (var i = 0; i < RoundTrips * 5 / InFlight; i++)
            {
                await fabric.AskAsync(peer, FabricTopic.Echo, body, TimeSpan.FromSeconds(10), CancellationToken.None);
            }
        })));
        return RoundTrips * 5 / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double At(double[] times, double share) => times.Order().ElementAt((int)(times.Length * share));
}
