using Cete.Core;
using Cete.Ledger;

namespace Cete.Ports.Payments;

/// <summary>What a provider asks of its community's bank. For several callers at once.</summary>
public interface IProviderBank
{
    /// <summary>
    /// Micro-credits that 2^20 bytes of content cost now, 0 for nothing; the last that was heard of while the bank is away. It costs no more than a look at a
    /// field: every request reads it.
    /// </summary>
    long PricePerMebibyte { get; }

    /// <summary>The community decided that who has too few credits comes last, in the place of being refused. As cheap to ask for as the price.</summary>
    bool ServesUnpaid { get; }

    /// <summary>Who earns what this node sends: its owner, and where none is known the node itself.</summary>
    LedgerAddress Payee { get; }

    /// <summary>
    /// What the bank knows of a channel and of this node's lane in it. <see cref="FailureKind.NotFound"/> where there is no such channel, or no lane of this
    /// node's in it; <see cref="FailureKind.Unavailable"/> while the bank is away.
    /// </summary>
    /// <param name="channel">Which.</param>
    /// <param name="cancellation">Ends it.</param>
    Task<Outcome<ChannelFacts>> FindChannelAsync(TransferId channel, CancellationToken cancellation);

    /// <summary>Hands in the highest vouchers of some lanes. What was handed in before may be so again, and brings nothing more.</summary>
    /// <param name="vouchers">One a lane, at most <see cref="RedeemMax"/>.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>For each voucher null where it is redeemed, or why it never will be; one failure where nothing can be said of any of them now.</returns>
    Task<Outcome<IReadOnlyList<Failure?>>> RedeemAsync(IReadOnlyList<SignedVoucher> vouchers, CancellationToken cancellation);

    /// <summary>Vouchers that are handed in at once.</summary>
    const int RedeemMax = 100;
}

/// <summary>A channel, as one of its providers needs to know it.</summary>
/// <param name="PublicKey">The key that signs its vouchers (SubjectPublicKeyInfo in DER).</param>
/// <param name="Subject">Root of the content that it is for; all zero for any.</param>
/// <param name="Payee">Who gets what this provider's lane brings.</param>
/// <param name="Cap">Micro-credits that this provider's lane can bring at most.</param>
/// <param name="ExpiresAt">When it ends by itself; vouchers count for nothing afterwards.</param>
/// <param name="IsOpen">False once it is being closed: nothing more is to be sent, and what is owed is to be handed in.</param>
public sealed record ChannelFacts(
    ReadOnlyMemory<byte> PublicKey, Hash256 Subject, LedgerAddress Payee, long Cap, Instant ExpiresAt, bool IsOpen);
