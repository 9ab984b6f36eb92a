using System.Net;
using System.Net.Http.Json;
using Cete.Core;

namespace Cete.Benchmarks.Accounts;

/// <summary>
/// Clients that log in as fast as they are answered, and one beside them that lists entries: passwords have one core of the node, those that wait are
/// bounded, whoever comes beyond that is told so, and the others keep their pace.
/// </summary>
internal static class LoginFlood
{
    /// <summary>Half as many again as may wait.</summary>
    private const int Clients = 24;

    private const int Lists = 1_500;

    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(Report report)
    {
        Console.Error.WriteLine("LoginFlood ...");
        await using var node = await AccountsNode.StartAsync(Clients);
        using var reader = new HttpClient { BaseAddress = node.Address };
        await ListAsync(reader, Lists / 3);
        var calm = await ListAsync(reader, Lists);

        using var stop = new CancellationTokenSource();
        var flood = Enumerable.Range(0, Clients).Select(client => LogInAsync(node, client, stop.Token)).ToList();
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < Warm)
        {
            await ListAsync(reader, 10);
        }

        var flooded = await ListAsync(reader, Lists);
        await stop.CancelAsync();
        var answers = await Task.WhenAll(flood);
        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        report.AtLeast("logins a second, one core of the node", answers.Sum(answer => answer.Opened) / seconds, 4);
        report.AtLeast("logins told to come again (429)", answers.Sum(answer => answer.Throttled), 1);
        report.AtMost("logins answered otherwise", answers.Sum(answer => answer.Others), 0);
        report.Note("GET /api/entries alone, p50", calm.P50, "ms");
        report.Note("GET /api/entries alone, p99", calm.P99, "ms");
        report.AtMost("the same while logins flood, p50 to p50", flooded.P50 / calm.P50, 2);
        report.AtMost("the same while logins flood, p99 to p99", flooded.P99 / calm.P99, 4);
    }

    private static async Task<(double P50, double P99)> ListAsync(HttpClient client, int count)
    {
        var took = new List<double>(count);
        for (var i = 0; i < count; i++)
        {
            var began = TimeProvider.System.GetTimestamp();
            using var answer = await client.GetAsync(new Uri("/api/entries?folder=/music&limit=50", UriKind.Relative));
            Check.That(answer.StatusCode == HttpStatusCode.OK, "entries are listed");
            _ = await answer.Content.ReadAsByteArrayAsync();
            took.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
        }

        took.Sort();
        return (took[count / 2], took[count * 99 / 100]);
    }

    private static async Task<(int Opened, int Throttled, int Others)> LogInAsync(AccountsNode node, int client, CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = node.Address };
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        var (opened, throttled, others) = (0, 0, 0);
        while (!stop.IsCancellationRequested)
        {
            using var answer = await http.PostAsJsonAsync("/api/sessions", new { name = AccountsNode.NameOf(client), password = AccountsNode.Password },
                CancellationToken.None);
            opened += answer.IsSuccessStatusCode ? 1 : 0;
            throttled += answer.StatusCode == HttpStatusCode.TooManyRequests ? 1 : 0;
            others += !answer.IsSuccessStatusCode && answer.StatusCode != HttpStatusCode.TooManyRequests ? 1 : 0;
            if (!answer.IsSuccessStatusCode)
            {
                // Whoever is told to come again comes again soon, as programs do that know no better.
                await pause.WaitForNextTickAsync(CancellationToken.None);
            }
        }

        return (opened, throttled, others);
    }
}
