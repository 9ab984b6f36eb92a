using Cete.Bank;
using Cete.Core;
using Cete.Ledger;
using Cete.Ports.Payments;

namespace Cete.App.Compose.Community;

/// <summary>The community's bank as a provider needs it: of the node's own replica, or of nodes that have one.</summary>
/// <param name="bank">The bank; null on a node without a replica.</param>
/// <param name="remote">Asks those that have one.</param>
/// <param name="node">This node.</param>
/// <param name="owner">The account that it belongs to, as the roster says; may be empty.</param>
internal sealed class NodeBank(BankService? bank, RemoteBank remote, KeyId node, Func<string> owner) : IProviderBank
{
    /// <summary>A new price counts after so long.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RemoteInterval = TimeSpan.FromSeconds(10);

    private long _price;
    private volatile bool _servesUnpaid;

    /// <inheritdoc/>
    public long PricePerMebibyte => Volatile.Read(ref _price);

    /// <inheritdoc/>
    public bool ServesUnpaid => _servesUnpaid;

    /// <inheritdoc/>
    public LedgerAddress Payee => AccountId.TryParse(owner(), out var account) ? LedgerAddress.User(account) : LedgerAddress.Node(node);

    /// <summary>Follows the price until it is stopped.</summary>
    /// <param name="isKept">Whether any node of the community is to keep a bank.</param>
    /// <param name="stop">Ends it.</param>
    public async Task RunAsync(Func<bool> isKept, CancellationToken stop)
    {
        var seen = -1L;
        try
        {
            while (true)
            {
                // A calm ledger has the price that it had.
                var applied = bank?.Status.Applied ?? seen + 1;
                if ((bank is not null && applied != seen) || (bank is null && isKept()))
                {
                    var policy = bank is null ? await remote.PolicyAsync(stop) : (await bank.StandingAsync(stop)).Then(standing => standing.Policy);
                    if (policy.Succeeded)
                    {
                        _servesUnpaid = policy.Value.OutOfCredits == BankPolicy.Last;
                        Volatile.Write(ref _price, policy.Value.PricePerMebibyte);
                        seen = applied;
                    }
                }

                await Task.Delay(bank is null ? RemoteInterval : Interval, TimeProvider.System, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    /// <inheritdoc/>
    public async Task<Outcome<ChannelFacts>> FindChannelAsync(TransferId channel, CancellationToken cancellation)
    {
        var found = bank is null ? await remote.ChannelAsync(channel, cancellation) : await bank.ChannelAsync(channel, cancellation);
        if (!found.Succeeded)
        {
            return found.Failure;
        }

        var known = found.Value;
        return known.Lanes.FirstOrDefault(lane => lane.Provider == node) is { } lane
            ? new ChannelFacts(
                known.VoucherKey, known.Subject, lane.Payee, lane.Cap, known.ExpiresAt, known.State == ChannelState.Open && !lane.IsReleased)
            : new Failure(FailureKind.NotFound, $"the channel {channel} has no lane for this node, {node}");
    }

    /// <inheritdoc/>
    public async Task<Outcome<IReadOnlyList<Failure?>>> RedeemAsync(IReadOnlyList<SignedVoucher> vouchers, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte>[] bytes = [.. vouchers.Select(voucher => voucher.Bytes)];
        var done = bank is null
            ? await remote.RedeemAsync(bytes, cancellation)
            : await bank.RedeemAsync(bytes, new(node.ToString(), [BankMachine.BankRole]), cancellation);
        return done.Then(all => Outcome.Of<IReadOnlyList<Failure?>>([.. all.Select(one => one.Failure)]).Value);
    }
}
