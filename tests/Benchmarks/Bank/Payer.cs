using System.Buffers.Binary;
using System.Security.Cryptography;
using Cete.Bank;
using Cete.Bank.Proto;
using Cete.Core;
using Cete.Ledger;
using Cete.Trust;
using Google.Protobuf;
using TransferCommand = Cete.Bank.Proto.Transfer;

namespace Cete.Benchmarks.Bank;

/// <summary>Somebody with a device, who pays.</summary>
internal sealed class Payer : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly KeyId _community;

    /// <param name="community">Whose bank it is.</param>
    /// <param name="id">The account.</param>
    public Payer(KeyId community, AccountId id)
    {
        (_community, Id) = (community, id);
        PublicKey = _key.ExportSubjectPublicKeyInfo();
        Key = KeyId.Of(PublicKey);
    }

    public AccountId Id { get; }

    public byte[] PublicKey { get; }

    public KeyId Key { get; }

    /// <summary>An account without a device, which is paid.</summary>
    public static AccountId Account(int number)
    {
        Span<byte> bytes = stackalloc byte[AccountId.Size];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number + 1);
        return new AccountId(bytes);
    }

    /// <summary>The body of a command: a micro-credit to each of them.</summary>
    /// <param name="payees">Accounts.</param>
    /// <param name="isSigned">Whether a signature stands below it; else there are zeros in its place.</param>
    public byte[] Pay(IEnumerable<AccountId> payees, bool isSigned)
    {
        var orders = payees.Select(payee => new TransferOrder(
            Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TransferId.Size)), TransferOrder.Send, LedgerAddress.User(payee).ToString(), 1));
        var act = new TransferAct([.. orders]);
        return new TransferCommand { Statement = ByteString.CopyFrom(Say(TransferAct.Purpose, act.ToPayload(), isSigned)) }.ToByteArray();
    }

    /// <summary>The body of a command: a channel with so much for each of them.</summary>
    public byte[] Open(TransferId channel, IReadOnlyList<Payer> payees, long each, Instant until)
    {
        var lanes = payees.Select(payee => new LaneOrder(payee.Key.ToString(), LedgerAddress.User(payee.Id).ToString(), each, string.Empty));
        var act = new ChannelAct.Open(channel.ToString(), PublicKey, each * payees.Count, string.Empty, until.Microseconds, [.. lanes]);
        return new ChangeChannel { Statement = ByteString.CopyFrom(Say(ChannelAct.Purpose, act.ToPayload(), isSigned: true)) }.ToByteArray();
    }

    /// <summary>The body of a command: all that the channel has.</summary>
    public byte[] Redeem(TransferId channel, IReadOnlyList<Payer> payees, long each) => new Redeem
    {
        Vouchers = { payees.Select(payee => ByteString.CopyFrom(Voucher.Sign(_key, _community, channel.Bits, payee.Key, each).ToArray())) },
    }.ToByteArray();

    public void Dispose() => _key.Dispose();

    private byte[] Say(string purpose, byte[] payload, bool isSigned) => isSigned
        ? SignedStatement.Sign(_key, _community, purpose, Id, 1, payload).ToArray()
        : new SignedStatement(_community, purpose, Id, Key, 1, payload, new byte[64]).ToArray();
}
