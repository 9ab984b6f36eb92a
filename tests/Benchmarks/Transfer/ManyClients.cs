using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Cete.Benchmarks.Transfer;

/// <summary>A hundred clients that download the same file at once, against one alone: what is served in all, and how the slowest fares.</summary>
internal static class ManyClients
{
    private const int Clients = 100;
    private const int Mebibytes = 32;
    private const int Rounds = 3;

    public static async Task RunAsync(Report report)
    {
        var program = Published.Make();
        var work = Memory.NewFolder();
        try
        {
            var file = Path.Combine(work, "data.bin");
            OneToOne.WriteRandom(file, Mebibytes);
            using var node = await PublishedNode.StartAsync(Path.Combine(work, "node"), create: true);
            Published.Call(program, "put", file, "--node", node.Address, "--json");
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(node.Address) };
            var entries = await http.GetFromJsonAsync<JsonElement>("api/entries");
            var content = entries.GetProperty("entries")[0].GetProperty("content").GetString()!;
            await FetchAsync(http, content);
            List<double> ratios = [];
            List<double> slowest = [];
            for (var round = 0; round < Rounds; round++)
            {
                var alone = await AloneAsync(http, content);
                var start = Stopwatch.GetTimestamp();
                var times = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => FetchAsync(http, content)));
                ratios.Add(Clients * (double)Mebibytes / Stopwatch.GetElapsedTime(start).TotalSeconds / alone);
                slowest.Add(times.Max() / Report.Median(times));
            }

            report.AtLeast("100 clients at once / one client, in all", Report.Median(ratios), 0.9);
            report.AtMost("100 clients at once: the slowest / the median", Report.Median(slowest), 3);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>MiB a second of one client that downloads again and again.</summary>
    private static async Task<double> AloneAsync(HttpClient http, string content)
    {
        const int Times = 20;
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Times; i++)
        {
            await FetchAsync(http, content);
        }

        return Times * Mebibytes / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<double> FetchAsync(HttpClient http, string content)
    {
        var start = Stopwatch.GetTimestamp();
        using var response = await http.GetAsync(content, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[64 * 1024];
        while (await body.ReadAsync(buffer) > 0)
        {
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
