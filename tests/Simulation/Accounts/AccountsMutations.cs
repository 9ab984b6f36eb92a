using Cete.Accounts;
using Cete.Core;
using Cete.Groups;
using Cete.Trust;

namespace Cete.Simulation.Accounts;

/// <summary>A rule of <see cref="StatementRules"/> that is broken.</summary>
/// <param name="Rule">Its name, with what is wrong.</param>
/// <param name="Rules">The rules with that one broken.</param>
internal sealed record AccountsMutation(string Rule, StatementRules Rules)
{
    private const int SeedsMost = 50;

    public static IReadOnlyList<AccountsMutation> All { get; } =
    [
        new("Unsigned: never", new TakesAnySignature()),
        new("IsNew: always", new TakesOld()),
        new("IsOf: any account", new TakesAnyDevice()),
        new("IsRemoved: never", new TakesRemoved()),
        new("StandingOf: as the root stamped", new BelievesAsker()),
        new("NeedsDevice: no", new NeedsNoDevice()),
    ];

    /// <summary>How many seeds it took, and what was said; null when nobody noticed.</summary>
    public (int Seeds, string Said)? Caught()
    {
        for (var seed = 0; seed < SeedsMost; seed++)
        {
            try
            {
                AccountsScenario.Run((ulong)seed, TextWriter.Null, Rules);
            }
            catch (Exception noticed) when (noticed is Xunit.Sdk.XunitException)
            {
                return (seed + 1, noticed.Message);
            }
        }

        return null;
    }

    private sealed class TakesAnySignature : StatementRules
    {
        public override Failure? Unsigned(SignedStatement statement, ReadOnlySpan<byte> publicKey, KeyId community, string purpose) => null;
    }

    private sealed class TakesOld : StatementRules
    {
        public override bool IsNew(long counter, long last) => true;
    }

    private sealed class TakesAnyDevice : StatementRules
    {
        public override bool IsOf(AccountId device, AccountId named) => true;
    }

    private sealed class TakesRemoved : StatementRules
    {
        public override bool IsRemoved(Instant? removedAt) => false;
    }

    private sealed class BelievesAsker : StatementRules
    {
        public override Standing StandingOf(AccountStanding known, Asker asker) => asker.Standing;
    }

    private sealed class NeedsNoDevice : StatementRules
    {
        public override bool NeedsDevice(bool hasUsable) => false;
    }
}
