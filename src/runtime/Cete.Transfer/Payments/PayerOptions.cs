using Cete.Core;

namespace Cete.Transfer.Payments;

/// <summary>What a payer is told to begin with.</summary>
/// <param name="Community">Whose bank it is.</param>
/// <param name="Purpose">Names the download, so that it finds its channel again after a restart.</param>
/// <param name="Max">Micro-credits that may be spent.</param>
/// <param name="Price">Micro-credits of 2^20 bytes, as the bank says; who asks for more is not paid.</param>
public sealed record PayerOptions(KeyId Community, string Purpose, long Max, long Price)
{
    /// <summary>Root of the content, where it is one; all zero for several.</summary>
    public Hash256 Subject { get; init; }

    /// <summary>The account that gets the author's part; null for none.</summary>
    public AccountId? Author { get; init; }

    /// <summary>How long a payer that ends tries to tell the bank so.</summary>
    public TimeSpan CloseMax { get; init; } = TimeSpan.FromSeconds(10);
}
