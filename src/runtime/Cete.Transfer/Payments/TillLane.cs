using Cete.Core;
using Cete.Ledger;
using Cete.Ledger.Channels;
using Cete.Ports.Payments;

namespace Cete.Transfer.Payments;

/// <summary>A lane that is in use at a till. Whoever reads or changes it holds <see cref="Gate"/>.</summary>
internal sealed class TillLane(TransferId channel, ChannelFacts facts, ProviderLane counts, Instant now)
{
    public Lock Gate { get; } = new();

    public TransferId Channel { get; } = channel;

    public ProviderLane Counts { get; } = counts;

    public ChannelFacts Facts { get; private set; } = facts;

    /// <summary>The highest voucher; empty for none.</summary>
    public ReadOnlyMemory<byte> Voucher { get; private set; }

    /// <summary>Micro-credits of it that were handed in.</summary>
    public long Redeemed { get; private set; }

    public Instant UsedAt { get; set; } = now;

    public Instant LookedAt { get; private set; } = now;

    /// <summary>Bytes that were sent when the bank was asked last.</summary>
    public long LookedSent { get; private set; } = counts.Sent;

    /// <summary>Answers that are on their way: until they end the lane stays.</summary>
    public int Answers { get; set; }

    public bool IsWaiting => Counts.Paid > Redeemed;

    public KeptLane ToKeep() => new(Channel, Counts.Price, Counts.Sent, Counts.Paid, Redeemed, Voucher, Facts.ExpiresAt);

    public void TakeUp(KeptLane kept) => (Voucher, Redeemed) = (kept.Voucher, kept.Redeemed);

    public void Hold(ReadOnlyMemory<byte> voucher) => Voucher = voucher;

    public void Redeem(long amount) => Redeemed = Math.Max(Redeemed, amount);

    public void Look(ChannelFacts facts, Instant now)
    {
        // A channel keeps its key for good: one that seems to have another was not asked for.
        Facts = facts with { PublicKey = Facts.PublicKey };
        Counts.Widen(facts.Cap);
        (LookedAt, LookedSent) = (now, Counts.Sent);
    }

    public void Close() => Facts = Facts with { IsOpen = false };
}
