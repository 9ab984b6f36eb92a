using System.Security.Cryptography;
using Cete.Bank;
using Cete.Core;
using Cete.Ledger;
using Cete.Simulation.Accounts;
using Cete.Trust;

namespace Cete.Simulation.Bank;

/// <summary>Somebody with an account and a device, which signs its vouchers and is its key as a provider too. All of it is the seed's.</summary>
internal sealed class SimMember : IDisposable
{
    private readonly BankWitness _witness;
    private long _counter;

    public SimMember(string name, Prng chance, BankWitness witness)
    {
        (Name, _witness) = (name, witness);
        var id = new byte[AccountId.Size];
        chance.Fill(id);
        (Id, Key) = (new AccountId(id), SimPerson.NewKey(chance));
    }

    public string Name { get; }

    public AccountId Id { get; }

    public ECDsa Key { get; }

    public byte[] PublicKey => Key.ExportSubjectPublicKeyInfo();

    public KeyId KeyId => KeyId.Of(PublicKey);

    public LedgerAddress User => LedgerAddress.User(Id);

    /// <summary>Keys that nodes hold for it, to spend with.</summary>
    public List<SimDelegate> Delegates { get; } = [];

    /// <summary>Signs an act; the witness hears of it.</summary>
    public byte[] Sign(string purpose, byte[] payload, SimDelegate? by = null)
    {
        var statement = SignedStatement.Sign(by?.Key ?? Key, SimPerson.Community, purpose, Id, ++_counter, payload).ToArray();
        _witness.Signed(statement, this, by);
        return statement;
    }

    /// <summary>Signs as the node that it is, too.</summary>
    public byte[] SignAsNode(string purpose, byte[] payload)
    {
        var statement = SignedStatement.Sign(Key, SimPerson.Community, purpose, default, ++_counter, payload).ToArray();
        _witness.Signed(statement, this);
        return statement;
    }

    public byte[] Voucher(TransferId channel, KeyId provider, long amount)
    {
        var voucher = Trust.Voucher.Sign(Key, SimPerson.Community, channel.Bits, provider, amount).ToArray();
        _witness.Signed(voucher, this);
        return voucher;
    }

    public LaneOrder Lane(long cap, bool isOwned = true, SimMember? author = null) =>
        new(KeyId.ToString(), (isOwned ? User : LedgerAddress.Node(KeyId)).ToString(), cap, author?.Id.ToString() ?? string.Empty);

    public void Dispose()
    {
        Key.Dispose();
        Delegates.ForEach(one => one.Key.Dispose());
    }
}

/// <summary>A key that spends for an account, up to a cap and until it ends.</summary>
internal sealed record SimDelegate(ECDsa Key, long Cap, Instant Ends)
{
    public byte[] PublicKey => Key.ExportSubjectPublicKeyInfo();
}
