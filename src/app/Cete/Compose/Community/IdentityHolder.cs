using Cete.Core;
using Cete.Ports;
using Cete.Trust;

namespace Cete.App.Compose.Community;

/// <summary>The node's identity of now: its certificate is renewed while it runs, its key stays.</summary>
internal sealed class IdentityHolder(NodeIdentity first) : IDisposable
{
    private volatile NodeIdentity _current = first;

    public NodeIdentity Current => _current;

    /// <summary>Uses another certificate from now on. The one before is left to the collector, since a handshake may be using it.</summary>
    public void Renew(NodeIdentity next) => _current = next;

    public void Dispose() => _current.Dispose();
}

/// <summary>Signs with the node's key.</summary>
internal sealed class CurrentSigner(IdentityHolder identity) : ISigner
{
    public KeyId Id => identity.Current.Key.Id;

    public ReadOnlyMemory<byte> PublicKey => identity.Current.Key.PublicKey;

    public byte[] Sign(string purpose, KeyId community, ReadOnlySpan<byte> record) => identity.Current.Key.Sign(purpose, community, record);
}
