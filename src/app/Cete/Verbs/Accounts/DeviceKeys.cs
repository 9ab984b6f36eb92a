using System.Security.Cryptography;
using Cete.Accounts;
using Cete.Api;
using Cete.Core;
using Cete.Ports;
using Cete.Trust;

namespace Cete.App.Verbs.Accounts;

/// <summary>The keys of this device in a community: one that signs, and one that others seal for, which the first vouches for (DESIGN.md §4).</summary>
internal sealed class DeviceKeys : IDisposable
{
    private readonly NodeKey _signing;
    private readonly ECDiffieHellman _exchange;

    private DeviceKeys(NodeKey signing, ECDiffieHellman exchange) => (_signing, _exchange) = (signing, exchange);

    /// <summary>Names the device.</summary>
    public string Id => _signing.Id.ToString();

    public string SigningPem => _signing.ToPem();

    public string ExchangePem => _exchange.ExportPkcs8PrivateKeyPem();

    public static DeviceKeys Create() => new(NodeKey.Create(), ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Those that are kept with a session; null where one is missing or cannot be read.</summary>
    public static DeviceKeys? Open(KnownSession known)
    {
        if (known is not { DeviceKey: { } signing, ExchangeKey: { } exchange } || NodeKey.FromPem(signing) is not { Succeeded: true, Value: var key })
        {
            return null;
        }

        var other = ECDiffieHellman.Create();
        try
        {
            other.ImportFromPem(exchange);
            return new DeviceKeys(key, other);
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            key.Dispose();
            other.Dispose();
            return null;
        }
    }

    /// <summary>Names the device of a session; null where it has no key.</summary>
    public static string? IdOf(KnownSession known)
    {
        if (known.DeviceKey is not { } pem || NodeKey.FromPem(pem) is not { Succeeded: true, Value: var key })
        {
            return null;
        }

        using (key)
        {
            return key.Id.ToString();
        }
    }

    /// <summary>Their public halves, for an account.</summary>
    public NewDevice ToDevice(KeyId community, string label)
    {
        var exchange = _exchange.ExportSubjectPublicKeyInfo();
        return new NewDevice(_signing.PublicKey, exchange, DeviceCertificate.Make(_signing, community, exchange), label);
    }

    /// <summary>As <see cref="ToDevice"/>, as the API takes it.</summary>
    public DeviceRequest ToRequest(KeyId community, string label)
    {
        var device = ToDevice(community, label);
        return new DeviceRequest(device.SigningKey.ToArray(), device.ExchangeKey.ToArray(), device.Certificate.ToArray(), device.Label);
    }

    public void Dispose()
    {
        _signing.Dispose();
        _exchange.Dispose();
    }
}
