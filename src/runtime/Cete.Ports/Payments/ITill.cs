using Cete.Core;

namespace Cete.Ports.Payments;

/// <summary>Where a provider is paid for what it sends. For several callers at once.</summary>
public interface ITill
{
    /// <summary>Micro-credits of 2^20 bytes; 0 for nothing: then nobody need come here.</summary>
    long PricePerMebibyte { get; }

    /// <summary>Whoever has too few credits is served last, when nobody else is; else he is refused.</summary>
    bool ServesUnpaid { get; }

    /// <summary>Looks at what a request brings, and sets the bytes aside that it asks for.</summary>
    /// <param name="request">What it asks for, and what it brings.</param>
    /// <param name="cancellation">Ends it.</param>
    ValueTask<Admission> AdmitAsync(PaidRequest request, CancellationToken cancellation);
}

/// <summary>A request for a part of a content, as a till sees it.</summary>
/// <param name="Channel">What stands in its field <c>Cete-Channel</c>; null for none.</param>
/// <param name="Voucher">What stands in its field <c>Cete-Voucher</c>; null for none.</param>
/// <param name="Content">Root of the content.</param>
/// <param name="PieceLength">Bytes of one of its pieces: the least that a downloader can verify.</param>
/// <param name="Bytes">How much is asked for.</param>
public sealed record PaidRequest(string? Channel, string? Voucher, Hash256 Content, int PieceLength, long Bytes);

/// <summary>What a till says to a request.</summary>
/// <param name="Failure">Null where it is to be answered; else why not.</param>
/// <param name="Bill">What is to be paid, beside a failure of <see cref="FailureKind.Unpaid"/>; null else.</param>
public readonly record struct Admission(Failure? Failure, Bill? Bill)
{
    /// <summary>Told how many of the bytes were not sent after all; null where nobody counts.</summary>
    public Action<long>? Unsent { get; init; }
}

/// <summary>What a provider asks for, and what it counts; amounts in micro-credits.</summary>
/// <param name="Price">What 2^20 bytes cost.</param>
/// <param name="Payee">Who is to be paid, as an address of the ledger.</param>
/// <param name="Provider">The provider's key: vouchers name it.</param>
/// <param name="Window">Bytes that it sends before it is paid for them.</param>
/// <param name="Room">Bytes of them that are left.</param>
/// <param name="Sent">Bytes that it sent on this lane.</param>
/// <param name="Due">What those cost.</param>
/// <param name="Paid">What the highest voucher promises that it has.</param>
/// <param name="Voucher">That voucher, base64url: so that a downloader knows what it forgot; null for none.</param>
public sealed record Bill(
    long Price, string Payee, string Provider, long Window, long Room, long Sent, long Due, long Paid, string? Voucher)
{
    /// <summary>Whoever has too few credits may ask for the last place.</summary>
    public bool HasLastPlace { get; init; }
}
