using System.Security.Cryptography;
using System.Text;
using Cete.Accounts;
using Cete.Accounts.Proto;
using Cete.Core;
using Cete.Trust;
using Google.Protobuf;

namespace Cete.Simulation.Accounts;

/// <summary>Somebody with an account, a device and a recovery code, all of it drawn from the seed: only signatures are never the same twice.</summary>
internal sealed class SimPerson : IDisposable
{
    public static readonly KeyId Community = KeyId.Of("community"u8);

    private readonly ECDsa _exchange;
    private long _counter;

    public SimPerson(string name, Prng chance)
    {
        Name = name;
        var id = new byte[AccountId.Size];
        chance.Fill(id);
        Id = new AccountId(id);
        (Key, Recovery, _exchange) = (NewKey(chance), NewKey(chance), NewKey(chance));
    }

    public string Name { get; }

    public AccountId Id { get; }

    /// <summary>Of the device that signs.</summary>
    public ECDsa Key { get; private set; }

    /// <summary>The recovery code's.</summary>
    public ECDsa Recovery { get; }

    public KeyId Device => KeyId.Of(Key.ExportSubjectPublicKeyInfo());

    public KeyId RecoveryId => KeyId.Of(Recovery.ExportSubjectPublicKeyInfo());

    /// <summary>A private key of the seed's.</summary>
    public static ECDsa NewKey(Prng chance)
    {
        var scalar = new byte[32];
        chance.Fill(scalar);

        // Below the order of the curve, whose first bit is set.
        scalar[0] &= 0x7F;
        return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = scalar });
    }

    public SignedStatement Sign(string purpose, byte[] payload) => SignedStatement.Sign(Key, Community, purpose, Id, ++_counter, payload);

    /// <summary>A device of that key.</summary>
    public NewDevice DeviceOf(ECDsa key)
    {
        var exchange = _exchange.ExportSubjectPublicKeyInfo();
        return new NewDevice(key.ExportSubjectPublicKeyInfo(), exchange, DeviceCertificate.Make(key, Community, exchange), "laptop");
    }

    /// <summary>The account as it is made.</summary>
    public NewEntry Entry()
    {
        var name = AccountName.Parse(Name, mayBeReserved: true).Value;
        var device = DeviceOf(Key);
        return new NewEntry
        {
            Account = ByteString.CopyFrom(Id.ToArray()),
            Name = new Name { Text = name.Text, Key = name.Key, Skeleton = name.Skeleton },
            Credential = Credential,
            Device = new Device
            {
                SigningKey = ByteString.CopyFrom(device.SigningKey.Span),
                ExchangeKey = ByteString.CopyFrom(device.ExchangeKey.Span),
                Certificate = ByteString.CopyFrom(device.Certificate.Span),
                Label = device.Label,
            },
            RecoveryKeys = { ByteString.CopyFrom(Recovery.ExportSubjectPublicKeyInfo()) },
            Personal = new Sealed { Key = ByteString.CopyFrom(new byte[PersonalText.KeySize]), Text = ByteString.CopyFrom(Encoding.UTF8.GetBytes(Name)) },
        };
    }

    public static Credential Credential => new()
    {
        Algorithm = PasswordHash.Pbkdf2Sha256,
        Iterations = 5,
        Salt = ByteString.CopyFrom(new byte[AccountsLimits.SaltBytes]),
        Hash = ByteString.CopyFrom(new byte[AccountsLimits.PasswordHashBytes]),
    };

    /// <summary>Signs with another key from now on.</summary>
    public void Take(ECDsa key)
    {
        Key.Dispose();
        (Key, _counter) = (key, 0);
    }

    public void Dispose()
    {
        Key.Dispose();
        Recovery.Dispose();
        _exchange.Dispose();
    }
}
