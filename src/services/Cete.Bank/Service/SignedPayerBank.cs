using Cete.Core;
using Cete.Ledger;
using Cete.Ports.Payments;
using OrderedLane = Cete.Ports.Payments.LaneOrder;

namespace Cete.Bank;

/// <summary>The bank for who downloads, by acts that somebody signs and hands in.</summary>
/// <param name="life">How long a channel is open at most: downloads that take longer open another one.</param>
/// <param name="clock">The time here.</param>
public abstract class SignedPayerBank(TimeSpan life, TimeProvider clock) : IPayerBank
{
    /// <inheritdoc/>
    public abstract Task<Outcome<BankTerms>> TermsAsync(CancellationToken cancellation);

    /// <inheritdoc/>
    public Task<Outcome<bool>> OpenAsync(ChannelOrder order, CancellationToken cancellation) => SignAsync(
        new ChannelAct.Open(
            order.Channel.ToString(), order.PublicKey.ToArray(), order.Reserve, order.Subject == default ? string.Empty : order.Subject.ToString(),
            Instant.From(clock.GetUtcNow() + life).Microseconds, [.. order.Lanes.Select(OrderOf)]),
        cancellation);

    /// <inheritdoc/>
    public async Task<Outcome<bool>> WidenAsync(TransferId channel, long reserve, IReadOnlyList<OrderedLane> lanes, CancellationToken cancellation)
    {
        var known = await FindAsync(channel, cancellation);
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

    /// <summary>How often a channel was changed, and what is reserved for it.</summary>
    protected abstract Task<Outcome<(long Revision, long Reserve)>> FindAsync(TransferId channel, CancellationToken cancellation);

    /// <summary>Signs an act and hands it in.</summary>
    protected abstract Task<Outcome<bool>> SignAsync(ChannelAct act, CancellationToken cancellation);

    private static LaneOrder OrderOf(OrderedLane lane) =>
        new(lane.Provider.ToString(), lane.Payee.ToString(), lane.Cap, lane.Author?.ToString() ?? string.Empty);
}
