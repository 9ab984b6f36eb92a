using System.Data.Common;
using Cete.Core;
using Cete.Groups;
using Cete.Ledger;

namespace Cete.Bank;

/// <summary>How a channel stands. The numbers stand in tables: they never change.</summary>
public enum ChannelState
{
    /// <summary>It pays.</summary>
    Open = 0,

    /// <summary>What was promised is redeemed, until the delay is over.</summary>
    Closing = 1,

    /// <summary>It is over: what it did not use went back.</summary>
    Settled = 2,
}

/// <summary>A channel.</summary>
internal sealed record ChannelRow(TransferId Id, AccountId Account, ReadOnlyMemory<byte> VoucherKey, Hash256 Subject)
{
    /// <summary>Micro-credits that were set aside.</summary>
    public required long Reserve { get; init; }

    /// <summary>The part of them that was given; it is spent first.</summary>
    public required long Granted { get; init; }

    /// <summary>Micro-credits that its lanes have brought.</summary>
    public required long Redeemed { get; init; }

    public required int AuthorPermille { get; init; }

    public required int CommunityPermille { get; init; }

    public required long Revision { get; init; }

    public required ChannelState State { get; init; }

    public required Instant OpenedAt { get; init; }

    public required Instant ExpiresAt { get; init; }

    /// <summary>When it ends, once it is closing.</summary>
    public required Instant SettlesAt { get; init; }

    /// <summary>SHA-256 of the payload that opened it.</summary>
    public required Hash256 OpenedBy { get; init; }

    /// <summary>That of the payload that changed it last; zero before any did.</summary>
    public required Hash256 ChangedBy { get; init; }

    /// <summary>What of its reserve is still grant money.</summary>
    public long GrantLeft => Math.Max(0, Granted - Redeemed);
}

/// <summary>A lane of a channel.</summary>
/// <param name="Channel">Of which.</param>
/// <param name="Provider">The name of the provider's key.</param>
/// <param name="Payee">Who earns.</param>
/// <param name="Author">Who is paid a part as the author; null for nobody.</param>
/// <param name="Cap">Micro-credits that it can bring.</param>
/// <param name="Redeemed">Micro-credits that it brought.</param>
/// <param name="IsReleased">The provider expects nothing more.</param>
internal sealed record LaneRow(
    TransferId Channel, KeyId Provider, LedgerAddress Payee, AccountId? Author, long Cap, long Redeemed, bool IsReleased);

/// <summary>Channels and their lanes.</summary>
internal sealed class ChannelTable(SqlSession sql)
{
    private const string Columns = """
        id, account, voucher_key, subject, reserve, granted, redeemed, author_permille, community_permille, revision, state, opened_at, expires_at,
        settles_at, opened_by, changed_by
        """;

    private const string LaneColumns = "channel, provider, payee_kind, payee, author, cap, redeemed, released";

    public ChannelRow? Find(TransferId id) => sql.First($"SELECT {Columns} FROM channels WHERE id = @p1", Read, id.ToArray());

    /// <summary>Those of an account, the newest first.</summary>
    public List<ChannelRow> Of(AccountId account, int countMax) => sql.Query(
        $"SELECT {Columns} FROM channels WHERE account = @p1 ORDER BY opened_at DESC, id LIMIT @p2", Read, account.ToArray(), countMax);

    /// <summary>Those of an account that have not ended, the newest first.</summary>
    public List<ChannelRow> OpenOf(AccountId account, int countMax) => sql.Query(
        $"SELECT {Columns} FROM channels WHERE account = @p1 AND state < 2 ORDER BY opened_at DESC, id LIMIT @p2", Read, account.ToArray(), countMax);

    public long CountOpen(AccountId account) =>
        sql.Scalar<long>("SELECT count(*) FROM channels WHERE account = @p1 AND state < 2", account.ToArray());

    public void Add(ChannelRow row) => sql.Execute(
        $"INSERT INTO channels ({Columns}) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16)",
        row.Id.ToArray(), row.Account.ToArray(), row.VoucherKey.ToArray(), row.Subject.ToArray(), row.Reserve, row.Granted, row.Redeemed,
        (long)row.AuthorPermille, (long)row.CommunityPermille, row.Revision, (long)row.State, row.OpenedAt.Microseconds, row.ExpiresAt.Microseconds,
        row.SettlesAt.Microseconds, row.OpenedBy.ToArray(), row.ChangedBy.ToArray());

    /// <summary>Writes what can change of it.</summary>
    public void Update(ChannelRow row) => sql.Execute(
        "UPDATE channels SET reserve = @p1, granted = @p2, redeemed = @p3, revision = @p4, state = @p5, settles_at = @p6, changed_by = @p7 WHERE id = @p8",
        row.Reserve, row.Granted, row.Redeemed, row.Revision, (long)row.State, row.SettlesAt.Microseconds, row.ChangedBy.ToArray(), row.Id.ToArray());

    public List<LaneRow> Lanes(TransferId channel) =>
        sql.Query($"SELECT {LaneColumns} FROM lanes WHERE channel = @p1 ORDER BY provider", ReadLane, channel.ToArray());

    public LaneRow? Lane(TransferId channel, KeyId provider) => sql.First(
        $"SELECT {LaneColumns} FROM lanes WHERE channel = @p1 AND provider = @p2", ReadLane, channel.ToArray(), provider.ToArray());

    /// <summary>Adds a lane, or writes what can change of it.</summary>
    public void Put(LaneRow lane) => sql.Execute(
        $"""
        INSERT INTO lanes ({LaneColumns}) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8)
        ON CONFLICT (channel, provider) DO UPDATE SET cap = excluded.cap, redeemed = excluded.redeemed, released = excluded.released
        """,
        lane.Channel.ToArray(), lane.Provider.ToArray(), (long)lane.Payee.Kind, lane.Payee.Key.ToArray(), lane.Author?.ToArray(), lane.Cap, lane.Redeemed,
        lane.IsReleased ? 1L : 0L);

    private static ChannelRow Read(DbDataReader row) => new(
        new TransferId(row.GetFieldValue<byte[]>(0)), new AccountId(row.GetFieldValue<byte[]>(1)), row.GetFieldValue<byte[]>(2),
        new Hash256(row.GetFieldValue<byte[]>(3)))
    {
        Reserve = row.GetInt64(4),
        Granted = row.GetInt64(5),
        Redeemed = row.GetInt64(6),
        AuthorPermille = (int)row.GetInt64(7),
        CommunityPermille = (int)row.GetInt64(8),
        Revision = row.GetInt64(9),
        State = (ChannelState)(int)row.GetInt64(10),
        OpenedAt = new Instant(row.GetInt64(11)),
        ExpiresAt = new Instant(row.GetInt64(12)),
        SettlesAt = new Instant(row.GetInt64(13)),
        OpenedBy = new Hash256(row.GetFieldValue<byte[]>(14)),
        ChangedBy = new Hash256(row.GetFieldValue<byte[]>(15)),
    };

    private static LaneRow ReadLane(DbDataReader row) => new(
        new TransferId(row.GetFieldValue<byte[]>(0)), new KeyId(row.GetFieldValue<byte[]>(1)),
        LedgerAddress.Of(row.GetInt64(2), row.GetFieldValue<byte[]>(3))!.Value, row.IsDBNull(4) ? null : new AccountId(row.GetFieldValue<byte[]>(4)),
        row.GetInt64(5), row.GetInt64(6), row.GetInt64(7) != 0);
}
