using Cete.Bank;
using Cete.Core;
using Cete.Ledger;
using Cete.Ports.Payments;

namespace Cete.App.Compose.Community;

/// <summary>The community's bank as a provider needs it: of the node's own replica, or of nodes that have one.</summary>
/// <param name="bank">The bank; null on a node without a replica.</param>
/// <param name="remote">Asks those that have one.</param>
/// <param name="node">This node.</param>
/// <param name="community">The community.</param>
/// <param name="owner">The account that it belongs to, as the roster says; may be empty.</param>
internal sealed class NodeBank(BankService? bank, RemoteBank remote, KeyId node, KeyId community, Func<string> owner) : IProviderBank, IServiceBank
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
    public KeyId Community => community;

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
        var found = await FindAsync(channel, cancellation);
        return !found.Succeeded ? found.Failure
            : found.Value.Lanes.FirstOrDefault(lane => lane.Provider == node) is { } lane
                ? new ChannelFacts(
                    found.Value.VoucherKey, found.Value.Subject, lane.Payee, lane.Cap, found.Value.ExpiresAt, IsOpen(found.Value, lane))
            : new Failure(FailureKind.NotFound, $"the channel {channel} has no lane for this node, {node}");
    }

    /// <inheritdoc/>
    public async Task<Outcome<LaneFacts>> FindLaneAsync(TransferId channel, KeyId provider, CancellationToken cancellation)
    {
        var found = await FindAsync(channel, cancellation);
        return !found.Succeeded ? found.Failure
            : found.Value.Lanes.FirstOrDefault(lane => lane.Provider == provider) is { } lane
                ? new LaneFacts(
                    found.Value.Account, found.Value.VoucherKey, lane.Payee, lane.Cap, found.Value.ExpiresAt, IsOpen(found.Value, lane))
            : new Failure(FailureKind.NotFound, $"the channel {channel} has no lane for {provider}");
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

    private static bool IsOpen(ChannelRecord channel, LaneRecord lane) => channel.State == ChannelState.Open && !lane.IsReleased;

    private Task<Outcome<ChannelRecord>> FindAsync(TransferId channel, CancellationToken cancellation) =>
        bank is null ? remote.ChannelAsync(channel, cancellation) : bank.ChannelAsync(channel, cancellation);
}
