using System.Diagnostics.CodeAnalysis;
using Cete.Core;
using Cete.Groups;
using Cete.Trust;

namespace Cete.Accounts;

/// <summary>
/// What makes a signed statement count, a member for each rule: so that a simulation can break one alone and see that it is noticed
/// (<c>tests/Simulation/Accounts/MUTATIONS.md</c>).
/// </summary>
[SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "tests derive from it, to break a rule")]
internal class StatementRules
{
    /// <summary>As they are.</summary>
    public static StatementRules Right { get; } = new();

    /// <summary>Null where the key said it, for this community and this purpose.</summary>
    public virtual Failure? Unsigned(SignedStatement statement, ReadOnlySpan<byte> publicKey, KeyId community, string purpose) =>
        statement.Verify(publicKey, community, purpose);

    /// <summary>Whether nothing newer was taken of the device.</summary>
    public virtual bool IsNew(long counter, long last) => counter > last;

    /// <summary>Whether the device may speak for the account that the statement names.</summary>
    public virtual bool IsOf(AccountId device, AccountId named) => device == named;

    /// <summary>Whether a device counts no longer.</summary>
    public virtual bool IsRemoved(Instant? removedAt) => removedAt is not null;

    /// <summary>By what the actor is measured: what these tables say of it, never what the root stamped.</summary>
    public virtual Standing StandingOf(AccountStanding known, Asker asker) => known.Standing;

    /// <summary>Whether new recovery keys of an account have to be signed by a device of it.</summary>
    public virtual bool NeedsDevice(bool hasUsable) => hasUsable;
}
