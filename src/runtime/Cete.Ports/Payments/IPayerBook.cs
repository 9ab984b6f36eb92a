using Cete.Core;
using Cete.Ledger;

namespace Cete.Ports.Payments;

/// <summary>Where a downloader keeps its channels until they are closed, so that a restart goes on with them. For several callers at once.</summary>
public interface IPayerBook
{
    /// <summary>All of them; what cannot be read is left out.</summary>
    IReadOnlyList<KeptChannel> All();

    /// <summary>Keeps one in the place of what was kept of it; null, or why that failed.</summary>
    Failure? Keep(KeptChannel channel);

    /// <summary>Forgets one.</summary>
    void Forget(TransferId channel);
}

/// <summary>A channel as a downloader keeps it. It holds a key: whoever has it can spend what is reserved.</summary>
/// <param name="Channel">Its name.</param>
/// <param name="Purpose">Which download it is for: the same one finds it again.</param>
/// <param name="Community">Where it is.</param>
/// <param name="Price">Micro-credits of 2^20 bytes, at most.</param>
/// <param name="Reserve">Micro-credits that are reserved.</param>
/// <param name="Key">The key that signs its vouchers, as PEM.</param>
/// <param name="IsClosing">It is not used any more, and the bank is to be told so.</param>
/// <param name="Lanes">Its lanes.</param>
public sealed record KeptChannel(
    string Channel, string Purpose, string Community, long Price, long Reserve, string Key, bool IsClosing, IReadOnlyList<KeptPayerLane> Lanes);

/// <summary>A lane as a downloader keeps it.</summary>
/// <param name="Provider">The key of the provider.</param>
/// <param name="Payee">Who gets what it brings.</param>
/// <param name="Price">Micro-credits of 2^20 bytes that it asks for.</param>
/// <param name="Cap">Micro-credits that it can bring.</param>
/// <param name="Promised">Micro-credits of the highest voucher.</param>
/// <param name="Sent">Bytes that were paid for.</param>
/// <param name="Author">The account that gets the author's part; null for none.</param>
public sealed record KeptPayerLane(string Provider, string Payee, long Price, long Cap, long Promised, long Sent, string? Author = null);
