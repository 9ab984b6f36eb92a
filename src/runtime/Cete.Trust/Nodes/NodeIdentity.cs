using System.Buffers.Binary;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Cete.Core;
using Cete.Trust.Certificates;

namespace Cete.Trust;

/// <summary>
/// What a node shows and signs with: its key and the certificate for it. Immutable: a renewal makes another one for the same key. It owns its copies
/// of both; dispose it after the last handshake that uses it.
/// </summary>
public sealed class NodeIdentity : IDisposable
{
    private readonly X509Certificate2 _certificate;
    private readonly VerifiedChain _chain;

    private NodeIdentity(NodeKey key, KeyId community, IssuedCertificate issued, VerifiedChain chain)
    {
        (Key, Community, Issued, _chain) = (key, community, issued, chain);
        using var bare = X509CertificateLoader.LoadCertificate(issued.Node.Span);
        using var issuing = X509CertificateLoader.LoadCertificate(issued.Issuing.Span);
        _certificate = key.Bind(bare);
        TlsContext = SslStreamCertificateContext.Create(_certificate, [issuing], offline: true);
    }

    /// <summary>The node.</summary>
    public KeyId Id => Key.Id;

    /// <summary>The community it belongs to.</summary>
    public KeyId Community { get; }

    /// <summary>The key, for signatures of records; it is disposed with the identity.</summary>
    public NodeKey Key { get; }

    /// <summary>What it presents.</summary>
    public IssuedCertificate Issued { get; }

    /// <summary>What its certificate says.</summary>
    public PeerCertificate Facts => _chain.Peer;

    /// <summary>The certificate with its private key and its issuer's, ready for either side of TLS.</summary>
    public SslStreamCertificateContext TlsContext { get; }

    /// <summary>
    /// From when on it should be renewed: two thirds into its validity, and up to a twelfth later by the node's name, so that nodes that joined
    /// together do not all ask at once.
    /// </summary>
    public Instant RenewalDue
    {
        get
        {
            Span<byte> id = stackalloc byte[KeyId.Size];
            Id.CopyTo(id);
            var twelfth = (Facts.NotAfter - Facts.NotBefore) / 12;
            return Facts.NotBefore + (8 * twelfth) + (twelfth * (BinaryPrimitives.ReadUInt32BigEndian(id) / (double)uint.MaxValue));
        }
    }

    /// <summary>
    /// Takes a certificate that was issued for a key, if it is for that key and of that community and counts now. The key stays the caller's.
    /// </summary>
    public static Outcome<NodeIdentity> Accept(NodeKey key, KeyId community, IssuedCertificate issued, Instant now)
    {
        var chain = ChainReader.Read(community, issued.Node, [issued.Issuing]);
        if (!chain.Succeeded)
        {
            return chain.Failure;
        }

        return chain.Value.CheckTime(now) is { } failure ? failure : Make(key, community, issued, chain.Value);
    }

    /// <summary>
    /// Reads what <see cref="ToPem"/> wrote. An expired certificate is read too, since a node that comes back late must be able to ask for another
    /// one: see <see cref="CheckTime"/>.
    /// </summary>
    public static Outcome<NodeIdentity> FromPem(string text, KeyId community)
    {
        var opened = NodeKey.FromPem(text);
        if (!opened.Succeeded)
        {
            return opened.Failure;
        }

        using var key = opened.Value;
        var certificates = Pem.Read(text, "the file of a node's identity").Value.Where(block => block.Label == Pem.Certificate).ToList();
        if (certificates.Count != 2)
        {
            return new Failure(FailureKind.Damaged,
                $"this is not the file of a node's identity: it has {certificates.Count} certificates, it must have the node's and its issuer's");
        }

        var issued = new IssuedCertificate(certificates[0].Data, certificates[1].Data);
        var chain = ChainReader.Read(community, issued.Node, [issued.Issuing]);
        return chain.Succeeded ? Make(key, community, issued, chain.Value) : chain.Failure;
    }

    /// <summary>Key and certificates in PEM, for a file that its owner alone can read.</summary>
    public string ToPem() => Key.ToPem() + Issued.ToPem();

    /// <summary>Whether it should be renewed; see <see cref="RenewalDue"/>.</summary>
    public bool NeedsRenewal(Instant now) => now >= RenewalDue;

    /// <summary>Null when others take it at <paramref name="now"/>, else why not.</summary>
    public Failure? CheckTime(Instant now) => _chain.CheckTime(now);

    /// <inheritdoc/>
    public void Dispose()
    {
        _certificate.Dispose();
        Key.Dispose();
    }

    private static Outcome<NodeIdentity> Make(NodeKey key, KeyId community, IssuedCertificate issued, VerifiedChain chain) =>
        chain.Peer.Node == key.Id
            ? new NodeIdentity(key.Copy(), community, issued, chain)
            : new Failure(FailureKind.Conflict, $"the certificate is for node {chain.Peer.Node}, this is node {key.Id}; ask for one with this node's key");
}
