using Cete.Bank;
using Cete.Core;
using Cete.Ledger;

namespace Cete.Web.Pages.Bank;

// Razor makes its components public, and with them what they are given.

/// <summary>One's own credits.</summary>
/// <param name="Balance">What the account has.</param>
/// <param name="Policy">What was decided.</param>
/// <param name="Coming">What it will be given.</param>
/// <param name="Earned">What it earned, by day and for what.</param>
/// <param name="ByDay">The same, to be drawn.</param>
/// <param name="BySource">By what it earned, to be drawn.</param>
/// <param name="Statement">What came and went.</param>
public sealed record OwnBankModel(
    BalanceRecord Balance, BankPolicy Policy, ComingRecord Coming, Earnings Earned, Plot ByDay, Plot BySource, StatementModel Statement)
{
    /// <summary>The account can pay for nothing that costs anything.</summary>
    public bool IsOut => Policy.PricePerMebibyte > 0 && Balance.Own + Balance.Granted < Policy.PricePerMebibyte;

    /// <summary>Credits are sent from pages of this node.</summary>
    public bool CanSend { get; init; }

    /// <summary>Whoever asks may see how the community's credits stand.</summary>
    public bool SeesCommunity { get; init; }
}

/// <summary>Lines of one's own statement.</summary>
/// <param name="Lines">The newest first.</param>
/// <param name="Next">Where the next page begins; null at the end.</param>
/// <param name="IsFirst">It is the first page.</param>
/// <param name="Choice">Which lines; empty for all.</param>
/// <param name="Days">Of how many days; 0 for all.</param>
public sealed record StatementModel(IReadOnlyList<StatementRow> Lines, long? Next, bool IsFirst, string Choice, int Days)
{
    /// <summary>What was asked for, as in an address; null for all.</summary>
    public string? Query
    {
        get
        {
            var (kind, days) = (Choice.Length > 0 ? $"kind={Choice}" : null, Days > 0 ? FormattableString.Invariant($"days={Days}") : null);
            return kind is null ? days : days is null ? kind : $"{kind}&{days}";
        }
    }
}

/// <summary>A line of one's own statement.</summary>
/// <param name="Line">As the bank has it.</param>
/// <param name="Other">Name of whom it came from or went to; null where that has none.</param>
/// <param name="Bytes">About how many bytes that pays for; null where nobody can say.</param>
public sealed record StatementRow(StatementLine Line, string? Other, long? Bytes);

/// <summary>One's own channels.</summary>
/// <param name="Channels">Those that have not ended, the newest first.</param>
/// <param name="Names">Names of accounts that they pay.</param>
public sealed record ChannelsModel(IReadOnlyList<ChannelRecord> Channels, IReadOnlyDictionary<AccountId, string> Names)
{
    /// <summary>Whom a lane pays.</summary>
    public string NameOf(LedgerAddress payee) =>
        payee.Kind == LedgerAccountKind.User && Names.GetValueOrDefault(payee.Account) is { } name ? name : BankWords.Of(payee);
}

/// <summary>How the community's credits stand.</summary>
/// <param name="Figures">The figures.</param>
/// <param name="Alarms">What somebody should look at.</param>
/// <param name="Plots">How they came to it.</param>
/// <param name="Days">Of how many days.</param>
/// <param name="Largest">Who has most; empty for whoever does not govern.</param>
public sealed record CommunityBankModel(
    BankFigures Figures, IReadOnlyList<BankAlarm> Alarms, IReadOnlyList<Plot> Plots, int Days, IReadOnlyList<HolderFigures> Largest)
{
    /// <summary>Names of accounts among them.</summary>
    public IReadOnlyDictionary<AccountId, string> Names { get; init; } = new Dictionary<AccountId, string>();
}
