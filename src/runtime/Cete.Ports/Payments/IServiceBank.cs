using Cete.Core;
using Cete.Ledger;

namespace Cete.Ports.Payments;

/// <summary>What those who keep services that cost something ask of the community's bank. For several callers at once.</summary>
public interface IServiceBank
{
    /// <summary>The community: vouchers count in one alone.</summary>
    KeyId Community { get; }

    /// <summary>
    /// What the bank knows of a channel's lane. <see cref="FailureKind.NotFound"/> where there is no such channel or lane,
    /// <see cref="FailureKind.Unavailable"/> while the bank is away.
    /// </summary>
    /// <param name="channel">Which channel.</param>
    /// <param name="provider">By which its lane is named.</param>
    /// <param name="cancellation">Ends it.</param>
    Task<Outcome<LaneFacts>> FindLaneAsync(TransferId channel, KeyId provider, CancellationToken cancellation);

    /// <summary>Hands in vouchers, as <see cref="IProviderBank.RedeemAsync"/> does.</summary>
    Task<Outcome<IReadOnlyList<Failure?>>> RedeemAsync(IReadOnlyList<SignedVoucher> vouchers, CancellationToken cancellation);
}

/// <summary>A lane of a channel.</summary>
/// <param name="Account">Who pays.</param>
/// <param name="PublicKey">The key that signs its vouchers (SubjectPublicKeyInfo in DER).</param>
/// <param name="Payee">Who is paid.</param>
/// <param name="Cap">Micro-credits that it can bring at most.</param>
/// <param name="ExpiresAt">When its channel ends by itself.</param>
/// <param name="IsOpen">False once it is being closed.</param>
public sealed record LaneFacts(
    AccountId Account, ReadOnlyMemory<byte> PublicKey, LedgerAddress Payee, long Cap, Instant ExpiresAt, bool IsOpen);
