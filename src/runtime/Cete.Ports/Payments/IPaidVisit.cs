using Cete.Core;

namespace Cete.Ports.Payments;

/// <summary>
/// Somebody who asks for a content with a browser, and signs no vouchers himself. A feature of the request, where whoever stands in front of the contents
/// knows how he may pay.
/// </summary>
public interface IPaidVisit
{
    /// <summary>Pays in his place; null where nobody does, or not yet.</summary>
    IPaidPass? Pass { get; }

    /// <summary>Answers that it is to be paid first, so that he can decide about it.</summary>
    /// <param name="ask">What for.</param>
    Task AskAsync(PaidAsk ask);
}

/// <summary>Pays for one content, part by part, as it goes out. For several callers at once.</summary>
public interface IPaidPass
{
    /// <summary>So many bytes are to be sent by it; null, or why not that many.</summary>
    Failure? Want(long bytes);

    /// <summary>So many of them are not sent after all.</summary>
    void GiveUp(long bytes);

    /// <summary>Has the next part paid.</summary>
    /// <param name="pieceLength">Bytes of a piece of the content.</param>
    /// <param name="bytes">Bytes that are still to be sent, 1 or more.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What may be sent now; or why nothing more is paid.</returns>
    Task<Outcome<IPaidPart>> NextAsync(int pieceLength, long bytes, CancellationToken cancellation);
}

/// <summary>A part of a content that may be sent.</summary>
public interface IPaidPart
{
    /// <summary>How much.</summary>
    long Bytes { get; }

    /// <summary>It has ended: so much of it was sent, and is paid.</summary>
    void End(long sent);
}

/// <summary>What somebody is asked to pay for.</summary>
/// <param name="Content">Root of the content.</param>
/// <param name="Name">What it is to be called; null for nothing.</param>
/// <param name="Length">Bytes of it.</param>
/// <param name="Failure">Why it was not sent.</param>
public sealed record PaidAsk(Hash256 Content, string? Name, long Length, Failure Failure);
