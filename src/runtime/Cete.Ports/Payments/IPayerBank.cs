using Cete.Core;
using Cete.Ledger;

namespace Cete.Ports.Payments;

/// <summary>What a downloader asks of a community's bank. For several callers at once.</summary>
public interface IPayerBank
{
    /// <summary>What contents cost in this community.</summary>
    Task<Outcome<BankTerms>> TermsAsync(CancellationToken cancellation);

    /// <summary>
    /// Opens a channel, from what the user has. One of that name that was opened by the same order before is the same one.
    /// <see cref="FailureKind.Unpaid"/> where the user has less than that.
    /// </summary>
    Task<Outcome<bool>> OpenAsync(ChannelOrder order, CancellationToken cancellation);

    /// <summary>Reserves more for a channel, adds lanes to it and widens those that it has.</summary>
    /// <param name="channel">Which.</param>
    /// <param name="reserve">Micro-credits that are to be reserved now, all together; at least what was.</param>
    /// <param name="lanes">New ones, and those with other caps; no cap is lower than it was.</param>
    /// <param name="cancellation">Ends it.</param>
    Task<Outcome<bool>> WidenAsync(TransferId channel, long reserve, IReadOnlyList<LaneOrder> lanes, CancellationToken cancellation);

    /// <summary>Begins to close a channel: its providers have some time to hand in higher vouchers, then what is left goes back to the user.</summary>
    /// <param name="channel">Which.</param>
    /// <param name="vouchers">The last of each lane.</param>
    /// <param name="cancellation">Ends it.</param>
    Task<Outcome<bool>> CloseAsync(TransferId channel, IReadOnlyList<SignedVoucher> vouchers, CancellationToken cancellation);
}

/// <summary>What contents cost in a community.</summary>
/// <param name="Community">Its id: vouchers count in one community alone.</param>
/// <param name="PricePerMebibyte">Micro-credits of 2^20 bytes; 0 where nothing is asked for them, or where there is no bank.</param>
public sealed record BankTerms(KeyId Community, long PricePerMebibyte)
{
    /// <summary>Authors get a part of what is paid.</summary>
    public bool PaysAuthors { get; init; }
}

/// <summary>A channel that is to be opened.</summary>
/// <param name="Channel">Its name, drawn by the downloader and never used again.</param>
/// <param name="Subject">Root of the content that it is for; all zero for any.</param>
/// <param name="PublicKey">The key that signs its vouchers (SubjectPublicKeyInfo in DER).</param>
/// <param name="Reserve">Micro-credits that are reserved; at least all caps together.</param>
/// <param name="Lanes">Who may earn, 1 to 40.</param>
public sealed record ChannelOrder(TransferId Channel, Hash256 Subject, ReadOnlyMemory<byte> PublicKey, long Reserve, IReadOnlyList<LaneOrder> Lanes);

/// <summary>A lane as it is to be.</summary>
/// <param name="Provider">The key of the provider.</param>
/// <param name="Payee">Who gets what it brings, as the provider says.</param>
/// <param name="Cap">Micro-credits that it can bring at most.</param>
/// <param name="Author">The account that gets the author's part of it; null for none. A lane keeps the one that it was opened with.</param>
public sealed record LaneOrder(KeyId Provider, LedgerAddress Payee, long Cap, AccountId? Author = null);
