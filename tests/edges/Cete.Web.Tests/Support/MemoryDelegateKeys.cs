using System.Security.Cryptography;
using Cete.Accounts;
using Cete.Core;

namespace Cete.Web.Tests.Support;

/// <summary>Keys by which a node pays, of which it forgets nothing but what it is told to.</summary>
internal sealed class MemoryDelegateKeys : IDelegateKeys
{
    private readonly HashSet<(AccountId, KeyId)> _keys = [];

    public KeyId Node => KeyId.Of("node"u8);

    public int Count => _keys.Count;

    public Outcome<DeviceAct.AddDelegate> Make(AccountId account, long cap, Instant expiresAt)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var publicKey = key.ExportSubjectPublicKeyInfo();
        _keys.Add((account, KeyId.Of(publicKey)));
        return new DeviceAct.AddDelegate(
            publicKey, Node.ToString(), expiresAt.Microseconds, cap, DelegateCertificate.Make(key, KeyId.Of("community"u8), account, Node));
    }

    public bool Has(AccountId account, KeyId key) => _keys.Contains((account, key));

    public void Remove(AccountId account, KeyId key) => _keys.Remove((account, key));
}
