using System.Globalization;
using System.Text;
using Cete.Core;
using Microsoft.Data.Sqlite;

namespace Cete.Groups.Tests.Simulated;

/// <summary>What both sides of an import have in common: counters by name, and a disk that is full now and then.</summary>
internal abstract class CountersMachine : IStateMachine
{
    private int _failuresLeft;

    public int LevelMax => 2;

    /// <summary>So many further commands fail as if the disk of the store were full.</summary>
    public int FullCommands
    {
        set => _failuresLeft = value;
    }

    public virtual void Raise(int level, SqlSession sql)
    {
        if (level == 1)
        {
            sql.Script("CREATE TABLE counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL)");
        }
    }

    public Outcome<ReadOnlyMemory<byte>> Apply(AppliedCommand command, ApplyContext context)
    {
        FillDisk();
        return Carry(command, context);
    }

    protected abstract Outcome<ReadOnlyMemory<byte>> Carry(AppliedCommand command, ApplyContext context);

    public static string Show(SqlSession sql) => string.Join(' ', sql.Query(
        "SELECT name, value FROM counters ORDER BY name",
        row => string.Create(CultureInfo.InvariantCulture, $"{row.GetString(0)}={row.GetInt64(1)}")));

    /// <summary>Adds to a counter, or drops it: what each event says, one time too many or too few shows.</summary>
    protected static void Change(SqlSession sql, string type, string body)
    {
        var words = body.Split(' ');
        _ = type == "dropped"
            ? sql.Execute("DELETE FROM counters WHERE name = @p1", words[0])
            : sql.Execute(
                "INSERT INTO counters (name, value) VALUES (@p1, @p2) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value",
                words[0], long.Parse(words[1], CultureInfo.InvariantCulture));
    }

    protected void FillDisk()
    {
        if (_failuresLeft > 0)
        {
            _failuresLeft--;
            throw new SqliteException("database or disk is full", 13);
        }
    }
}

/// <summary>The service that others import from. Commands are named as their events.</summary>
internal sealed class SourceMachine : CountersMachine, IFeedSource
{
    /// <summary>Called with each event: the index of its command, its type, its body.</summary>
    public Action<long, IReadOnlyList<(string Type, string Body)>>? Emitted { get; init; }

    /// <summary>Called when a scan begins.</summary>
    public Action? Scanned { get; init; }

    /// <summary>The role of those who may import.</summary>
    public string Readers { get; init; } = "sums";

    public bool MayRead(RoleSet roles) => roles.Contains(Readers);

    public IEnumerable<ScannedRecord> Scan(SqlSession sql, int level)
    {
        // In pieces, as a service with many records has to.
        Scanned?.Invoke();
        var after = string.Empty;
        while (true)
        {
            var rows = sql.Query(
                "SELECT name, value FROM counters WHERE name > @p1 ORDER BY name LIMIT 3", row => (Name: row.GetString(0), Value: row.GetInt64(1)), after);
            foreach (var (name, value) in rows)
            {
                yield return new ScannedRecord("added", Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{name} {value}")));
            }

            if (rows.Count < 3)
            {
                yield break;
            }

            after = rows[^1].Name;
        }
    }

    protected override Outcome<ReadOnlyMemory<byte>> Carry(AppliedCommand command, ApplyContext context)
    {
        var parts = Encoding.UTF8.GetString(command.Body.Span).Split(';', StringSplitOptions.RemoveEmptyEntries);
        foreach (var part in parts)
        {
            Change(context.Sql, command.Type, part);
            context.Emit(command.Type, Encoding.UTF8.GetBytes(part));
        }

        if (command.Type == "added" && parts is [var first, ..] && first.EndsWith(" 13", StringComparison.Ordinal))
        {
            return new Failure(FailureKind.Forbidden, "13 is not added");
        }

        Emitted?.Invoke(command.Index, [.. parts.Select(part => (command.Type, part))]);
        return ReadOnlyMemory<byte>.Empty;
    }
}

/// <summary>The service that imports them, from its second level on. It has commands of its own, too.</summary>
internal sealed class SumsMachine : CountersMachine, IFeedImporter
{
    public static readonly GroupId Source = GroupId.Of("counts");

    public override void Raise(int level, SqlSession sql)
    {
        base.Raise(level, sql);
        if (level == 1)
        {
            sql.Script("CREATE TABLE own (log_index BIGINT PRIMARY KEY, type TEXT NOT NULL)");
            sql.Script("CREATE TABLE newest (one BIGINT PRIMARY KEY, position BIGINT NOT NULL)");
        }
    }

    public IReadOnlyList<GroupId> ImportsAt(int level) => level >= 2 ? [Source] : [];

    public void BeginImport(GroupId source, ApplyContext context)
    {
        context.Sql.Execute("DELETE FROM counters");
        context.Sql.Execute("DELETE FROM newest");
    }

    public Failure? Import(ImportedEvent imported, ApplyContext context)
    {
        FillDisk();
        var newest = context.Sql.Scalar<long>("SELECT position FROM newest");
        Assert.True(
            imported.IsScanned ? imported.Event.Position >= newest : imported.Event.Position > newest, $"event {imported.Event.Position} came behind {newest}");
        if (imported.Event.Type is not ("added" or "dropped"))
        {
            return new Failure(FailureKind.Invalid, "no such event");
        }

        Change(context.Sql, imported.Event.Type, Encoding.UTF8.GetString(imported.Event.Body.Span));
        context.Sql.Execute(
            "INSERT INTO newest (one, position) VALUES (1, @p1) ON CONFLICT (one) DO UPDATE SET position = excluded.position", imported.Event.Position);
        context.Emit("summed", imported.Event.Body.Span);
        return null;
    }

    protected override Outcome<ReadOnlyMemory<byte>> Carry(AppliedCommand command, ApplyContext context)
    {
        context.Sql.Execute("INSERT INTO own (log_index, type) VALUES (@p1, @p2)", command.Index, command.Type);
        return ReadOnlyMemory<byte>.Empty;
    }
}
