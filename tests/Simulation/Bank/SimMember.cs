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

    /// <summary>Signs an act; the witness hears of it.</summary>
    public byte[] Sign(string purpose, byte[] payload, AccountId? account = null)
    {
        var statement = SignedStatement.Sign(Key, SimPerson.Community, purpose, account ?? Id, ++_counter, payload).ToArray();
        _witness.Signed(statement, this);
        return statement;
    }

    public byte[] Voucher(TransferId channel, KeyId provider, long amount)
    {
        var voucher = Trust.Voucher.Sign(Key, SimPerson.Community, channel.Bits, provider, amount).ToArray();
        _witness.Signed(voucher, this);
        return voucher;
    }

    public LaneOrder Lane(long cap) => new(KeyId.ToString(), User.ToString(), cap);

    public void Dispose() => Key.Dispose();
}
