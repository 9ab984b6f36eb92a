using System.Diagnostics;
using Cete.Core;
using Cete.Groups;
using Cete.Index;

namespace Cete.Benchmarks.Index;

/// <summary>Adds entries as <c>put</c> does: 200 a command, each acknowledged when it is durable and applied; two members at once.</summary>
internal static class IndexFilling
{
    private const int BatchEntries = 200;
    private const int Members = 2;

    public static async Task RunAsync(Report report, IndexHost host, Corpus corpus, int count)
    {
        List<double> rates = [];
        var start = Stopwatch.GetTimestamp();
        var work = Environment.CpuUsage.TotalTime;
        var stretch = Math.Max(BatchEntries, count / 20);
        var stretchStart = start;
        var stretchEnd = stretch;
        Queue<Task<Outcome<Filed>>> underWay = [];
        for (var number = 0; number < count; number += BatchEntries)
        {
            NewEntry[] batch = [.. Enumerable.Range(number, Math.Min(BatchEntries, count - number)).Select(corpus.Next)];
            if (underWay.Count == Members)
            {
                MustSucceed(await underWay.Dequeue());
            }

            underWay.Enqueue(host.Service.FileAsync(batch, "node-1", Asker.Local, null, CancellationToken.None));
            if (number + BatchEntries >= stretchEnd)
            {
                rates.Add(stretch / Stopwatch.GetElapsedTime(stretchStart).TotalSeconds);
                Console.Error.WriteLine($"{number + BatchEntries} entries, {rates[^1]:0} a second");
                (stretchStart, stretchEnd) = (Stopwatch.GetTimestamp(), stretchEnd + stretch);
            }
        }

        while (underWay.TryDequeue(out var last))
        {
            MustSucceed(await last);
        }

        var whole = count / Stopwatch.GetElapsedTime(start).TotalSeconds;
        report.Note("index: adding, work of all cores an entry", (Environment.CpuUsage.TotalTime - work).TotalMicroseconds / count, "us");
        report.Note("index: adding, the first twentieth", rates[0], "entries/s");
        report.Note("index: adding, the last twentieth", rates[^1], "entries/s");
        report.AtLeast($"index: adding {count} entries, sustained", whole, 5_000, "entries/s");
        report.Note("index: store on disk", host.StoreBytes / (double)(1 << 20), "MiB");
        report.Note("index: store on disk, an entry", host.StoreBytes / (double)count, "B");
    }

    private static void MustSucceed(Outcome<Filed> filed) => Check.That(filed.Succeeded, filed.Failure?.Message ?? string.Empty);
}
