using Cete.Core;

namespace Cete.Ports.Payments;

/// <summary>Where a node keeps who pays for addresses by which anybody downloads. For several callers at once.</summary>
public interface IPaidLinkBook
{
    /// <summary>The address of that number; null for none that is paid for.</summary>
    PaidLink? Find(ulong serial);

    /// <summary>Keeps one in the place of what was kept of it; null, or why that failed. Those that ended before a moment are forgotten.</summary>
    Failure? Keep(PaidLink link, Instant now);
}

/// <summary>An address that is paid for by whoever made it.</summary>
/// <param name="Serial">The number of its ticket.</param>
/// <param name="Account">Who pays.</param>
/// <param name="Content">Root of the content.</param>
/// <param name="Bytes">Bytes that are paid for in all.</param>
/// <param name="Used">Bytes of them that were sent.</param>
/// <param name="Until">When it ends.</param>
public sealed record PaidLink(ulong Serial, AccountId Account, Hash256 Content, long Bytes, long Used, Instant Until)
{
    /// <summary>Bytes that may still be sent.</summary>
    public long Left => Math.Max(0, Bytes - Used);
}
