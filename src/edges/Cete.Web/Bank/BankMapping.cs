using Cete.Accounts;
using Cete.Api;
using Cete.Bank;
using Cete.Core;
using Cete.Ledger;

namespace Cete.Web.Bank;

/// <summary>What the bank says, as the API's messages.</summary>
internal static class BankMapping
{
    public static BankInfo ToInfo(this LedgerStanding standing) => new(
        standing.Ledger.ToString(), standing.Entries, standing.Hash.ToString(), standing.UnderHead, standing.Policy.ToInfo());

    public static PolicyInfo ToInfo(this BankPolicy policy) => new(
        policy.Version, policy.PricePerMebibyte, policy.AuthorPermille, policy.CommunityPermille, policy.DailyAllowance, policy.OutOfCredits,
        policy.CloseDelaySeconds, [.. policy.Grants.Select(stage => new GrantInfo(stage.AfterDays, stage.Amount))],
        [.. policy.Prices.Select(price => new PriceInfo(price.Service, price.Action, price.Price))]);

    public static BalanceInfo ToInfo(this BalanceRecord balance, AccountId account) =>
        new(account.ToString(), balance.Own, balance.Granted, balance.Reserved, balance.Pending);

    public static LedgerEntryInfo ToInfo(this StatementLine line, StandingBook book)
    {
        var entry = line.Entry;
        var other = line.IsDebit ? entry.Credit : entry.Debit;
        return new LedgerEntryInfo(
            entry.Number, entry.Id.ToString(), entry.At.ToDateTimeOffset(), NameOf(entry.Kind), entry.Debit.ToString(), entry.Credit.ToString(), entry.Amount,
            line.Balance, line.IsDebit, other.Kind is LedgerAccountKind.User ? book.Find(other.Account)?.Name : null,
            entry.Subject == default ? null : entry.Subject.ToString(), entry.Note);
    }

    public static ChannelInfo ToInfo(this ChannelRecord channel) => new(
        channel.Id.ToString(), channel.Account.ToString(), channel.VoucherKey.ToArray(), channel.Subject == default ? null : channel.Subject.ToString(),
        channel.Reserve, channel.Redeemed, channel.State.ToString().ToLowerInvariant(), channel.Revision, channel.OpenedAt.ToDateTimeOffset(),
        channel.ExpiresAt.ToDateTimeOffset(), channel.SettlesAt?.ToDateTimeOffset(),
        [.. channel.Lanes.Select(lane => new LaneInfo(lane.Provider.ToString(), lane.Payee.ToString(), lane.Cap, lane.Redeemed, lane.IsReleased))]);

    public static SupplyInfo ToInfo(this SupplyRecord supply) => new(
        supply.Supply, [.. supply.Kinds.Select(kind => new KindInfo(kind.Kind.ToString().ToLowerInvariant(), kind.Accounts, kind.Balance))],
        supply.Distribution,
        [.. supply.Days.Select(day => new DayInfo(
            DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(day.Day)), day.Transfers, day.Spent, day.Made))]);

    public static ReceiptInfo ToInfo(this Receipt receipt)
    {
        var entry = receipt.Entry;
        return new ReceiptInfo(
            entry.Number, entry.Id.ToString(), entry.At.Microseconds, (int)entry.Kind, entry.Debit.ToString(), entry.Credit.ToString(), entry.Amount,
            entry.DebitBalance, entry.CreditBalance, entry.Evidence.ToString(), entry.Subject.ToString(), entry.Quantity, entry.Note,
            receipt.Previous.ToString(), [.. receipt.Path.Select(hash => hash.ToString())], receipt.Head.ToArray(), receipt.Signer.ToArray());
    }

    /// <summary>Why credits moved, as the API says it: <c>pay-out</c>.</summary>
    public static string NameOf(TransferKind kind) => kind == TransferKind.PayOut ? "pay-out" : kind.ToString().ToLowerInvariant();
}
