using System.Globalization;
using System.Text;
using Cete.Core;
using Cete.Groups;
using Microsoft.Data.Sqlite;

namespace Cete.Index.Tests;

/// <summary>From the same log every replica comes to the same tables, however the commands fall into batches.</summary>
public sealed class ReplicaTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Commands_one_by_one_and_all_at_once_give_equal_tables(ulong seed)
    {
        await using var one = IndexWorld.Start();
        var chance = new Prng(seed);
        var commands = new RandomCommands(chance);
        long sequence = 0;
        for (var i = 0; i < 120; i++)
        {
            await RunAsync(one.Service, commands.Next(), chance, new RequestId("session", ++sequence));
            if (chance.Chance(1, 10))
            {
                // Repeated: the remembered answer, in both replicas.
                await RunAsync(one.Service, new Step.Make("/again"), chance, new RequestId("session", sequence));
            }
        }

        await using var other = IndexWorld.Replay(one);
        Assert.Equal(await one.TreeAsync(), await other.TreeAsync());
        var (left, right) = (Dump(one.Database), Dump(other.Database));
        Assert.Equal(9, left.Count);
        foreach (var (table, text) in left)
        {
            Assert.True(text == right[table], $"seed {seed}: {table} differs\n{text}\n-----\n{right[table]}");
        }
    }

    private static async Task RunAsync(IndexService index, Step step, Prng chance, RequestId id)
    {
        switch (step)
        {
            case Step.Make make:
                await index.MakeFolderAsync(IndexWorld.At(make.Path), Asker.Local, id, Cancel);
                break;
            case Step.Put put:
                NewEntry[] entries = [.. Enumerable.Range(0, 1 + chance.Next(3)).Select(i =>
                    IndexWorld.New(put.Path + (i == 0 ? "" : $"{i}"), put.Content, null, "said of it", "t", "u"))];
                await index.FileAsync(entries, $"node-{chance.Next(2)}", Asker.Local, id, Cancel);
                break;
            case Step.Move move:
                await index.MoveAsync(IndexWorld.At(move.From), IndexWorld.At(move.To), Asker.Local, id, Cancel);
                break;
            case Step.Remove remove:
                await index.RemoveAsync(IndexWorld.At(remove.Path), Asker.Local, id, Cancel);
                break;
            case Step.Restore restore:
                await index.RestoreAsync(1 + (restore.Which % (id.Sequence + 1)), Asker.Local, id, Cancel);
                break;
        }
    }

    /// <summary>All tables but the shadows of the words, whose pages fall as the transactions do: of those, each word and where it stands.</summary>
    private static Dictionary<string, string> Dump(string database)
    {
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        using var sql = new SqlSession(connection);
        var tables = sql.Query(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'entry_words%' AND name <> 'cete_meta' ORDER BY name", row =>
                row.GetString(0));
        Dictionary<string, string> dump = [];
        foreach (var table in tables)
        {
            dump[table] = Rows(sql, table);
        }

        sql.Script("CREATE VIRTUAL TABLE temp.word_places USING fts5vocab('main', 'entry_words', 'instance')");
        dump["entry_words"] = Rows(sql, "temp.word_places");
        Assert.NotEmpty(dump["entry_words"]);
        return dump;
    }

    private static string Rows(SqlSession sql, string table)
    {
        var lines = sql.Query($"SELECT * FROM {table}", row =>
        {
            var line = new StringBuilder();
            for (var i = 0; i < row.FieldCount; i++)
            {
                line.Append(row.GetValue(i) is byte[] bytes ? Convert.ToHexString(bytes)
                    : Convert.ToString(row.GetValue(i), CultureInfo.InvariantCulture)).Append('|');
            }

            return line.ToString();
        });
        lines.Sort(StringComparer.Ordinal);
        return string.Join('\n', lines);
    }
}
