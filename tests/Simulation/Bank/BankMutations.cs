using Cete.Bank;
using Cete.Core;
using Cete.Trust;

namespace Cete.Simulation.Bank;

/// <summary>A rule of <see cref="LedgerRules"/> that is broken.</summary>
/// <param name="Rule">Its name, with what is wrong.</param>
/// <param name="Rules">The rules with that one broken.</param>
internal sealed record BankMutation(string Rule, LedgerRules Rules)
{
    private const int SeedsMost = 20;

    public static IReadOnlyList<BankMutation> All { get; } =
    [
        new("Covers: always", new Lends()),
        new("IsKnown: never", new Forgets()),
        new("Gain: all that is promised", new PaysAgain()),
        new("IsWithin: always", new PaysBeyondCaps()),
        new("IsCovered: always", new ReservesNothing()),
        new("Unsigned: no statement", new TakesAnyStatement()),
        new("Unsigned: no voucher", new TakesAnyVoucher()),
        new("Believes: whatever is told of keys", new BelievesAccounts()),
        new("DelayOf: none", new EndsAtOnce()),
        new("IsStale: never", new TakesOldClaims()),
        new("MaySpend: always", new TrustsDelegates()),
    ];

    /// <summary>How many seeds it took, and what was said; null when nobody noticed.</summary>
    public (int Seeds, string Said)? Caught()
    {
        for (var seed = 0; seed < SeedsMost; seed++)
        {
            try
            {
                BankScenario.Run((ulong)seed, TextWriter.Null, Rules);
            }
            catch (Exception noticed) when (noticed is Xunit.Sdk.XunitException)
            {
                return (seed + 1, noticed.Message);
            }
        }

        return null;
    }

    private sealed class Lends : LedgerRules
    {
        public override bool Covers(long balance, long amount) => true;
    }

    private sealed class Forgets : LedgerRules
    {
        public override bool IsKnown(bool isThere) => false;
    }

    private sealed class PaysAgain : LedgerRules
    {
        public override long Gain(long promised, long redeemed) => promised;
    }

    private sealed class PaysBeyondCaps : LedgerRules
    {
        public override bool IsWithin(long promised, long cap) => true;
    }

    private sealed class ReservesNothing : LedgerRules
    {
        public override bool IsCovered(long caps, long reserve) => true;
    }

    private sealed class TakesAnyStatement : LedgerRules
    {
        public override Failure? Unsigned(SignedStatement statement, ReadOnlySpan<byte> key, KeyId community, string purpose) => null;
    }

    private sealed class TakesAnyVoucher : LedgerRules
    {
        public override Failure? Unsigned(Voucher voucher, ReadOnlySpan<byte> key, KeyId community) => null;
    }

    private sealed class BelievesAccounts : LedgerRules
    {
        public override bool Believes(bool isOpen) => true;
    }

    private sealed class TakesOldClaims : LedgerRules
    {
        public override bool IsStale(long counter, long last) => false;
    }

    private sealed class TrustsDelegates : LedgerRules
    {
        public override bool MaySpend(long amount, long left) => true;
    }

    private sealed class EndsAtOnce : LedgerRules
    {
        public override TimeSpan DelayOf(TimeSpan delay) => TimeSpan.Zero;
    }
}
