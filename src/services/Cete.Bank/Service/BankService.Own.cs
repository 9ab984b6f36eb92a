using Cete.Core;
using Cete.Groups;
using Cete.Ledger;

namespace Cete.Bank;

/// <summary>What an account will be given.</summary>
/// <param name="FillsUpTo">What its given credits are filled up to when it pays for something; 0 for no more than there are.</param>
/// <param name="HasAllowance">It has been given the allowance of the day.</param>
/// <param name="Grants">When it is given a newcomer's next credits, and how many.</param>
public sealed record ComingRecord(long FillsUpTo, bool HasAllowance, IReadOnlyList<ComingGrant> Grants);

/// <summary>Credits that an account will be given.</summary>
/// <param name="At">When.</param>
/// <param name="Amount">Micro-credits.</param>
public sealed record ComingGrant(Instant At, long Amount);

/// <summary>An account with what it has.</summary>
/// <param name="Account">Which.</param>
/// <param name="Balance">What it earned and was given, and has not set aside.</param>
public sealed record HolderFigures(AccountId Account, long Balance);

/// <summary>What concerns single accounts.</summary>
public sealed partial class BankService
{
    /// <summary>What an account will be given, as of now.</summary>
    public Task<Outcome<ComingRecord>> ComingAsync(AccountId account, Instant now, CancellationToken cancellation) => AskAsync(
        (sql, facts) => new ComingRecord(
            facts.Policy.DailyAllowance, new HolderTable(sql).Find(account) is { } holder && holder.AllowanceDay >= DayTable.DayOf(now),
            new DueTable(sql).GrantsOf(account)),
        ReadLevel.Local, cancellation);

    /// <summary>The channels of an account that have not ended, the newest first.</summary>
    public Task<Outcome<IReadOnlyList<ChannelRecord>>> OpenChannelsAsync(AccountId account, CancellationToken cancellation) => AskAsync(
        (sql, _) =>
        {
            var channels = new ChannelTable(sql);
            return (IReadOnlyList<ChannelRecord>)[.. channels.OpenOf(account, BankLimits.ChannelsMax).Select(channel => RecordOf(channel, channels))];
        },
        ReadLevel.Linearizable, cancellation);

    /// <summary>Who has most, for whoever governs the bank.</summary>
    public Task<Outcome<IReadOnlyList<HolderFigures>>> LargestAsync(int countMax, CancellationToken cancellation) => AskAsync(
        (sql, _) => (IReadOnlyList<HolderFigures>)sql.Query(
            """
            SELECT owner, sum(balance) AS has FROM ledger_accounts WHERE kind IN (3, 4) AND balance > 0 GROUP BY owner ORDER BY has DESC, owner LIMIT @p1
            """,
            row => new HolderFigures(LedgerAddress.Of((long)LedgerAccountKind.User, row.GetFieldValue<byte[]>(0))!.Value.Account, row.GetInt64(1)), countMax),
        ReadLevel.Local, cancellation);
}
