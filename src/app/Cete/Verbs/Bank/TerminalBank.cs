using Cete.Api;
using Cete.App.Verbs.Accounts;
using Cete.Bank;
using Cete.Core;
using Cete.Ledger;
using Cete.Net;
using Cete.Ports.Payments;

namespace Cete.App.Verbs.Bank;

/// <summary>The community's bank for who downloads from this terminal: what is set aside is signed with this device's key.</summary>
internal sealed class TerminalBank(NodeClient node) : SignedPayerBank(Life, TimeProvider.System)
{
    /// <summary>How long a channel is open at most: downloads that take longer open another one.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromDays(7);

    /// <inheritdoc/>
    public override async Task<Outcome<BankTerms>> TermsAsync(CancellationToken cancellation)
    {
        var bank = await node.GetAsync(Routes.Bank, ApiJson.Default.BankInfo, cancellation);
        if (!bank.Succeeded)
        {
            return bank.Failure;
        }

        if (bank.Value.Policy.PricePerMebibyte == 0)
        {
            return new BankTerms(default, 0);
        }

        var who = await node.GetAsync(Routes.Me, ApiJson.Default.WhoAmI, cancellation);
        return !who.Succeeded ? who.Failure
            : KeyId.TryParse(who.Value.CommunityId, out var community) ? new BankTerms(community, bank.Value.Policy.PricePerMebibyte)
            {
                PaysAuthors = bank.Value.Policy.AuthorPermille > 0,
            }
            : new Failure(FailureKind.Damaged, "the node named its community in a form that this program does not know");
    }

    /// <inheritdoc/>
    protected override async Task<Outcome<(long Revision, long Reserve)>> FindAsync(TransferId channel, CancellationToken cancellation)
    {
        var known = await node.GetAsync($"{Routes.Channels}/{channel}", ApiJson.Default.ChannelInfo, cancellation);
        return known.Then(found => (found.Revision, found.Reserve));
    }

    /// <inheritdoc/>
    protected override async Task<Outcome<bool>> SignAsync(ChannelAct act, CancellationToken cancellation)
    {
        var opened = await OwnDevice.OpenAsync(node, cancellation);
        if (!opened.Succeeded)
        {
            return opened.Failure;
        }

        using var device = opened.Value;
        var body = new StatementRequest(device.Sign(ChannelAct.Purpose, act.ToPayload()));
        var done = await node.PostAsync(Routes.Channels, body, ApiJson.Default.StatementRequest, ApiJson.Default.ChangeAnswer, cancellation);
        return done.Then(answer => answer.Changed);
    }
}
