using System.Diagnostics;
using System.Text;

namespace Cete.Benchmarks.Groups;

/// <summary>What clients saw that ask one after the other, each as fast as it gets answers.</summary>
/// <param name="Rate">Answers a second.</param>
/// <param name="P50">Milliseconds that half of the answers took at most.</param>
/// <param name="P99">Milliseconds that all but one in a hundred took at most.</param>
/// <param name="OwnMicroseconds">Processor time of this process, the clients, an answer: of two cores that are shared with the nodes.</param>
/// <param name="NodesMicroseconds">Processor time of all nodes together, an answer.</param>
internal sealed record Load(double Rate, double P50, double P99, double OwnMicroseconds, double NodesMicroseconds)
{
    private const int ValueBytes = 128;

    /// <summary>Has clients write for a time.</summary>
    public static Task<Load> PutAsync(IKeyValueNodes nodes, int root, int clients, TimeSpan time)
    {
        var value = new byte[ValueBytes];
        return RunAsync(nodes, clients, time, (client, n) => nodes.PutAsync(root, client, Encoding.ASCII.GetBytes($"key-{client}-{n % 1000}"), value));
    }

    /// <summary>Has clients do something for a time; throws when it fails.</summary>
    public static async Task<Load> RunAsync(IKeyValueNodes nodes, int clients, TimeSpan time, Func<int, int, Task<bool>> act)
    {
        using var self = Process.GetCurrentProcess();
        var (own, used, start) = (self.TotalProcessorTime, nodes.Used, Stopwatch.GetTimestamp());
        var times = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            List<double> mine = [];
            while (Stopwatch.GetElapsedTime(start) < time)
            {
                var began = Stopwatch.GetTimestamp();
                if (!await act(client, mine.Count))
                {
                    throw new InvalidOperationException($"{nodes.Name} refused a request");
                }

                mine.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            return mine;
        })));
        var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        self.Refresh();
        double[] all = [.. times.SelectMany(mine => mine).Order()];
        return new Load(
            all.Length / took, all[all.Length / 2], all[all.Length * 99 / 100], (self.TotalProcessorTime - own).TotalMicroseconds / all.Length,
            (nodes.Used - used).TotalMicroseconds / all.Length);
    }
}
