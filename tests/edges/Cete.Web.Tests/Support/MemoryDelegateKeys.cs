using System.Security.Cryptography;
using Cete.Accounts;
using Cete.Bank;
using Cete.Core;
using Cete.Trust;

namespace Cete.Web.Tests.Support;

/// <summary>Keys by which a node pays, of which it forgets nothing but what it is told to.</summary>
internal sealed class MemoryDelegateKeys : IDelegateKeys
{
    private readonly Dictionary<(AccountId, KeyId), ECDsa> _keys = [];

    public KeyId Node => KeyId.Of("node"u8);

    public int Count => _keys.Count;

    /// <summary>What was signed.</summary>
    public List<string> Signed { get; } = [];

    public Outcome<DeviceAct.AddDelegate> Make(AccountId account, long cap, Instant expiresAt)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var publicKey = key.ExportSubjectPublicKeyInfo();
        _keys.Add((account, KeyId.Of(publicKey)), key);
        return new DeviceAct.AddDelegate(
            publicKey, Node.ToString(), expiresAt.Microseconds, cap, DelegateCertificate.Make(key, KeyId.Of("community"u8), account, Node));
    }

    public byte[] PublicKeyOf(AccountId account, KeyId key) => _keys[(account, key)].ExportSubjectPublicKeyInfo();

    public bool Has(AccountId account, KeyId key) => _keys.ContainsKey((account, key));

    public Outcome<byte[]> Sign(DelegateRecord @delegate, string purpose, ReadOnlyMemory<byte> payload)
    {
        var said = DelegatedActs.Judge(purpose, payload.Span, @delegate.Cap);
        if (!said.Succeeded)
        {
            return said.Failure;
        }

        Signed.Add(said.Value);
        var key = _keys[(@delegate.Account, @delegate.Id)];
        return SignedStatement.Sign(key, KeyId.Of("community"u8), purpose, @delegate.Account, Signed.Count, payload.Span).ToArray();
    }

    public void Remove(AccountId account, KeyId key) => _keys.Remove((account, key));
}
