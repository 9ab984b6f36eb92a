using System.Diagnostics;
using System.Globalization;
using Cete.Benchmarks.Index;
using Cete.Core;
using Cete.Described;
using Cete.Groups;
using Cete.Hocon;
using Cete.Testing;

namespace Cete.Benchmarks.Search;

/// <summary>
/// Searches across services with a million mixed records: posts of a forum, topics, and notes that their owners alone see. Records are put into the tables as
/// they are, and their words filed by ticks, as after a change of the description; the tables are on disk.
/// </summary>
internal static class SearchBenchmark
{
    private const ulong Seed = 2_026;
    private const int Each = 100;

    /// <summary>Nothing of it is of a service that exists: a forum in small, and notes with a rule.</summary>
    private const string Description = """
        service { name = talk }
        records {
          topics { fields { title = text, body = markdown, board = integer, SWITCH }, search = [title, body], RULES }
          posts { fields { body = markdown, board = integer, SWITCH }, search = [body], RULES }
          notes { fields { title = text, body = markdown, board = integer, SWITCH }, search = [title, body],
            rules { list = "record.owner == auth.id", view = "record.owner == auth.id", create = "" } }
        }
        """;

    public static async Task RunAsync(Report report, string? count)
    {
        var records = count is null ? 1_000_000 : int.Parse(count, CultureInfo.InvariantCulture);
        var folder = Directory.CreateTempSubdirectory("cete-bench-search-").FullName;
        try
        {
            var store = $"Data Source={Path.Combine(folder, "store.db")};Pooling=False";
            using var group = new DirectGroup(DescribedService.Name, new DescribedMachine(), null, new(store)) { Remembers = false };
            var services = new DescribedService(group, group);
            var corpus = new Corpus(Seed);
            await FillAsync(report, group, services, corpus, records);
            await AskAsync(report, services, corpus, new Prng(Seed + 1), records);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task PublishAsync(DescribedService services, string more, string search, long replaces)
    {
        var text = Description.Replace("SWITCH", more, StringComparison.Ordinal)
            .Replace("RULES", "rules { list = \"\", view = \"\", create = \"\" }", StringComparison.Ordinal);
        if (search.Length > 0)
        {
            text = text.Replace("search = [title, body]", search, StringComparison.Ordinal).Replace("search = [body]", search, StringComparison.Ordinal);
        }

        var json = DescriptorReader.Read(HoconDocument.Load(text, "talk.conf")).Descriptor!.Json;
        var administrator = new Asker("admin", []) { Grants = [Grant.All] };
        var done = await services.PublishAsync(json, replaces, administrator, null, CancellationToken.None);
        Check.That(done.Succeeded, done.Failure?.Message ?? string.Empty);
    }

    private static async Task FillAsync(Report report, DirectGroup group, DescribedService services, Corpus corpus, int records)
    {
        await PublishAsync(services, "spare = integer", "search = []", 0);
        var chance = new Prng(Seed + 2);
        var sql = new SqlSession(group.Connection);
        sql.Execute("PRAGMA synchronous = OFF");
        sql.Execute("BEGIN");
        for (var i = 1; i <= records; i++)
        {
            var (table, id) = (i % 10) switch { 0 => ("s1_topics", i / 10), 1 or 2 => ("s1_notes", i), _ => ("s1_posts", i) };
            var at = 1_700_000_000_000_000 + (i * 1_000_000L);
            var title = Text(corpus, 3 + chance.Next(5));
            var body = Text(corpus, 10 + chance.Next(40));
            if (table == "s1_posts")
            {
                sql.Execute(
                    $"INSERT INTO {table} (id, owner, created_at, updated_at, revision, f_body, f_board) VALUES (@p1, @p2, @p3, @p3, 1, @p4, @p5)",
                    id, Owner(chance.Next(50)), at, body, chance.Next(20));
            }
            else
            {
                sql.Execute(
                    $"""
                    INSERT INTO {table} (id, owner, created_at, updated_at, revision, f_title, f_body, f_board) VALUES (@p1, @p2, @p3, @p3, 1, @p4, @p5, @p6)
                    """,
                    id, Owner(chance.Next(50)), at, title, body, chance.Next(20));
            }
        }

        sql.Execute("COMMIT");
        var start = Stopwatch.GetTimestamp();
        await PublishAsync(services, "spare = integer", string.Empty, 1);
        report.Note($"search: publish that has {records} records filed", Stopwatch.GetElapsedTime(start).TotalMilliseconds, "ms");
        start = Stopwatch.GetTimestamp();
        var node = new Asker(KeyId.Of([7]).ToString(), [DescribedMachine.ServicesRole]);
        List<double> ticks = [];
        for (var isMore = true; isMore;)
        {
            var tick = Stopwatch.GetTimestamp();
            isMore = (await services.TickAsync(node, CancellationToken.None)).Value;
            ticks.Add(Stopwatch.GetElapsedTime(tick).TotalMilliseconds);
        }

        report.Note("search: words filed by ticks, all", Stopwatch.GetElapsedTime(start).TotalSeconds, "s");
        report.Note("search: one tick, p99", At(ticks, 0.99), "ms");
        report.Note("search: the store", new FileInfo(group.Connection.DataSource).Length / 1e6, "MB");
    }

    private static async Task AskAsync(Report report, DescribedService services, Corpus corpus, Prng chance, int records)
    {
        string Common() => corpus.Words[chance.Next(10)];
        Dictionary<string, Func<string>> mix = new()
        {
            ["one of the ten commonest words"] = Common,
            ["a word"] = corpus.Word,
            ["two words"] = () => $"{corpus.Word()} {corpus.Word()} ",
            ["two of the ten commonest"] = () => $"{Common()} {Common()}",
            ["a rare word"] = () => corpus.Words[10_000 + chance.Next(20_000)],
            ["a common and a rare word"] = () => $"{Common()} {corpus.Words[5_000 + chance.Next(20_000)]}",
            ["the beginning of a word, 2 letters"] = () => corpus.Word()[..2],
            ["the beginning of a word, 4 letters"] = () => corpus.Word() is { Length: > 4 } word ? word[..4] : Common(),
            ["a phrase"] = () => $"\"{corpus.Word()} {corpus.Word()}\"",
            ["a common word without another"] = () => $"{Common()} -{Common()}",
            ["nothing to be found"] = () => corpus.Word() + "qx",
        };
        List<double> all = [];
        List<double> allWork = [];
        foreach (var isMeasured in (bool[])[false, true])
        {
            foreach (var (kind, make) in mix)
            {
                List<double> times = [];
                List<double> work = [];
                for (var i = 0; i < (isMeasured ? Each : 5); i++)
                {
                    var search = new RecordSearch(SearchTerms.Parse(make()).Value, null, null, SearchPlace.Begin(new Instant(1_800_000_000_000_000)), 21);
                    var asker = new Asker(Owner(chance.Next(50)), [RoleDefinition.Member]).Standing;
                    var (start, before) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
                    Check.That((await services.SearchAsync(search, asker, CancellationToken.None)).Succeeded);
                    times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                    work.Add((Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
                }

                if (isMeasured)
                {
                    all.AddRange(times);
                    allWork.AddRange(work);
                    Console.Error.WriteLine(
                        $"{kind,-36} p50 {At(times, 0.5),7:0.0} p99 {At(times, 0.99),7:0.0} ms, work p50 {At(work, 0.5),6:0.0} p99 {At(work, 0.99),6:0.0} ms");
                    report.Note($"search: {kind}, p99", At(times, 0.99), "ms");
                }
            }
        }

        report.Note($"search: {all.Count} searches of {records} records, p50", At(all, 0.5), "ms");
        report.AtMost($"search: {all.Count} searches of {records} records, p99", At(all, 0.99), 30, "ms");
        report.Note($"search: {all.Count} searches, p99 of the work of all cores", At(allWork, 0.99), "ms");
    }

    private static string Owner(int number) => new AccountId(KeyId.Of([(byte)number]).ToArray().AsSpan()[..AccountId.Size]).ToString();

    private static string Text(Corpus corpus, int words) => string.Join(' ', Enumerable.Range(0, words).Select(_ => corpus.Word()));

    private static double At(List<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * share)];
    }
}
