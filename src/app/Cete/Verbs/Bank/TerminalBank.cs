using Cete.Api;
using Cete.App.Verbs.Accounts;
using Cete.Bank;
using Cete.Core;
using Cete.Ledger;
using Cete.Net;
using Cete.Ports.Payments;
using LaneOrder = Cete.Ports.Payments.LaneOrder;

namespace Cete.App.Verbs.Bank;

/// <summary>The community's bank for who downloads from this terminal: what is set aside is signed with this device's key.</summary>
internal sealed class TerminalBank(NodeClient node) : IPayerBank
{
    /// <summary>How long a channel is open at most: downloads that take longer open another one.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromDays(7);

    /// <inheritdoc/>
    public async Task<Outcome<BankTerms>> TermsAsync(CancellationToken cancellation)
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
    public Task<Outcome<bool>> OpenAsync(ChannelOrder order, CancellationToken cancellation) => SignAsync(
        new ChannelAct.Open(
            order.Channel.ToString(), order.PublicKey.ToArray(), order.Reserve, order.Subject == default ? string.Empty : order.Subject.ToString(),
            Instant.From(TimeProvider.System.GetUtcNow() + Life).Microseconds, [.. order.Lanes.Select(OrderOf)]),
        cancellation);

    /// <inheritdoc/>
    public async Task<Outcome<bool>> WidenAsync(TransferId channel, long reserve, IReadOnlyList<LaneOrder> lanes, CancellationToken cancellation)
    {
        var known = await node.GetAsync($"{Routes.Channels}/{channel}", ApiJson.Default.ChannelInfo, cancellation);
        return known.Succeeded
            ? await SignAsync(
                new ChannelAct.Change(
                    channel.ToString(), known.Value.Revision + 1, Math.Max(0, reserve - known.Value.Reserve), [.. lanes.Select(OrderOf)]),
                cancellation)
            : known.Failure;
    }

    /// <inheritdoc/>
    public Task<Outcome<bool>> CloseAsync(TransferId channel, IReadOnlyList<SignedVoucher> vouchers, CancellationToken cancellation) =>
        SignAsync(new ChannelAct.Close(channel.ToString(), [.. vouchers.Select(voucher => voucher.Bytes.ToArray())]), cancellation);

    private static Cete.Bank.LaneOrder OrderOf(LaneOrder lane) =>
        new(lane.Provider.ToString(), lane.Payee.ToString(), lane.Cap, lane.Author?.ToString() ?? string.Empty);

    private async Task<Outcome<bool>> SignAsync(ChannelAct act, CancellationToken cancellation)
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
