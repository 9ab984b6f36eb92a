using Cete.Core;
using Cete.Groups;
using Cete.Ledger;

namespace Cete.Bank;

/// <summary>Questions that the bank answers.</summary>
public sealed partial class BankService
{
    /// <summary>Lines of a statement that are shown at once, at most.</summary>
    public const int LinesMax = 1_000;

    private const int ChannelsShown = 200;
    private const int DaysShown = 30;
    private const int BoundsShown = 6;

    /// <summary>How the ledger stands.</summary>
    public Task<Outcome<LedgerStanding>> StandingAsync(CancellationToken cancellation, ReadLevel level = ReadLevel.Local) => AskAsync(
        (sql, facts) =>
        {
            var last = sql.First(
                "SELECT number, hash FROM journal ORDER BY number DESC LIMIT 1", row => (row.GetInt64(0), new Hash256(row.GetFieldValue<byte[]>(1))));
            return new LedgerStanding(facts.Ledger, last.Item1, last.Item2, HeadTable.Last(sql)?.Number ?? 0, facts.Policy);
        },
        level, cancellation);

    /// <summary>What an account has.</summary>
    public Task<Outcome<BalanceRecord>> BalanceAsync(AccountId account, CancellationToken cancellation) => AskAsync(
        (sql, _) => new BalanceRecord(
            BalanceOf(sql, LedgerAddress.User(account)), BalanceOf(sql, LedgerAddress.Grant(account)),
            sql.Scalar<long>("SELECT coalesce(sum(reserve - redeemed), 0) FROM channels WHERE account = @p1 AND state < 2", account.ToArray()),
            new PendingTable(sql).Of(account).Sum(held => held.Amount)),
        ReadLevel.Linearizable, cancellation);

