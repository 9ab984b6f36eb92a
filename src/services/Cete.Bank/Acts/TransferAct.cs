using System.Text.Json;
using System.Text.Json.Serialization;
using Cete.Core;

namespace Cete.Bank;

/// <summary>
/// Transfers that an account orders: the payload of a statement that is signed for <see cref="Purpose"/> by a device of it, as JSON. Each is done or
/// refused by itself, but for those that are linked.
/// </summary>
/// <param name="Transfers">1 to <see cref="BankLimits.TransfersMax"/>.</param>
public sealed record TransferAct(IReadOnlyList<TransferOrder> Transfers)
{
    /// <summary>The purpose of its statements.</summary>
    public const string Purpose = "bank.transfer";

    /// <summary>The payload of a statement.</summary>
    public byte[] ToPayload() => JsonSerializer.SerializeToUtf8Bytes(this, BankJson.Strict.TransferAct);

    /// <summary>Reads a payload.</summary>
    public static Outcome<TransferAct> Parse(ReadOnlySpan<byte> payload) => BankJson.Read(payload, BankJson.Strict.TransferAct, "list of transfers");
}

/// <summary>One transfer that is ordered.</summary>
/// <param name="Id">32 hexadecimal digits, drawn by whoever orders: the same order with the same id is one transfer.</param>
/// <param name="Kind"><c>send</c>; <c>pend</c>, held for whom it is to go to; <c>post</c> and <c>void</c>, by whom something is held for.</param>
/// <param name="To">For <c>send</c> and <c>pend</c>: <c>user:ACCOUNT</c>, <c>node:KEY</c> or <c>treasury</c>.</param>
/// <param name="Amount">Micro-credits, 1 or more; for <c>post</c> as much as was held or less, for <c>void</c> 0.</param>
/// <param name="Pending">For <c>post</c> and <c>void</c>: which transfer is pending.</param>
/// <param name="ExpiresAt">For <c>pend</c>: when it goes back by itself, in microseconds since 1970.</param>
/// <param name="Linked">It and the next one are both done or neither is.</param>
/// <param name="Note">What for; one line.</param>
/// <param name="From"><c>treasury</c>, for whoever may govern the bank; empty for the account itself.</param>
public sealed record TransferOrder(
    string Id, string Kind, string To = "", [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Amount = 0, string Pending = "",
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long ExpiresAt = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Linked = false, string Note = "", string From = "")
{
    /// <summary>From one account to another.</summary>
    public const string Send = "send";

    /// <summary>Held for somebody.</summary>
    public const string Pend = "pend";

    /// <summary>What is held is taken.</summary>
    public const string Post = "post";

    /// <summary>What is held goes back.</summary>
    public const string Void = "void";
}

/// <summary>
/// What a node earned goes to an account: the payload of a statement that is signed for <see cref="Purpose"/> with the node's key and an account of all
/// zero.
/// </summary>
/// <param name="Account">Whose it is from now on.</param>
public sealed record ClaimAct(string Account)
{
    /// <summary>The purpose of its statements.</summary>
    public const string Purpose = "bank.claim";

    /// <summary>The payload of a statement.</summary>
    public byte[] ToPayload() => JsonSerializer.SerializeToUtf8Bytes(this, BankJson.Strict.ClaimAct);

    /// <summary>Reads a payload.</summary>
    public static Outcome<ClaimAct> Parse(ReadOnlySpan<byte> payload) => BankJson.Read(payload, BankJson.Strict.ClaimAct, "claim of a node's earnings");
}

/// <summary>How a journal stands: the payload of a statement that a node signs for <see cref="Purpose"/>, with an account of all zero.</summary>
/// <param name="Number">Its last entry.</param>
/// <param name="Hash">Of that one: it names all before it.</param>
/// <param name="Root">Of the tree over all of them (RFC 6962).</param>
/// <param name="Ledger">Which ledger.</param>
public sealed record JournalHead(long Number, string Hash, string Root, string Ledger)
{
    /// <summary>The purpose of its statements.</summary>
    public const string Purpose = "bank.head";

    /// <summary>The payload of a statement.</summary>
    public byte[] ToPayload() => JsonSerializer.SerializeToUtf8Bytes(this, BankJson.Strict.JournalHead);

    /// <summary>Reads a payload.</summary>
    public static Outcome<JournalHead> Parse(ReadOnlySpan<byte> payload) => BankJson.Read(payload, BankJson.Strict.JournalHead, "head of a journal");
}
