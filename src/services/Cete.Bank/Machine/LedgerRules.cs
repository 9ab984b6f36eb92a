using System.Diagnostics.CodeAnalysis;
using Cete.Core;
using Cete.Trust;

namespace Cete.Bank;

/// <summary>What keeps credits from being made or lost, a rule each. Tests break one at a time, to see that it is noticed.</summary>
[SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "tests derive from it, to break a rule")]
internal class LedgerRules
{
    /// <summary>All of them.</summary>
    public static LedgerRules Right { get; } = new();

    /// <summary>Whether an account can give an amount: only the mint falls below zero.</summary>
    public virtual bool Covers(long balance, long amount) => balance >= amount;

    /// <summary>A transfer of that id was there before.</summary>
    public virtual bool IsKnown(bool isThere) => isThere;

    /// <summary>What a voucher brings beyond what its lane has brought.</summary>
    public virtual long Gain(long promised, long redeemed) => Math.Max(0, promised - redeemed);

    /// <summary>Whether a lane can bring so much.</summary>
    public virtual bool IsWithin(long promised, long cap) => promised <= cap;

    /// <summary>Whether a channel's caps are covered by its reserve.</summary>
    public virtual bool IsCovered(long caps, long reserve) => caps <= reserve;

    /// <summary>What is held was taken, or went back, before.</summary>
    public virtual bool HasEnded(bool ended) => ended;

    /// <summary>A node has said since whose it is.</summary>
    public virtual bool IsStale(long counter, long last) => counter < last;

    /// <summary>Whether what a delegate may still spend is enough.</summary>
    public virtual bool MaySpend(long amount, long left) => amount <= left;

    /// <summary>Why a statement does not count.</summary>
    public virtual Failure? Unsigned(SignedStatement statement, ReadOnlySpan<byte> key, KeyId community, string purpose) =>
        statement.Verify(key, community, purpose);

    /// <summary>Why a voucher does not count.</summary>
    public virtual Failure? Unsigned(Voucher voucher, ReadOnlySpan<byte> key, KeyId community) => voucher.Verify(key, community);

    /// <summary>Whether the accounts' word alone brings a key.</summary>
    public virtual bool Believes(bool isOpen) => isOpen;

    /// <summary>A channel ends when its delay is over, so that a higher voucher can win.</summary>
    public virtual TimeSpan DelayOf(TimeSpan delay) => delay;
}
