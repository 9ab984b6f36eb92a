using System.Text.Json;
using System.Text.Json.Serialization;
using Cete.Core;

namespace Cete.Bank;

/// <summary>
/// What an account does with a channel: the payload of a statement that is signed for <see cref="Purpose"/> by a device of it, as JSON whose first
/// member <c>act</c> names it.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "act")]
[JsonDerivedType(typeof(Open), "open")]
[JsonDerivedType(typeof(Change), "change")]
[JsonDerivedType(typeof(Close), "close")]
public abstract record ChannelAct
{
    /// <summary>The purpose of its statements.</summary>
    public const string Purpose = "bank.channel";

    /// <summary>Credits are set aside, for providers that are named.</summary>
    /// <param name="Channel">32 hexadecimal digits, drawn by whoever opens it.</param>
    /// <param name="Key">The public key that its vouchers are signed with.</param>
    /// <param name="Reserve">Micro-credits; the caps of all lanes together are no more.</param>
    /// <param name="Subject">What is downloaded: the root of a content in hexadecimal digits, or empty.</param>
    /// <param name="ExpiresAt">When it closes by itself, in microseconds since 1970.</param>
    /// <param name="Lanes">0 to <see cref="BankLimits.LanesMax"/>.</param>
    public sealed record Open(string Channel, byte[] Key, long Reserve, string Subject, long ExpiresAt, IReadOnlyList<LaneOrder> Lanes) : ChannelAct;

    /// <summary>More is reserved, lanes are added or given a higher cap.</summary>
    /// <param name="Channel">Which.</param>
    /// <param name="Revision">One more than the channel's: that of a channel which was just opened is 1.</param>
    /// <param name="Reserve">Micro-credits beyond what is reserved.</param>
    /// <param name="Lanes">Those that are new or change.</param>
    public sealed record Change(string Channel, long Revision, long Reserve, IReadOnlyList<LaneOrder> Lanes) : ChannelAct;

    /// <summary>Nothing more is promised; providers have the delay of the policy to redeem what was, then the rest goes back.</summary>
    /// <param name="Channel">Which.</param>
    /// <param name="Vouchers">The last one of each lane, so that all get what they were promised.</param>
    public sealed record Close(string Channel, IReadOnlyList<byte[]> Vouchers) : ChannelAct;

    /// <summary>The payload of a statement.</summary>
    public byte[] ToPayload() => JsonSerializer.SerializeToUtf8Bytes(this, BankJson.Strict.ChannelAct);

    /// <summary>Reads a payload.</summary>
    public static Outcome<ChannelAct> Parse(ReadOnlySpan<byte> payload) => BankJson.Read(payload, BankJson.Strict.ChannelAct, "change of a channel");
}

/// <summary>A lane as it is ordered.</summary>
/// <param name="Provider">The name of the provider's key.</param>
/// <param name="Payee">Who earns: <c>user:ACCOUNT</c> or <c>node:KEY</c>.</param>
/// <param name="Cap">Micro-credits that it can bring at most; never less than before.</param>
/// <param name="Author">The account that is paid a part as the author; empty for none.</param>
public sealed record LaneOrder(string Provider, string Payee, long Cap, string Author = "");

/// <summary>
/// A provider expects nothing more from its lane, so its credits are free for others: the payload of a statement that is signed for
/// <see cref="Purpose"/> with the provider's key and an account of all zero.
/// </summary>
/// <param name="Channel">Which.</param>
/// <param name="Redeemed">Micro-credits that the lane has to have brought, else it is not released.</param>
public sealed record ReleaseAct(string Channel, long Redeemed)
{
    /// <summary>The purpose of its statements.</summary>
    public const string Purpose = "bank.release";

    /// <summary>The payload of a statement.</summary>
    public byte[] ToPayload() => JsonSerializer.SerializeToUtf8Bytes(this, BankJson.Strict.ReleaseAct);

    /// <summary>Reads a payload.</summary>
    public static Outcome<ReleaseAct> Parse(ReadOnlySpan<byte> payload) => BankJson.Read(payload, BankJson.Strict.ReleaseAct, "release of a lane");
}
