using System.Globalization;
using System.Text;
using Cete.Core;
using Microsoft.Data.Sqlite;

namespace Cete.Groups.Tests.Support;

/// <summary>A service for tests: notes that are appended, and a few commands that go wrong in a chosen way.</summary>
internal sealed class NotesMachine(int levelMax = 1) : IStateMachine
{
    private int _failuresLeft;
    private int _asked;

    public int LevelMax => levelMax;

    /// <summary>Added to replies: what a service may not do, coming out otherwise on one node than on another.</summary>
    public string Skew { get; init; } = string.Empty;

    /// <summary>So many further commands fail as if the disk of the store were full.</summary>
    public int FullCommands
    {
        set => Volatile.Write(ref _failuresLeft, value);
    }

    /// <summary>Events say how many commands this machine was asked to carry out: something that no rollback takes back.</summary>
    public bool CountsInMemory { get; init; }

    /// <summary>Bytes of the event of a note, where it is not the note itself.</summary>
    public int EventBytes { get; init; }

    /// <summary>Called with each command before it is carried out.</summary>
    public Action<AppliedCommand>? Applying { get; set; }

    public void Raise(int level, SqlSession sql)
    {
        switch (level)
        {
            case 1:
                sql.Script(
                    "CREATE TABLE notes (log_index BIGINT PRIMARY KEY, at BIGINT NOT NULL, account TEXT NOT NULL, writer TEXT NOT NULL, text TEXT NOT NULL)");
                break;
            case 2:
                sql.Script("ALTER TABLE notes ADD COLUMN loud BIGINT NOT NULL DEFAULT 0");
                break;
            case > 2:
                sql.Script($"CREATE TABLE level_{level} (x BIGINT PRIMARY KEY)");
                break;
        }
    }

    public Outcome<ReadOnlyMemory<byte>> Apply(AppliedCommand command, ApplyContext context)
    {
        Applying?.Invoke(command);
        _asked++;
        if (Volatile.Read(ref _failuresLeft) > 0)
        {
            Interlocked.Decrement(ref _failuresLeft);
            throw new SqliteException("database or disk is full", 13);
        }

        var text = Encoding.UTF8.GetString(command.Body.Span);
        switch (command.Type)
        {
            case "add":
                return Add(command, context, text);
            case "add-then-fail":
                _ = Add(command, context, text);
                return new Failure(FailureKind.Forbidden, $"no {text}");
            case "keep" or "keep-then-fail":
                var kept = context.Sql.Derived<List<string>>();
                kept.Add(text);
                return command.Type == "keep"
                    ? (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(string.Join(' ', kept))
                    : new Failure(FailureKind.Forbidden, $"no {text}");
            case "emit":
                for (var i = 0; i < int.Parse(text, CultureInfo.InvariantCulture); i++)
                {
                    context.Emit("counted", Encoding.UTF8.GetBytes(i.ToString(CultureInfo.InvariantCulture)));
                }

                return ReadOnlyMemory<byte>.Empty;
            case "fill":
                // Forbids the database to grow: what then happens is SQLite's own full disk.
                context.Sql.Script("PRAGMA max_page_count = 1");
                context.Sql.Execute("INSERT INTO notes (log_index, at, account, writer, text) VALUES (-1, 0, '', '', @p1)", new string('x', 1_000_000));
                return ReadOnlyMemory<byte>.Empty;
            default:
                throw new InvalidOperationException($"a bug of the service: {command.Type}");
        }
    }

    private Outcome<ReadOnlyMemory<byte>> Add(AppliedCommand command, ApplyContext context, string text)
    {
        var writer = text.Split(' ')[0];
        context.Sql.Execute(
            "INSERT INTO notes (log_index, at, account, writer, text) VALUES (@p1, @p2, @p3, @p4, @p5)",
            command.Index,
            command.At.Microseconds,
            command.Asker.Account,
            writer,
            text);
        if (context.Level >= 2)
        {
            context.Sql.Execute("UPDATE notes SET loud = 1 WHERE log_index = @p1", command.Index);
        }

        context.Emit("added", EventBytes > 0 ? new byte[EventBytes]
            : CountsInMemory ? Encoding.UTF8.GetBytes($"{_asked} {text}")
            : command.Body.Span[..Math.Min(command.Body.Length, 1_000)]);
        var count = context.Sql.Scalar<long>("SELECT count(*) FROM notes WHERE writer = @p1", writer);
        return (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes($"{count}{Skew}");
    }
}
