using Cete.Core;
using Cete.Ledger;
using Cete.Ledger.Channels;

namespace Cete.Transfer.Payments;

/// <summary>What a payer is told to begin with.</summary>
/// <param name="Community">Whose bank it is.</param>
/// <param name="Purpose">Names the download, so that it finds its channel again after a restart.</param>
/// <param name="Max">Micro-credits that may be spent.</param>
/// <param name="Price">Micro-credits of 2^20 bytes, as the bank says; who asks for more is not paid.</param>
public sealed record PayerOptions(KeyId Community, string Purpose, long Max, long Price)
{
    /// <summary>Of every so many bytes one may have to be paid that a broken connection took with it.</summary>
    private const int SpareOf = 16;

    /// <summary>Root of the content, where it is one; all zero for several.</summary>
    public Hash256 Subject { get; init; }

    /// <summary>The account that gets the author's part; null for none.</summary>
    public AccountId? Author { get; init; }

    /// <summary>How long a payer that ends tries to tell the bank so.</summary>
    public TimeSpan CloseMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The most bytes that may have to be paid so that some come: what connections take with them is a window at first.</summary>
    /// <param name="bytes">0 or more.</param>
    public static long BytesMaxFor(long bytes) => bytes + Math.Max(bytes / SpareOf, Math.Min(bytes, Window.First));

    /// <summary>The most that some bytes can come to.</summary>
    /// <param name="bytes">0 or more.</param>
    /// <param name="price">Micro-credits of 2^20 bytes.</param>
    public static long MostFor(long bytes, long price) => bytes == 0 ? 0 : Credits.CostOf(BytesMaxFor(bytes), price) + 1;
}
