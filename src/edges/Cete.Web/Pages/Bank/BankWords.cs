using Cete.Bank;
using Cete.Ledger;

namespace Cete.Web.Pages.Bank;

/// <summary>What the bank does, in words.</summary>
internal static class BankWords
{
    /// <summary>Why credits came or went, as the statement of an account says it.</summary>
    public static string Of(TransferKind kind, bool isDebit) => kind switch
    {
        TransferKind.Send => isDebit ? "sent" : "received",
        TransferKind.Pend => "held for somebody",
        TransferKind.Post => "taken of what was held",
        TransferKind.Void => "not taken, came back",
        TransferKind.Expire => "not taken in time, came back",
        TransferKind.Grant => "given to newcomers",
        TransferKind.Allowance => "the day's allowance",
        TransferKind.Reserve => "set aside for a download",
        TransferKind.Earn => "earned by sending",
        TransferKind.Author => "earned as the author",
        TransferKind.Share => "the community's part",
        TransferKind.Return => "not used, came back",
        TransferKind.Claim => "earned by a node",
        TransferKind.Leave => "the account was closed",
        TransferKind.PayOut => "paid by the community",
        _ => "moved",
    };

    /// <summary>Of what somebody earns, as a heading.</summary>
    public static string Source(TransferKind kind) => kind switch
    {
        TransferKind.Earn => "Sending files",
        TransferKind.Claim => "Nodes",
        TransferKind.Author => "As the author",
        TransferKind.Send or TransferKind.Post => "Other members",
        _ => "The community",
    };

    /// <summary>What a choice of lines is called in an address, and for people.</summary>
    public static IReadOnlyList<StatementChoice> Choices { get; } =
    [
        new("earned", "Earned", [TransferKind.Earn, TransferKind.Claim, TransferKind.Author]),
        new("given", "Given", [TransferKind.Grant, TransferKind.Allowance, TransferKind.PayOut]),
        new("spent", "Downloads", [TransferKind.Reserve, TransferKind.Return]),
        new("sent", "Sent and received", [TransferKind.Send, TransferKind.Pend, TransferKind.Post, TransferKind.Void, TransferKind.Expire]),
    ];

    /// <summary>Whom a part of the ledger belongs to, where it is nobody with a name.</summary>
    public static string Of(LedgerAddress address) => address.Kind switch
    {
        LedgerAccountKind.Mint => "the mint",
        LedgerAccountKind.Treasury => "the community",
        LedgerAccountKind.Channel => "a download",
        LedgerAccountKind.Pending => "what is held",
        LedgerAccountKind.Node => $"node {address.Key.ToString()[..8]}",
        _ => $"account {address.Account.ToString()[..8]}",
    };

    /// <summary>How a channel stands.</summary>
    public static string Of(ChannelState state) => state switch
    {
        ChannelState.Open => "open",
        ChannelState.Closing => "closing",
        _ => "ended",
    };
}

/// <summary>Some kinds of lines of a statement.</summary>
/// <param name="Name">In an address.</param>
/// <param name="Title">For people.</param>
/// <param name="Kinds">Which.</param>
internal sealed record StatementChoice(string Name, string Title, IReadOnlyList<TransferKind> Kinds);
