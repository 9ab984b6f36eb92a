using System.Security.Cryptography;
using Cete.Accounts;
using Cete.Api;
using Cete.Core;
using Cete.Trust;

namespace Cete.App.Verbs.Accounts;

/// <summary>The keys of this device in a community: one that signs, and one that others seal for, which the first vouches for (DESIGN.md §4).</summary>
internal sealed class DeviceKeys : IDisposable
{
    private readonly NodeKey _signing = NodeKey.Create();
    private readonly ECDiffieHellman _exchange = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);

    private DeviceKeys()
    {
    }

    /// <summary>Names the device.</summary>
    public string Id => _signing.Id.ToString();

    public string SigningPem => _signing.ToPem();

    public string ExchangePem => _exchange.ExportPkcs8PrivateKeyPem();

    public static DeviceKeys Create() => new();

    /// <summary>Their public halves, for an account.</summary>
    public DeviceRequest ToRequest(KeyId community, string label)
    {
        var exchange = _exchange.ExportSubjectPublicKeyInfo();
        return new DeviceRequest(_signing.PublicKey.ToArray(), exchange, DeviceCertificate.Make(_signing, community, exchange), label);
    }

    public void Dispose()
    {
        _signing.Dispose();
        _exchange.Dispose();
    }
}
