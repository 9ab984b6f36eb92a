using Cete.Core;

namespace Cete.Ports.Payments;

/// <summary>Pays those from whom a download comes. For several callers at once.</summary>
public interface IPayer
{
    /// <summary>
    /// Whose turn it is to ask a source: where it is paid, one request at a time, since the window is one. To be disposed when the answer has ended.
    /// </summary>
    /// <param name="source">Whom.</param>
    /// <param name="wish">What is to be asked for.</param>
    /// <param name="cancellation">Ends it.</param>
    Task<Outcome<IPaidTurn>> BeginAsync(Uri source, PaidWish wish, CancellationToken cancellation);
}

/// <summary>What is to be asked of a source.</summary>
/// <param name="Content">Root of the content.</param>
/// <param name="PieceLength">Bytes of a piece.</param>
/// <param name="Bytes">Bytes that are wished for, 1 or more.</param>
/// <param name="First">Bytes of the first piece of them: less is of no use.</param>
/// <param name="Known">The key that the source must have; null where its address names none.</param>
public sealed record PaidWish(Hash256 Content, int PieceLength, long Bytes, long First, KeyId? Known);

/// <summary>One request to a source.</summary>
public interface IPaidTurn : IDisposable
{
    /// <summary>What goes along in the field <c>Cete-Channel</c>; null for a source that asked for nothing so far.</summary>
    string? Channel { get; }

    /// <summary>What goes along in the field <c>Cete-Voucher</c>; null for nothing.</summary>
    string? Voucher { get; }

    /// <summary>Nothing is paid, and the last place is asked for by the field <c>Cete-Last</c>.</summary>
    bool IsLast { get; }

    /// <summary>Bytes that may be asked for; no more than were wished for.</summary>
    long BytesMax { get; }

    /// <summary>The request is sent, and asks for so many bytes.</summary>
    void Ask(long bytes);

    /// <summary>Bytes came and were verified: they are paid for with the next request.</summary>
    void Verified(long bytes);

    /// <summary>The connection broke. What did not come may have been sent.</summary>
    void Broke();

    /// <summary>The source wants to be paid first. Null where the next turn can do so; else why it is not to be asked again.</summary>
    Task<Failure?> RefusedAsync(Bill bill, CancellationToken cancellation);
}
