using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Cete.Core;
using Cete.Trust.Certificates;

namespace Cete.Trust;

/// <summary>
/// Tells whether who presents a certificate is a node of one community, of which it needs to know the id only. That a node was removed since, the
/// roster tells. For several callers at once; holds bytes only, nothing to dispose.
/// </summary>
/// <param name="community">The community: the name of its root key.</param>
/// <param name="clock">What time it is here.</param>
public sealed class CertificateVerifier(KeyId community, TimeProvider clock)
{
    private readonly ConcurrentDictionary<Hash256, VerifiedChain> _verified = new();

    /// <summary>The community.</summary>
    public KeyId Community { get; } = community;

    /// <summary>How many leaves are remembered.</summary>
    internal int Remembered { get; init; } = TrustLimits.VerifiedKept;

    /// <summary>
    /// Verifies what a peer presents. A leaf that held once is not verified again (its signature cannot change), only its time is looked at.
    /// </summary>
    /// <param name="leaf">The peer's certificate in DER.</param>
    /// <param name="presented">The certificates that came with it, in any order; with or without the leaf and the root.</param>
    public Outcome<PeerCertificate> Verify(ReadOnlyMemory<byte> leaf, IReadOnlyList<ReadOnlyMemory<byte>> presented)
    {
        var now = Instant.From(clock.GetUtcNow());
        var name = Hash256.Of(leaf.Span);
        if (!_verified.TryGetValue(name, out var chain))
        {
            var read = ChainReader.Read(Community, leaf, presented);
            if (!read.Succeeded)
            {
                return read.Failure;
            }

            chain = read.Value;
            if (_verified.Count >= Remembered)
            {
                // To find out which are old would cost more than to verify them again.
                _verified.Clear();
            }

            _verified[name] = chain;
        }

        return chain.CheckTime(now) is { } failure ? failure : chain.Peer;
    }

    /// <summary>Verifies an issued certificate with its issuer's.</summary>
    public Outcome<PeerCertificate> Verify(IssuedCertificate issued) => Verify(issued.Node, [issued.Issuing]);

    /// <summary>Verifies what a TLS callback is given; they stay the caller's.</summary>
    /// <param name="leaf">The peer's certificate; null when it showed none.</param>
    /// <param name="chain">What it presented with it, in the extra store.</param>
    public Outcome<PeerCertificate> Verify(X509Certificate? leaf, X509Chain? chain)
    {
        if (leaf is null)
        {
            return new Failure(FailureKind.Forbidden, "the other side showed no certificate; only nodes of the community may connect here");
        }

        var presented = chain?.ChainPolicy.ExtraStore.Select(certificate => certificate.RawDataMemory).ToList() ?? [];
        return Verify(leaf.GetRawCertData(), presented);
    }
}
