using System.Text;
using Cete.Bank.Proto;
using Cete.Core;
using Cete.Ledger;
using Cete.Ports;
using Google.Protobuf;

namespace Cete.Bank;

/// <summary>Questions about the bank between nodes, as bytes.</summary>
internal static class BankDeskCodec
{
    private static readonly Failure Malformed = new(FailureKind.Damaged, "a node that keeps the bank gave an answer that cannot be read");

    public static ReadOnlyMemory<byte> AskPolicy() => new DeskRequest { Policy = true }.ToByteArray();

    public static ReadOnlyMemory<byte> AskChannel(TransferId id) => new DeskRequest { Channel = ByteString.CopyFrom(id.ToArray()) }.ToByteArray();

    public static ReadOnlyMemory<byte> AskRedeem(IEnumerable<ReadOnlyMemory<byte>> vouchers) =>
        new DeskRequest { Vouchers = new VoucherList { Vouchers = { vouchers.Select(one => ByteString.CopyFrom(one.Span)) } } }.ToByteArray();

    /// <summary>What is asked; null for what makes no sense.</summary>
    public static DeskRequest? ReadRequest(ReadOnlyMemory<byte> body)
    {
        try
        {
            return ProtobufBytes.Read(DeskRequest.Parser, body.Span);
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return null;
        }
    }

    public static ReadOnlyMemory<byte> Write(Outcome<LedgerStanding> standing) => Write(
        standing.Failure, () => new DeskResponse { Policy = Encoding.UTF8.GetString(standing.Value.Policy.ToPayload()) });

    public static ReadOnlyMemory<byte> Write(Outcome<ChannelRecord> channel) => Write(
        channel.Failure, () => new DeskResponse { Channel = Found(channel.Value) });

    public static ReadOnlyMemory<byte> Write(Outcome<IReadOnlyList<RedeemOutcome>> redeemed) => Write(redeemed.Failure, () => new DeskResponse
    {
        Redeemed = new Redeemed
        {
            Results =
            {
                redeemed.Value.Select(one => new RedeemResult
                {
                    Redeemed = one.Redeemed,
                    Paid = one.Paid,
                    Failure = one.Failure is { } failure ? (int)failure.Kind + 1 : 0,
                    Message = one.Failure?.Message ?? string.Empty,
                }),
            },
        },
    });

    public static Outcome<BankPolicy> ReadPolicy(ReadOnlyMemory<byte> body) => Read<BankPolicy>(
        body,
        response => response.ResponseCase == DeskResponse.ResponseOneofCase.Policy ? BankPolicy.Parse(Encoding.UTF8.GetBytes(response.Policy)) : Malformed);

    public static Outcome<ChannelRecord> ReadChannel(ReadOnlyMemory<byte> body) => Read<ChannelRecord>(
        body, response => response.ResponseCase == DeskResponse.ResponseOneofCase.Channel ? Found(response.Channel) : Malformed);

    public static Outcome<IReadOnlyList<RedeemOutcome>> ReadRedeemed(ReadOnlyMemory<byte> body) => Read<IReadOnlyList<RedeemOutcome>>(
        body, response => response.ResponseCase == DeskResponse.ResponseOneofCase.Redeemed
            ? Outcome.Of<IReadOnlyList<RedeemOutcome>>([.. response.Redeemed.Results.Select(one =>
                new RedeemOutcome(one.Redeemed, one.Paid, FailureOf(one.Failure, one.Message)))])
            : Malformed);

    private static Proto.ChannelFound Found(ChannelRecord channel) => new()
    {
        Channel = ByteString.CopyFrom(channel.Id.ToArray()),
        Account = ByteString.CopyFrom(channel.Account.ToArray()),
        PublicKey = ByteString.CopyFrom(channel.VoucherKey.Span),
        Subject = ByteString.CopyFrom(channel.Subject.ToArray()),
        Reserve = channel.Reserve,
        Redeemed = channel.Redeemed,
        State = (int)channel.State,
        Revision = channel.Revision,
        OpenedAt = channel.OpenedAt.Microseconds,
        ExpiresAt = channel.ExpiresAt.Microseconds,
        SettlesAt = channel.SettlesAt?.Microseconds ?? 0,
        Lanes =
        {
            channel.Lanes.Select(lane => new LaneFound
            {
                Provider = ByteString.CopyFrom(lane.Provider.ToArray()),
                Payee = lane.Payee.ToString(),
                Cap = lane.Cap,
                Redeemed = lane.Redeemed,
                IsReleased = lane.IsReleased,
            }),
        },
    };

    private static Outcome<ChannelRecord> Found(Proto.ChannelFound found)
    {
        if (found.Channel.Length != TransferId.Size || found.Account.Length != AccountId.Size || found.Subject.Length != Hash256.Size
            || !Enum.IsDefined((ChannelState)found.State) || found.Lanes.Count > BankLimits.LanesMax)
        {
            return Malformed;
        }

        List<LaneRecord> lanes = [];
        foreach (var lane in found.Lanes)
        {
            if (lane.Provider.Length != KeyId.Size || !LedgerAddress.TryParse(lane.Payee, out var payee))
            {
                return Malformed;
            }

            lanes.Add(new LaneRecord(new KeyId(lane.Provider.Span), payee, lane.Cap, lane.Redeemed, lane.IsReleased));
        }

        return new ChannelRecord(
            new TransferId(found.Channel.Span), new AccountId(found.Account.Span), found.PublicKey.ToByteArray(), new Hash256(found.Subject.Span),
            found.Reserve, found.Redeemed, (ChannelState)found.State, found.Revision, new Instant(found.OpenedAt), new Instant(found.ExpiresAt),
            found.SettlesAt == 0 ? null : new Instant(found.SettlesAt), lanes);
    }

    private static ReadOnlyMemory<byte> Write(Failure? failure, Func<DeskResponse> made) =>
        (failure is null ? made() : new DeskResponse { Failure = (int)failure.Kind + 1, Message = failure.Message }).ToByteArray();

    private static Failure? FailureOf(int kind, string message) =>
        kind == 0 ? null : new Failure(Enum.IsDefined((FailureKind)(kind - 1)) ? (FailureKind)(kind - 1) : FailureKind.Unavailable, EntryName.Show(message));

    private static Outcome<T> Read<T>(ReadOnlyMemory<byte> body, Func<DeskResponse, Outcome<T>> read)
    {
        try
        {
            var response = ProtobufBytes.Read(DeskResponse.Parser, body.Span);
            return FailureOf(response.Failure, response.Message) is { } failure ? failure : read(response);
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return Malformed;
        }
    }
}
