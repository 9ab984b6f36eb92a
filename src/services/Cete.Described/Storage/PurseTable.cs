using System.Data.Common;
using Cete.Core;
using Cete.Groups;
using Cete.Ledger;

namespace Cete.Described;

/// <summary>A lane by which an account pays for what services do; amounts are micro-credits.</summary>
/// <param name="Channel">Its channel.</param>
/// <param name="Provider">By which it is named (<see cref="Ledger.Channels.ServiceLane"/>).</param>
/// <param name="Account">Who pays.</param>
/// <param name="VoucherKey">The key that signs its vouchers.</param>
internal sealed record PurseRow(TransferId Channel, KeyId Provider, string Account, ReadOnlyMemory<byte> VoucherKey)
{
    /// <summary>What it can bring at most.</summary>
    public required long Cap { get; init; }

    /// <summary>What was charged.</summary>
    public required long Due { get; init; }

    /// <summary>What its highest voucher promises: as much as is due, or more.</summary>
    public required long Paid { get; init; }

    /// <summary>What the bank has been handed in.</summary>
    public required long Redeemed { get; init; }

    /// <summary>The highest voucher.</summary>
    public required ReadOnlyMemory<byte> Voucher { get; init; }

    public required Instant ExpiresAt { get; init; }

    /// <summary>Why the bank pays nothing more; empty where it does.</summary>
    public string Failure { get; init; } = string.Empty;
}

/// <summary>Lanes by which accounts pay for what services do.</summary>
internal sealed class PurseTable(SqlSession sql)
{
    private const string Columns = "channel, provider, account, voucher_key, cap, due, paid, redeemed, voucher, expires_at, failure";

    public PurseRow? Find(TransferId channel, KeyId provider) => sql.First(
        $"SELECT {Columns} FROM purses WHERE channel = @p1 AND provider = @p2", Read, channel.ToArray(), provider.ToArray());

    /// <summary>Those of an account that pay somebody and go on, the one that ends last first.</summary>
    public List<PurseRow> Of(string account, KeyId provider, Instant now, int countMax) => sql.Query(
        $"""
        SELECT {Columns} FROM purses WHERE account = @p1 AND provider = @p2 AND expires_at > @p3 AND failure = '' ORDER BY expires_at DESC, channel LIMIT @p4
        """,
        Read, account, provider.ToArray(), now.Microseconds, countMax);

    /// <summary>Those whose vouchers the bank does not have yet, that end first before others.</summary>
    public List<PurseRow> Unredeemed(int countMax) => sql.Query(
        $"""
        SELECT {Columns} FROM purses WHERE redeemed < paid AND failure = '' ORDER BY expires_at, channel, provider LIMIT @p1
        """,
        Read, countMax);

    /// <summary>Adds one, or writes what can change of it.</summary>
    public void Put(PurseRow row) => sql.Execute(
        $"""
        INSERT INTO purses ({Columns}) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, '')
        ON CONFLICT (channel, provider) DO UPDATE SET cap = excluded.cap, due = excluded.due, paid = excluded.paid, voucher = excluded.voucher
        """,
        row.Channel.ToArray(), row.Provider.ToArray(), row.Account, row.VoucherKey.ToArray(), row.Cap, row.Due, row.Paid, row.Redeemed,
        row.Voucher.ToArray(), row.ExpiresAt.Microseconds);

    /// <summary>The bank was handed in so much, or says why it pays nothing more.</summary>
    public void Redeem(TransferId channel, KeyId provider, long amount, string failure) => sql.Execute(
        """
        UPDATE purses SET redeemed = CASE WHEN @p4 = '' THEN max(redeemed, min(paid, @p3)) ELSE redeemed END, failure = @p4
        WHERE channel = @p1 AND provider = @p2
        """,
        channel.ToArray(), provider.ToArray(), amount, failure);

    /// <summary>Forgets those that ended before a moment; whether there may be more.</summary>
    public bool Forget(Instant before, int countMax) => sql.Execute(
        """
        DELETE FROM purses WHERE (channel, provider) IN (
            SELECT channel, provider FROM purses WHERE expires_at < @p1 ORDER BY expires_at, channel, provider LIMIT @p2)
        """,
        before.Microseconds, countMax) == countMax;

    private static PurseRow Read(DbDataReader row) => new(
        new TransferId(row.GetFieldValue<byte[]>(0)), new KeyId(row.GetFieldValue<byte[]>(1)), row.GetString(2), row.GetFieldValue<byte[]>(3))
    {
        Cap = row.GetInt64(4),
        Due = row.GetInt64(5),
        Paid = row.GetInt64(6),
        Redeemed = row.GetInt64(7),
        Voucher = row.GetFieldValue<byte[]>(8),
        ExpiresAt = new Instant(row.GetInt64(9)),
        Failure = row.GetString(10),
    };
}
