using Cete.Core;
using Cete.Groups;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Cete.Index.Tests;

/// <summary>20,000 entries: what the lists ask SQLite for is answered from indexes, in order, without sorting.</summary>
public sealed class PlanTests(PlanTests.Filled filled) : IClassFixture<PlanTests.Filled>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(EntrySort.Name, "/", true)]
    [InlineData(EntrySort.Size, "/", true)]
    [InlineData(EntrySort.Added, "/", true)]
    [InlineData(EntrySort.Name, "/f7", false)]
    [InlineData(EntrySort.Size, "/f7", false)]
    [InlineData(EntrySort.Added, "/f7", false)]
    public async Task The_main_lists_use_their_indexes_and_sort_nothing(EntrySort sort, string folder, bool below)
    {
        foreach (var descending in new[] { false, true })
        {
            var query = new EntryQuery { Sort = sort, Folder = IndexWorld.At(folder), Below = below, Descending = descending, Limit = 20 };
            var first = (await filled.Service.ListAsync(query, Cancel)).Value;
            var second = (await filled.Service.ListAsync(query with { Cursor = first.Next }, Cancel)).Value;
            Assert.Equal((20, 20), (first.Items.Count, second.Items.Count));
            filled.CheckPlans("ORDER BY", 2);
        }
    }

    [Fact]
    public async Task Folders_and_single_entries_are_found_by_index()
    {
        var folders = (await filled.Service.FoldersAsync(EntryPath.Top, null, 10, Cancel)).Value;
        await filled.Service.FoldersAsync(EntryPath.Top, folders.Next, 10, Cancel);
        filled.CheckPlans("FROM folders", 2);
        var entry = (await filled.Service.EntryAsync(IndexWorld.At("/f7/report 7.txt"), Cancel)).Value;
        Assert.True((await filled.Service.EntryAsync(entry.Id, Cancel)).Succeeded);
        Assert.NotEmpty((await filled.Service.EntriesOfAsync(entry.Root, Cancel)).Value);
        Assert.True((await filled.Service.MayKnowAsync(entry.Length, entry.Root, Cancel)).Value);
        filled.CheckPlans("FROM", 5);
    }

    [Fact]
    public async Task Searches_go_through_the_words_and_from_there_by_id()
    {
        foreach (var words in new[] { "report", "tag:t3", "report tag:t3", "special" })
        {
            var found = (await filled.Service.ListAsync(new EntryQuery { Below = true, Words = words, Sort = EntrySort.Relevance }, Cancel)).Value;
            Assert.NotEmpty(found.Items);
        }

        filled.CheckPlans("entry_words MATCH", 3, mayTemporary: true);
    }

    [Fact]
    public async Task Twenty_thousand_entries_are_paged_through_and_searched()
    {
        var ids = new HashSet<long>();
        string? cursor = null;
        do
        {
            var page = (await filled.World.ListAsync(new EntryQuery { Below = true, Limit = Limits.PageItemsMax, Cursor = cursor })).Value;
            Assert.All(page.Items, e => Assert.True(ids.Add(e.Id)));
            cursor = page.Next;
        }
        while (cursor is not null);
        Assert.Equal(Filled.Count, ids.Count);
        Assert.Single(await filled.World.FindAsync("special"));
    }

    /// <summary>The full index, and a service over it whose statements are written down.</summary>
    public sealed class Filled : IAsyncLifetime
    {
        public const int Count = 20_000;
        private readonly List<string> _statements = [];
        private SqliteConnection? _connection;

        internal IndexWorld World { get; } = IndexWorld.Start();

        internal IndexService Service { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            for (var start = 0; start < Count; start += Limits.EntriesPerCommandMax)
            {
                var entries = Enumerable.Range(start, Limits.EntriesPerCommandMax).Select(i => IndexWorld.New(
                    i == 12_345 ? "/f45/special.txt" : $"/f{i % 100}/report {i}.txt", $"{i}", i % 1_000, tags: $"t{i % 5}"));
                Assert.True((await World.FileAsync([.. entries])).Succeeded);
            }

            _connection = new SqliteConnection($"Data Source={World.Database};Pooling=False");
            _connection.Open();
            raw.sqlite3_trace(_connection.Handle, (_, statement) => Note(statement), null);
            Service = new IndexService(new PlainGroup(new SqlSession(_connection)));
        }

        /// <summary>Asks SQLite how it carried out the statements seen since the last time that hold a text.</summary>
        internal void CheckPlans(string text, int count, bool mayTemporary = false)
        {
            string[] seen = [.. _statements.Where(s => s.Contains(text, StringComparison.Ordinal)).Distinct()];
            Assert.True(seen.Length >= count, string.Join('\n', _statements));
            _statements.Clear();
            foreach (var statement in seen)
            {
                using var command = _connection!.CreateCommand();
                command.CommandText = "EXPLAIN QUERY PLAN " + statement;
                using var rows = command.ExecuteReader();
                while (rows.Read())
                {
                    var step = rows.GetString(3);
                    var isScan = step.StartsWith("SCAN", StringComparison.Ordinal) && !step.Contains("INDEX", StringComparison.Ordinal);

                    // The list of tables has a line for each table, however much is in them.
                    Assert.False(isScan && step is not ("SCAN CONSTANT ROW" or "SCAN sqlite_schema"), $"{step} in {statement}");
                    Assert.False(!mayTemporary && step.Contains("TEMP B-TREE", StringComparison.Ordinal), $"{step} in {statement}");
                }
            }
        }

        // What the table of words asks of its own tables comes as a remark.
        private void Note(string statement)
        {
            if (!statement.StartsWith("--", StringComparison.Ordinal))
            {
                _statements.Add(statement);
            }
        }

        public async ValueTask DisposeAsync()
        {
            _connection?.Dispose();
            await World.DisposeAsync();
        }
    }

    /// <summary>A group of nothing but a connection that reads.</summary>
    private sealed class PlainGroup(SqlSession sql) : IGroup
    {
        public GroupId Id => IndexService.Name;

        public GroupStatus Status => new(true, 1, 1, 1, 1, null);

        public Task<Outcome<T>> ReadAsync<T>(Func<SqlSession, T> query, ReadLevel level = ReadLevel.Linearizable, CancellationToken cancellation = default) =>
            Task.FromResult(Outcome.Of(query(sql)));

        public Task<Outcome<CommandReply>> SubmitAsync(ClientCommand command, CancellationToken cancellation = default) => throw new NotSupportedException();

        public Task<Outcome<FeedPage>> ReadFeedAsync(long after, int countMax, CancellationToken cancellation = default) => throw new NotSupportedException();

        public Task<long> WaitForAppliedAsync(long index, CancellationToken cancellation = default) => throw new NotSupportedException();

        public Task<Outcome<long>> SnapshotAsync(Stream target, CancellationToken cancellation = default) => throw new NotSupportedException();
    }
}
