using Cete.Trust.Certificates;

namespace Cete.Trust;

/// <summary>
/// A node's certificate with that of its issuer, in DER: all that a peer presents, since the issuer's carries the root. Bytes only, nothing to
/// dispose; nothing in it is verified yet.
/// </summary>
/// <param name="Node">The node's certificate.</param>
/// <param name="Issuing">The certificate of the key that signed it.</param>
public sealed record IssuedCertificate(ReadOnlyMemory<byte> Node, ReadOnlyMemory<byte> Issuing)
{
    /// <summary>Two PEM blocks, the node's first (RFC 7468), as other programs want a chain.</summary>
    public string ToPem() => Pem.Write(Pem.Certificate, Node.Span) + Pem.Write(Pem.Certificate, Issuing.Span);
}
