using System.Diagnostics;
using Cete.Core;
using Cete.Index;

namespace Cete.Benchmarks.Index;

/// <summary>A stated mix of questions, each asked as the pages ask it: one after the other, and the time of each.</summary>
internal sealed class IndexQueries(IndexHost host, Corpus corpus, Prng chance)
{
    private const int Each = 150;

    /// <summary>The kinds of questions; of each kind as many.</summary>
    private Dictionary<string, Func<EntryQuery>> Mix => new()
    {
        ["one of the ten commonest words"] = () => For(corpus.Words[chance.Next(10)]),
        ["two words"] = () => For($"{corpus.Word()} {corpus.Word()}"),
        ["two of the ten commonest"] = () => For($"{corpus.Words[chance.Next(10)]} {corpus.Words[chance.Next(10)]}"),
        ["two letters"] = () => For(Beginning(2)),
        ["three letters"] = () => For(Beginning(3)),
        ["four letters"] = () => For(Beginning(4)),
        ["a word and the beginning of one"] = () => For($"{corpus.Word()} {Beginning(1 + chance.Next(3))}"),
        ["a rare word"] = () => For(corpus.Words[10_000 + chance.Next(20_000)]),
        ["a common and a rare word"] = () => For($"{corpus.Words[chance.Next(10)]} {corpus.Words[5_000 + chance.Next(20_000)]}"),
        ["a phrase"] = () => For($"\"{corpus.Word()} {corpus.Word()}\""),
        ["a tag"] = () => For("tag:" + Corpus.Tag(chance.Next(100))),
        ["a common word without another"] = () => For($"{corpus.Words[chance.Next(30)]} -{corpus.Words[chance.Next(10)]}"),
        ["in a folder"] = () => For(corpus.Word()) with { Folder = EntryPath.Parse("/" + corpus.Words[10 + chance.Next(12)]).Value },
        ["a common word by size"] = () => For(corpus.Words[chance.Next(100)]) with { Sort = EntrySort.Size, Descending = true },
        ["a common word, the newest first"] = () => For(corpus.Words[chance.Next(100)]) with { Sort = EntrySort.Added, Descending = true },
        ["nothing to be found"] = () => For(corpus.Word() + "qx"),
    };

    public async Task RunAsync(Report report)
    {
        List<double> all = [];
        List<double> allWork = [];

        // Unmeasured at first: code that has hardly run is the program start's matter.
        foreach (var make in Enumerable.Repeat(Mix.Values, 20).SelectMany(makers => makers))
        {
            await AskAsync(make());
        }

        foreach (var (kind, make) in Mix)
        {
            List<double> times = [];
            List<double> work = [];
            for (var i = 0; i < Each; i++)
            {
                var before = Environment.CpuUsage.TotalTime;
                times.Add(await AskAsync(make()));
                work.Add((Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
            }

            all.AddRange(times);
            allWork.AddRange(work);
            Console.Error.WriteLine(
                $"{kind,-40} p50 {At(times, 0.5),7:0.00} p99 {At(times, 0.99),7:0.00} max {times.Max(),7:0.00} ms, work p50 {At(work, 0.5),7:0.00} p99 {At(work, 0.99),7:0.00} ms");
            report.Note($"index: p99 of {kind}", At(times, 0.99), "ms");
        }

        report.Note($"index: {all.Count} searches, p50", At(all, 0.5), "ms");
        report.AtMost($"index: {all.Count} searches, p99", At(all, 0.99), 30, "ms");
        report.Note($"index: {all.Count} searches, the slowest", all.Max(), "ms");
        report.Note($"index: {all.Count} searches, p99 of the work of all cores", At(allWork, 0.99), "ms");
        await SuggestionsAsync(report);
        await FirstPagesAsync(report);
    }

    private async Task SuggestionsAsync(Report report)
    {
        List<double> times = [];
        for (var i = 0; i < 2 * Each; i++)
        {
            var typed = i % 3 == 0 ? $"{corpus.Word()} {Beginning(1 + chance.Next(4))}" : Beginning(1 + chance.Next(4));
            var start = Stopwatch.GetTimestamp();
            Check.That((await host.Service.SuggestAsync(typed, 6, 4, CancellationToken.None)).Succeeded);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        report.AtMost("index: suggestions for 1 to 4 letters, with and without a word in front, p99", At(times, 0.99), 30, "ms");
    }

    private async Task FirstPagesAsync(Report report)
    {
        var (name, newest) = (new EntryQuery { Below = true }, new EntryQuery { Below = true, Sort = EntrySort.Added, Descending = true });
        List<double> times = [];
        for (var i = 0; i < 100; i++)
        {
            var start = Stopwatch.GetTimestamp();
            Check.That((await host.Service.FolderAsync(EntryPath.Top, CancellationToken.None)).Succeeded);
            Check.That((await host.Service.FoldersAsync(EntryPath.Top, null, 60, CancellationToken.None)).Succeeded);
            Check.That((await host.Service.ListAsync(i % 2 == 0 ? name : newest, CancellationToken.None)).Succeeded);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        report.AtMost("index: first page, by name and newest, p99", At(times, 0.99), 50, "ms");
    }

    private static EntryQuery For(string words) => new() { Words = words, Below = true, Sort = EntrySort.Relevance };

    private static double At(List<double> times, double part) => times.Order().ElementAt(Math.Min(times.Count - 1, (int)(times.Count * part)));

    private string Beginning(int letters) => corpus.Words[chance.Next(3_000)] is var word && word.Length > letters ? word[..letters] : word;

    private async Task<double> AskAsync(EntryQuery query)
    {
        var start = Stopwatch.GetTimestamp();
        var page = await host.Service.ListAsync(query, CancellationToken.None);
        var time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        Check.That(page.Succeeded || page.Failure.Kind == FailureKind.NotFound, page.Failure?.Message ?? string.Empty);
        return time;
    }
}
