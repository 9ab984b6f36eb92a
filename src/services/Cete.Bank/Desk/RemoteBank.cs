using Cete.Core;
using Cete.Ledger;
using Cete.Ports;

namespace Cete.Bank;

/// <summary>The bank for a node without a replica of it: it asks nodes that have one, the next when one does not answer.</summary>
/// <param name="fabric">To those.</param>
/// <param name="nodes">Who has a replica, the one to ask first in front.</param>
public sealed class RemoteBank(IFabric fabric, Func<IReadOnlyList<KeyId>> nodes)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(8);
    private const int TriesMax = 3;

    /// <summary>What was decided.</summary>
    public Task<Outcome<BankPolicy>> PolicyAsync(CancellationToken cancellation) =>
        AskAsync(BankDeskCodec.AskPolicy(), BankDeskCodec.ReadPolicy, cancellation);

    /// <summary>One channel.</summary>
    public Task<Outcome<ChannelRecord>> ChannelAsync(TransferId id, CancellationToken cancellation) =>
        AskAsync(BankDeskCodec.AskChannel(id), BankDeskCodec.ReadChannel, cancellation);

    /// <summary>Redeems vouchers; each has an answer of its own.</summary>
    public Task<Outcome<IReadOnlyList<RedeemOutcome>>> RedeemAsync(IReadOnlyList<ReadOnlyMemory<byte>> vouchers, CancellationToken cancellation) =>
        AskAsync(BankDeskCodec.AskRedeem(vouchers), BankDeskCodec.ReadRedeemed, cancellation);

    private async Task<Outcome<T>> AskAsync<T>(
        ReadOnlyMemory<byte> request, Func<ReadOnlyMemory<byte>, Outcome<T>> read, CancellationToken cancellation)
    {
        var failure = new Failure(FailureKind.Unavailable, "no node of the community that keeps its bank is to be reached; try again in a moment");
        foreach (var node in nodes().Take(TriesMax))
        {
            var answer = await fabric.AskAsync(node, FabricTopic.Bank, request, Deadline, cancellation);
            var found = answer.Succeeded ? read(answer.Value) : answer.Failure;
            if (found.Failure is not { Kind: FailureKind.Unavailable or FailureKind.Damaged } later)
            {
                return found;
            }

            failure = later;
        }

        return failure;
    }
}
