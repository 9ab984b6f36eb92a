using Cete.Core;
using Cete.Ledger;

namespace Cete.Ports.Payments;

/// <summary>Where a provider keeps what it was promised. What is kept is durable when the call returns. One caller at a time.</summary>
public interface ILaneBook
{
    /// <summary>What is kept of a lane; null for nothing.</summary>
    Outcome<KeptLane?> Find(TransferId channel);

    /// <summary>Lanes with vouchers that were not redeemed, those that end first before others.</summary>
    /// <param name="max">How many at most.</param>
    Outcome<IReadOnlyList<KeptLane>> Unredeemed(int max);

    /// <summary>Keeps lanes in the place of what was kept of them, all or none; what was handed in of them stays.</summary>
    Failure? Keep(IReadOnlyList<KeptLane> lanes);

    /// <summary>Vouchers were handed in, up to these amounts: a lane's never falls.</summary>
    Failure? Redeem(IReadOnlyList<(TransferId Channel, long Amount)> lanes);

    /// <summary>Forgets lanes that ended before a moment.</summary>
    Failure? Forget(Instant before);
}

/// <summary>A lane as its provider keeps it.</summary>
/// <param name="Channel">Its channel.</param>
/// <param name="Price">Micro-credits of 2^20 bytes that were agreed on.</param>
/// <param name="Sent">Bytes that were sent when it was kept.</param>
/// <param name="Amount">Micro-credits of the highest voucher; 0 for none.</param>
/// <param name="Redeemed">Micro-credits of it that were handed in.</param>
/// <param name="Voucher">The highest voucher; empty for none.</param>
/// <param name="ExpiresAt">When the channel ends.</param>
public sealed record KeptLane(
    TransferId Channel, long Price, long Sent, long Amount, long Redeemed, ReadOnlyMemory<byte> Voucher, Instant ExpiresAt);