    /// <summary>What came to and went from accounts of the ledger, the newest first: what one owns and what one was given are two.</summary>
    /// <param name="addresses">Which.</param>
    /// <param name="before">Only entries before this one; null for all.</param>
    /// <param name="countMax">At most so many, 1 to <see cref="LinesMax"/>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Outcome<StatementPage>> StatementAsync(
        IReadOnlyList<LedgerAddress> addresses, long? before, int countMax, CancellationToken cancellation) =>
        StatementAsync(addresses, StatementFilter.All, before, countMax, cancellation);

    /// <summary>The channels of an account, the newest first.</summary>
    public Task<Outcome<IReadOnlyList<ChannelRecord>>> ChannelsAsync(AccountId account, CancellationToken cancellation) => AskAsync(
        (sql, _) =>
        {
            var channels = new ChannelTable(sql);
            return (IReadOnlyList<ChannelRecord>)[.. channels.Of(account, ChannelsShown).Select(channel => RecordOf(channel, channels))];
        },
        ReadLevel.Linearizable, cancellation);

    /// <summary>One channel, of whomever.</summary>
    public async Task<Outcome<ChannelRecord>> ChannelAsync(TransferId id, CancellationToken cancellation, ReadLevel level = ReadLevel.Linearizable)
    {
        var found = await AskAsync(
            (sql, _) =>
            {
                var channels = new ChannelTable(sql);
                return channels.Find(id) is { } channel ? RecordOf(channel, channels) : null;
            },
            level, cancellation);
        return !found.Succeeded ? found.Failure : found.Value is { } channel ? channel : new Failure(FailureKind.NotFound, $"there is no channel {id}");
    }

    /// <summary>How many credits there are, and where.</summary>
    /// <param name="now">What day it is.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Outcome<SupplyRecord>> SupplyAsync(Instant now, CancellationToken cancellation) => AskAsync(
        (sql, _) =>
        {
            var kinds = Kinds(sql);
            var made = -(kinds.Find(kind => kind.Kind == LedgerAccountKind.Mint)?.Balance ?? 0);
            return new SupplyRecord(made, kinds, Distribution(sql), Days(sql, now));
        },
        ReadLevel.Local, cancellation);

    /// <summary>What shows that a transfer is in the journal.</summary>
    public async Task<Outcome<Receipt>> ReceiptAsync(long number, CancellationToken cancellation)
    {
        var found = await AskAsync((sql, _) => ReadReceipt(sql, number), ReadLevel.Local, cancellation);
        return !found.Succeeded ? found.Failure
            : found.Value is { } receipt ? receipt
            : new Failure(FailureKind.NotFound, $"there is no entry {number} under a signed head yet; heads are signed every few seconds");
    }

    /// <summary>The number of the entry of a transfer.</summary>
    public async Task<Outcome<long>> NumberOfAsync(TransferId id, CancellationToken cancellation)
    {
        var number = await AskAsync(
            (sql, _) => sql.Scalar<long>("SELECT number FROM journal WHERE id = @p1", id.ToArray()), ReadLevel.Linearizable, cancellation);
        return number is { Succeeded: true, Value: 0 } ? new Failure(FailureKind.NotFound, $"there is no transfer {id}") : number;
    }

    /// <summary>When the next thing is due; null for nothing.</summary>
    public Task<Outcome<Instant?>> NextDueAsync(CancellationToken cancellation) =>
        AskAsync((sql, _) => new DueTable(sql).Next(), ReadLevel.Local, cancellation);

    private static long BalanceOf(SqlSession sql, LedgerAddress address) => sql.Scalar<long>(
        "SELECT balance FROM ledger_accounts WHERE kind = @p1 AND owner = @p2", (long)address.Kind, address.Key.ToArray());

    /// <summary>The last entry before a number that touched an account; 0 for none.</summary>
    private static long LastBefore(SqlSession sql, LedgerAddress address, long before)
    {
        var next = sql.Scalar<long>(
            "SELECT last FROM ledger_accounts WHERE kind = @p1 AND owner = @p2", (long)address.Kind, address.Key.ToArray());
        while (next >= before)
        {
            var row = JournalTable.RowOf(sql, next)!;
            next = row.Entry.Debit == address ? row.DebitPrevious : row.CreditPrevious;
        }

        return next;
    }

    private static List<long> Distribution(SqlSession sql)
    {
        List<long> counts = [];
        var (below, bound) = (0L, Credits.Micro);
        for (var i = 0; i < BoundsShown; i++, bound *= 10)
        {
            var upTo = sql.Scalar<long>("SELECT count(*) FROM ledger_accounts WHERE kind = @p1 AND balance < @p2", (long)LedgerAccountKind.User, bound);
            counts.Add(upTo - below);
            below = upTo;
        }

        var all = sql.Scalar<long>("SELECT count(*) FROM ledger_accounts WHERE kind = @p1", (long)LedgerAccountKind.User);
        return [.. counts, all - below];
    }

    /// <summary>Of the newest days those on which something moved; none where the tables keep none yet.</summary>
    private static List<DayVolume> Days(SqlSession sql, Instant now) => !BankSchema.HasDays(sql) ? []
        : [.. new DayTable(sql).From(DayTable.DayOf(now) - DaysShown + 1).Where(day => day.Entries > 0)
            .Select(day => new DayVolume(day.Day, day.Entries, day.Spent, day.Made))];

    private static Receipt? ReadReceipt(SqlSession sql, long number)
    {
        if (JournalTable.RowOf(sql, number) is not { } row || HeadTable.Over(sql, number) is not { } head)
        {
            return null;
        }

        var path = MerkleTree.Path(number - 1, head.Number, (level, place) => TreeTable.Perfect(sql, level, place));
        var evidence = JournalTable.Evidence(sql, row.Evidence);
        var entry = row.Entry with { Evidence = evidence is null ? default : Hash256.Of(evidence) };
        return new Receipt(entry, number == 1 ? default : JournalTable.HashOf(sql, number - 1), row.Hash, path, head.Statement, head.PublicKey);
    }

    private static ChannelRecord RecordOf(ChannelRow channel, ChannelTable channels) => new(
        channel.Id, channel.Account, channel.VoucherKey, channel.Subject, channel.Reserve, channel.Redeemed, channel.State, channel.Revision,
        channel.OpenedAt, channel.ExpiresAt, channel.State == ChannelState.Open ? null : channel.SettlesAt,
        [.. channels.Lanes(channel.Id).Select(lane => new LaneRecord(lane.Provider, lane.Payee, lane.Cap, lane.Redeemed, lane.IsReleased))]);

    private async Task<Outcome<T>> AskAsync<T>(Func<SqlSession, BankFacts, T> read, ReadLevel level, CancellationToken cancellation)
    {
        var found = await group.ReadAsync(sql => BankFacts.Read(sql) is { } facts ? (true, read(sql, facts)) : (false, default), level, cancellation);
        return !found.Succeeded ? found.Failure : found.Value.Item1 ? Outcome.Of(found.Value.Item2!) : BankQueries.NotBegun;
    }
}
