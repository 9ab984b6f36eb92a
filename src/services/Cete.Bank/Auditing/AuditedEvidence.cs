using Cete.Core;
using Cete.Ledger;
using Cete.Trust;

namespace Cete.Bank;

/// <summary>The signed bytes that entries rest on, as an audit reads them.</summary>
/// <param name="Hash">Of them.</param>
internal sealed record AuditedEvidence(Hash256 Hash)
{
    private Dictionary<string, TransferOrder>? _orders;

    public SignedStatement? Statement { get; init; }

    public Voucher? Voucher { get; init; }

    /// <summary>Why an entry does not follow from what was signed; null where it does, or follows from the rules alone.</summary>
    public static string? Unordered(JournalEntry entry, AuditedEvidence? evidence)
    {
        if (entry.Evidence == default)
        {
            return NeedsEvidence(entry) ? $"{entry.Debit} gives, and nobody signed for it" : null;
        }

        return evidence is null || evidence.Hash != entry.Evidence ? "what it rests on does not stand before it" : evidence.Unordered(entry);
    }

    /// <summary>What somebody's own credits are taken by, he has signed: all else moves credits by rules.</summary>
    private static bool NeedsEvidence(JournalEntry entry) => entry.Kind switch
    {
        TransferKind.Send or TransferKind.Pend or TransferKind.Post or TransferKind.PayOut or TransferKind.Reserve or TransferKind.Earn
            or TransferKind.Author or TransferKind.Share or TransferKind.Claim => true,
        TransferKind.Void => false,
        TransferKind.Grant or TransferKind.Allowance => entry.Debit.Kind is not (LedgerAccountKind.Mint or LedgerAccountKind.Treasury)
            || entry.Credit.Kind != LedgerAccountKind.Grant,
        TransferKind.Expire => entry.Debit.Kind != LedgerAccountKind.Pending || entry.Credit.Kind != LedgerAccountKind.User,
        TransferKind.Return => entry.Debit.Kind != LedgerAccountKind.Channel,
        TransferKind.Leave => entry.Credit.Kind is not (LedgerAccountKind.Treasury or LedgerAccountKind.Mint),
        _ => true,
    };

    private string? Unordered(JournalEntry entry) => entry.Kind switch
    {
        TransferKind.Send or TransferKind.Pend or TransferKind.PayOut => Ordered(entry),
        TransferKind.Post or TransferKind.Void => entry.Debit.Kind == LedgerAccountKind.Pending && Statement is not null ? null : "it takes what is not held",
        TransferKind.Reserve => Statement is { } said && said.Purpose == ChannelAct.Purpose && entry.Debit.Account == said.Account
            && entry.Debit.Kind is LedgerAccountKind.User or LedgerAccountKind.Grant
                ? null : "whose credits are reserved did not sign for it",
        TransferKind.Earn or TransferKind.Author or TransferKind.Share => Voucher is { } voucher
            && entry.Debit == LedgerAddress.Channel(new TransferId(voucher.Channel)) && entry.Amount <= voucher.Amount
                ? null : "its voucher is of another channel, or promises less",
        TransferKind.Claim => Statement is { } claim && entry.Debit == LedgerAddress.Node(claim.Device) ? null
            : "the node whose credits go did not sign for it",
        _ => "nothing that is signed leads to it",
    };

    private string? Ordered(JournalEntry entry)
    {
        if (Statement is not { Purpose: TransferAct.Purpose } said)
        {
            return "who gives did not sign a transfer";
        }

        if (_orders is null)
        {
            var act = TransferAct.Parse(said.Payload.Span);
            _orders = act.Succeeded ? act.Value.Transfers.DistinctBy(order => order.Id).ToDictionary(order => order.Id, StringComparer.OrdinalIgnoreCase) : [];
        }

        var isOwn = entry.Kind == TransferKind.PayOut ? entry.Debit == LedgerAddress.Treasury : entry.Debit == LedgerAddress.User(said.Account);
        var isThere = entry.Kind == TransferKind.Pend ? entry.Credit == LedgerAddress.Pending(entry.Id) : entry.Credit.Kind != LedgerAccountKind.Pending;
        return isOwn && _orders.TryGetValue(entry.Id.ToString(), out var order) && order.Amount == entry.Amount && order.Note == entry.Note
            && isThere && (entry.Kind == TransferKind.Pend || order.To == entry.Credit.ToString())
                ? null : "who gives signed something else";
    }
}
