using Cete.Accounts;
using Cete.Bank;
using Cete.Core;
using Cete.Groups;
using Cete.Ledger;
using Cete.Ports.Payments;

namespace Cete.Web.Bank;

/// <summary>The bank for a node that pays in an account's name: what is set aside is signed with the key that the node holds for it.</summary>
/// <param name="bank">The bank.</param>
/// <param name="keys">The node's keys.</param>
/// <param name="leave">The one that signs.</param>
/// <param name="clock">The time here.</param>
internal sealed class DelegateBank(BankService bank, IDelegateKeys keys, DelegateRecord leave, TimeProvider clock) : SignedPayerBank(Life, clock)
{
    /// <summary>How long a channel is open at most: what a node that fell over had set aside comes back then.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public override async Task<Outcome<BankTerms>> TermsAsync(CancellationToken cancellation) =>
        (await bank.StandingAsync(cancellation)).Then(standing => new BankTerms(bank.Community, standing.Policy.PricePerMebibyte));

    /// <inheritdoc/>
    protected override async Task<Outcome<(long Revision, long Reserve)>> FindAsync(TransferId channel, CancellationToken cancellation) =>
        (await bank.ChannelAsync(channel, cancellation)).Then(found => (found.Revision, found.Reserve));

    /// <inheritdoc/>
    protected override async Task<Outcome<bool>> SignAsync(ChannelAct act, CancellationToken cancellation)
    {
        var signed = keys.Sign(leave, ChannelAct.Purpose, act.ToPayload());
        return signed.Succeeded ? await bank.ChangeChannelAsync(signed.Value, Asker.Of(leave.Account), cancellation) : signed.Failure;
    }
}
