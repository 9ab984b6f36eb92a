using Cete.Core;
using Cete.Groups;
using Cete.Ledger;
using Cete.Ports;

namespace Cete.Bank;

/// <summary>Answers nodes that have no replica of the bank: what things cost, how a channel stands; and redeems what they were promised.</summary>
/// <param name="bank">The bank of this node.</param>
/// <param name="node">This node, which hands in what others ask it to.</param>
public sealed class BankDesk(BankService bank, KeyId node)
{
    /// <summary>Answers a request of <see cref="FabricTopic.Bank"/>.</summary>
    public async ValueTask<Outcome<ReadOnlyMemory<byte>>> AnswerAsync(FabricRequest request, CancellationToken cancellation)
    {
        if (request.Peer is null)
        {
            return new Failure(FailureKind.Forbidden, "only nodes of the community ask its bank here");
        }

        return BankDeskCodec.ReadRequest(request.Body) switch
        {
            { Policy: true } => BankDeskCodec.Write(await bank.StandingAsync(cancellation)),
            { Channel: { Length: TransferId.Size } id } => BankDeskCodec.Write(
                await bank.ChannelAsync(new TransferId(id.Span), cancellation)),
            { Vouchers: { Vouchers: { Count: > 0 and <= BankLimits.VouchersMax } vouchers } } => BankDeskCodec.Write(await bank.RedeemAsync(
                [.. vouchers.Select(one => one.Memory)], new Asker(node.ToString(), [BankMachine.BankRole]), cancellation)),
            _ => new Failure(FailureKind.Invalid, "a question about the bank that makes no sense"),
        };
    }
}
