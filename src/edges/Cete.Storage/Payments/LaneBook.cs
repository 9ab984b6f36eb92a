using Cete.Core;
using Cete.Ledger;
using Cete.Ports.Payments;
using Cete.Storage.State;
using Microsoft.Data.Sqlite;

namespace Cete.Storage.Payments;

/// <summary>What a node was promised for what it sent: a small SQLite database in its folder, synced with every commit. One caller at a time.</summary>
public sealed class LaneBook : ILaneBook, IDisposable
{
    private const string Schema = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        CREATE TABLE IF NOT EXISTS lane (
            channel BLOB PRIMARY KEY NOT NULL,
            price INTEGER NOT NULL,
            sent INTEGER NOT NULL,
            amount INTEGER NOT NULL,
            redeemed INTEGER NOT NULL,
            voucher BLOB NOT NULL,
            expires INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS lane_owed ON lane (expires, channel) WHERE amount > redeemed;
        CREATE INDEX IF NOT EXISTS lane_ended ON lane (expires);
        """;

    private const string Columns = "channel, price, sent, amount, redeemed, voucher, expires";

    private readonly SqliteConnection _database;

    private LaneBook(SqliteConnection database) => _database = database;

    /// <summary>Opens the book; makes it when absent.</summary>
    /// <param name="path">Its file.</param>
    public static Outcome<LaneBook> Open(string path)
    {
        var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            database.Open();
            using var command = database.CreateCommand();
            command.CommandText = Schema;
            command.ExecuteNonQuery();
            return new LaneBook(database);
        }
        catch (SqliteException error)
        {
            database.Dispose();
            return SqliteFailure.From(error, $"opening {path}");
        }
    }

    /// <inheritdoc/>
    public Outcome<KeptLane?> Find(TransferId channel) => Guard("looking for a lane", () =>
    {
        using var command = NewCommand($"SELECT {Columns} FROM lane WHERE channel = $channel", ("$channel", channel.ToArray()));
        using var reader = command.ExecuteReader();
        return Outcome.Of(reader.Read() ? Read(reader) : null);
    });

    /// <inheritdoc/>
    public Outcome<IReadOnlyList<KeptLane>> Unredeemed(int max) => Guard("looking for vouchers", () =>
    {
        using var command = NewCommand(
            $"SELECT {Columns} FROM lane WHERE amount > redeemed ORDER BY expires, channel LIMIT $max", ("$max", max));
        using var reader = command.ExecuteReader();
        List<KeptLane> lanes = [];
        while (reader.Read())
        {
            lanes.Add(Read(reader));
        }

        return Outcome.Of<IReadOnlyList<KeptLane>>(lanes);
    });

    /// <inheritdoc/>
    public Failure? Keep(IReadOnlyList<KeptLane> lanes) => Write("keeping vouchers", lanes, lane => NewCommand(
        $"""
        INSERT INTO lane ({Columns}) VALUES ($channel, $price, $sent, $amount, $redeemed, $voucher, $expires)
        ON CONFLICT (channel) DO UPDATE SET
            price = excluded.price, sent = excluded.sent, amount = excluded.amount, redeemed = max(redeemed, excluded.redeemed),
            voucher = excluded.voucher, expires = excluded.expires
        WHERE excluded.amount >= amount
        """,
        ("$channel", lane.Channel.ToArray()), ("$price", lane.Price), ("$sent", lane.Sent), ("$amount", lane.Amount), ("$redeemed", lane.Redeemed),
        ("$voucher", lane.Voucher.ToArray()), ("$expires", lane.ExpiresAt.Microseconds)));

    /// <inheritdoc/>
    public Failure? Redeem(IReadOnlyList<(TransferId Channel, long Amount)> lanes) => Write("noting what was redeemed", lanes, lane => NewCommand(
        "UPDATE lane SET redeemed = max(redeemed, $amount) WHERE channel = $channel",
        ("$channel", lane.Channel.ToArray()), ("$amount", lane.Amount)));

    /// <inheritdoc/>
    public Failure? Forget(Instant before) => Write(
        "forgetting lanes", [before.Microseconds], moment => NewCommand("DELETE FROM lane WHERE expires < $before", ("$before", moment)));

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();

    private static KeptLane Read(SqliteDataReader row) => new(
        new TransferId((byte[])row[0]), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), (byte[])row[5], new Instant(row.GetInt64(6)));

    private static Outcome<T> Guard<T>(string doing, Func<Outcome<T>> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException error)
        {
            return SqliteFailure.From(error, doing);
        }
    }

    private Failure? Write<T>(string doing, IReadOnlyList<T> items, Func<T, SqliteCommand> command) => Guard(doing, () =>
    {
        using var transaction = _database.BeginTransaction();
        foreach (var item in items)
        {
            using var one = command(item);
            one.Transaction = transaction;
            one.ExecuteNonQuery();
        }

        transaction.Commit();
        return (Outcome<bool>)true;
    }).Failure;

    private SqliteCommand NewCommand(string text, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var command = _database.CreateCommand();
        command.CommandText = text;
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
