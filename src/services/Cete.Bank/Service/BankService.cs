using Cete.Bank.Proto;
using Cete.Core;
using Cete.Groups;
using Cete.Ledger;
using Cete.Ports;
using Cete.Trust;
using Google.Protobuf;

namespace Cete.Bank;

/// <summary>The community's bank for its users: hands what they signed to the group, and answers questions. For several callers at once.</summary>
/// <param name="group">The group that keeps the ledger.</param>
/// <param name="community">Whose ledger it is.</param>
public sealed partial class BankService(IGroup group, KeyId community)
{
    /// <summary>The name of the service and its group.</summary>
    public static readonly GroupId Name = GroupId.Of("bank");

    /// <summary>How the local replica stands.</summary>
    public GroupStatus Status => group.Status;

    /// <summary>Whose ledger it is: statements are signed for it.</summary>
    public KeyId Community => community;

    /// <summary>Completes when the applied index goes beyond <paramref name="index"/>.</summary>
    public Task<long> WaitForAppliedAsync(long index, CancellationToken cancellation) => group.WaitForAppliedAsync(index, cancellation);

    /// <summary>Begins the ledger; that it is there already is no error.</summary>
    public Task<Outcome<bool>> BeginAsync(BankPolicy policy, Asker asker, CancellationToken cancellation) => ChangeAsync(
        new Begin { Community = ByteString.CopyFrom(community.ToArray()), Policy = System.Text.Encoding.UTF8.GetString(policy.ToPayload()) }, asker,
        cancellation);

    /// <summary>Does what an account ordered by a signed <see cref="TransferAct"/>; each order has an answer of its own.</summary>
    public async Task<Outcome<IReadOnlyList<TransferOutcome>>> TransferAsync(
        ReadOnlyMemory<byte> statement, Asker asker, CancellationToken cancellation)
    {
        var answer = await SubmitAsync(new Transfer { Statement = Bytes(statement) }, asker, cancellation);
        return answer.Then(bytes => ProtobufBytes.Read(Transferred.Parser, bytes.Span)).Then(done => Outcome.Of<IReadOnlyList<TransferOutcome>>(
            [.. done.Results.Select(one => new TransferOutcome(one.Number, one.IsKnown, FailureOf(one.Failure, one.Message)))]).Value);
    }

    /// <summary>Does what an account wants with a channel, by a signed <see cref="ChannelAct"/>; false where it was so already.</summary>
    public Task<Outcome<bool>> ChangeChannelAsync(ReadOnlyMemory<byte> statement, Asker asker, CancellationToken cancellation) =>
        ChangeAsync(new ChangeChannel { Statement = Bytes(statement) }, asker, cancellation);

    /// <summary>Redeems vouchers; each has an answer of its own.</summary>
    public async Task<Outcome<IReadOnlyList<RedeemOutcome>>> RedeemAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> vouchers, Asker asker, CancellationToken cancellation)
    {
        var answer = await SubmitAsync(new Redeem { Vouchers = { vouchers.Select(Bytes) } }, asker, cancellation);
        return answer.Then(bytes => ProtobufBytes.Read(Redeemed.Parser, bytes.Span)).Then(done => Outcome.Of<IReadOnlyList<RedeemOutcome>>(
            [.. done.Results.Select(one => new RedeemOutcome(one.Redeemed, one.Paid, FailureOf(one.Failure, one.Message)))]).Value);
    }

    /// <summary>Pays what a node earned to its owner, by a <see cref="ClaimAct"/> that is signed with the node's key.</summary>
    /// <returns>Micro-credits.</returns>
    public async Task<Outcome<long>> ClaimAsync(
        ReadOnlyMemory<byte> statement, ReadOnlyMemory<byte> publicKey, Asker asker, CancellationToken cancellation)
    {
        var answer = await SubmitAsync(new Claim { Statement = Bytes(statement), PublicKey = Bytes(publicKey) }, asker, cancellation);
        return answer.Then(bytes => ProtobufBytes.Read(Moved.Parser, bytes.Span).Amount);
    }

    /// <summary>Decides about the community's credits, by a signed <see cref="BankPolicy"/>.</summary>
    public Task<Outcome<bool>> SetPolicyAsync(ReadOnlyMemory<byte> statement, Asker asker, CancellationToken cancellation) =>
        ChangeAsync(new SetPolicy { Statement = Bytes(statement) }, asker, cancellation);

    /// <summary>Writes the whole journal, for whoever wants to look at it for himself (<see cref="JournalAudit"/>).</summary>
    public Task<Failure?> ExportAsync(Stream target, CancellationToken cancellation) => new JournalExport(group).WriteAsync(target, cancellation);

    /// <summary>Has done what is due; whether more is.</summary>
    public async Task<Outcome<bool>> TickAsync(Asker asker, CancellationToken cancellation)
    {
        var answer = await SubmitAsync(new Tick(), asker, cancellation);
        return answer.Then(bytes => ProtobufBytes.Read(Ticked.Parser, bytes.Span).IsMore);
    }

    /// <summary>Signs how the journal stands, with a node's key.</summary>
    /// <returns>False where nothing came since the last signed head.</returns>
    public async Task<Outcome<bool>> SignHeadAsync(NodeKey key, Asker asker, Instant now, CancellationToken cancellation)
    {
        var standing = await group.ReadAsync(ReadHead, ReadLevel.Linearizable, cancellation);
        if (standing is not { Succeeded: true, Value: { } head })
        {
            return standing.Succeeded ? false : standing.Failure;
        }

        var statement = SignedStatement.Sign(key, community, JournalHead.Purpose, default, now.Microseconds, head.ToPayload());
        return await ChangeAsync(new SignHead { Statement = Bytes(statement.ToArray()), PublicKey = Bytes(key.PublicKey) }, asker, cancellation);
    }

    private static JournalHead? ReadHead(SqlSession sql)
    {
        var (facts, before) = (BankFacts.Read(sql), HeadTable.Last(sql));
        var last = sql.Scalar<long>("SELECT coalesce(max(number), 0) FROM journal");
        var from = before?.Number ?? 0;
        if (facts is null || last == from)
        {
            return null;
        }

        var to = Math.Min(last, from + BankLimits.HeadEntriesMax);
        var tree = HeadTable.Extend(before, to, sql, null);
        return new JournalHead(to, JournalTable.HashOf(sql, to).ToString(), tree.Root.ToString(), facts.Ledger.ToString());
    }

    private static ByteString Bytes(ReadOnlyMemory<byte> bytes) => ByteString.CopyFrom(bytes.Span);

    private static Failure? FailureOf(int kind, string message) => kind == 0 ? null : Shortage.Told(new Failure((FailureKind)(kind - 1), message));

    private async Task<Outcome<bool>> ChangeAsync(IMessage command, Asker asker, CancellationToken cancellation)
    {
        var answer = await SubmitAsync(command, asker, cancellation);
        return answer.Then(bytes => ProtobufBytes.Read(Done.Parser, bytes.Span).Changed);
    }

    /// <summary>Needs no request id: what is signed names itself, and is done once however often it comes.</summary>
    private async Task<Outcome<ReadOnlyMemory<byte>>> SubmitAsync(IMessage command, Asker asker, CancellationToken cancellation)
    {
        var reply = await group.SubmitAsync(new ClientCommand(command.Descriptor.Name, command.ToByteArray(), asker), cancellation);
        return !reply.Succeeded ? reply.Failure : reply.Value.Result.Failure is { } refused ? Shortage.Told(refused) : reply.Value.Result;
    }
}
