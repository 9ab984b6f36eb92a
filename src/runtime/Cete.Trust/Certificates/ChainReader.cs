using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cete.Core;

namespace Cete.Trust.Certificates;

/// <summary>A chain that holds but for time: node, issuing, root, and when each counts.</summary>
internal sealed record VerifiedChain(PeerCertificate Peer, Validity Node, Validity Issuing, Validity Root)
{
    /// <summary>Null when all three count at <paramref name="now"/>.</summary>
    public Failure? CheckTime(Instant now) =>
        Node.Check(now, $"the certificate of node {Peer.Node}")
        ?? Issuing.Check(now, $"the issuing certificate {Peer.Issuer}, which signed that of node {Peer.Node},")
        ?? Root.Check(now, "the root certificate of the community");
}

/// <summary>
/// Verifies a chain against the id of a community, time left aside: signatures, usages and path by .NET's X509Chain (RFC 5280 §6), the rest of
/// what <see cref="Templates"/> promises here.
/// </summary>
internal static class ChainReader
{
    private static readonly Failure Unreadable = new(FailureKind.Damaged, "the certificates presented cannot be read: they are damaged or hostile");

    /// <param name="community">Whose root must stand behind it.</param>
    /// <param name="leaf">The node's certificate.</param>
    /// <param name="presented">What came with it, in any order.</param>
    public static Outcome<VerifiedChain> Read(KeyId community, ReadOnlyMemory<byte> leaf, IReadOnlyList<ReadOnlyMemory<byte>> presented)
    {
        if (presented.Count > TrustLimits.PresentedMax)
        {
            return new Failure(FailureKind.TooLarge,
                $"the chain is too long: {presented.Count} certificates were presented, {TrustLimits.PresentedMax} is the most");
        }

        return Hostile.Read(Unreadable, () =>
        {
            using var held = new Held();
            var node = CertificateBytes.Read(leaf.Span, "the node's certificate");
            if (!node.Succeeded)
            {
                return node.Failure;
            }

            held.Add(node.Value);
            if (CheckKind(node.Value) is { } failure)
            {
                return failure;
            }

            var pair = FindIssuing(community, leaf, presented, held);
            return pair.Succeeded ? Verify(community, node.Value, pair.Value.Issuing, pair.Value.Root) : pair.Failure;
        });
    }

    /// <summary>Told before the chain is looked at, since each of these would fail there with a less helpful word.</summary>
    private static Failure? CheckKind(X509Certificate2 leaf)
    {
        if (CertificateBytes.CheckAlgorithms(leaf, "the node's certificate") is { } wrong)
        {
            return wrong;
        }

        return CertificateBytes.IsAuthority(leaf)
            ? new Failure(FailureKind.Forbidden, "this is not a node certificate: it is one that issues others, which must not be used for connections")
            : null;
    }

    /// <summary>The issuing certificate presented and the root it carries.</summary>
    private static Outcome<(X509Certificate2 Issuing, X509Certificate2 Root)> FindIssuing(
        KeyId community, ReadOnlyMemory<byte> leaf, IReadOnlyList<ReadOnlyMemory<byte>> presented, Held held)
    {
        KeyId? other = null;
        foreach (var der in presented.Where(der => !der.Span.SequenceEqual(leaf.Span)))
        {
            var certificate = CertificateBytes.Read(der.Span, "a certificate of the chain");
            if (!certificate.Succeeded)
            {
                return certificate.Failure;
            }

            held.Add(certificate.Value);
            if (CertificateBytes.CarriedRoot(certificate.Value) is not { } root)
            {
                continue;
            }

            if (!root.Succeeded)
            {
                return root.Failure;
            }

            held.Add(root.Value);
            var id = KeyId.Of(root.Value.PublicKey.ExportSubjectPublicKeyInfo());
            if (id == community)
            {
                var wrong = CertificateBytes.CheckAlgorithms(certificate.Value, "the issuing certificate")
                    ?? CertificateBytes.CheckAlgorithms(root.Value, "the root certificate");
                return wrong is null ? (certificate.Value, root.Value) : wrong;
            }

            other = id;
        }

        return other is { } foreign
            ? new Failure(FailureKind.Forbidden,
                $"this node belongs to another community: {foreign}, not {community}; communities of the same name are told apart by these ids")
            : new Failure(FailureKind.Invalid,
                "the chain is broken: no issuing certificate of a community was presented with the node's; the other side must present both");
    }

    private static Outcome<VerifiedChain> Verify(KeyId community, X509Certificate2 leaf, X509Certificate2 issuing, X509Certificate2 root)
    {
        if (BuildChain(leaf, issuing, root) is { } broken)
        {
            return broken;
        }

        if (leaf.Extensions[Oids.Roles] is not { } extension)
        {
            return new Failure(FailureKind.Forbidden, "this is not a node certificate: it names no roles, not even none");
        }

        var key = leaf.PublicKey.ExportSubjectPublicKeyInfo();
        var id = KeyId.Of(key);
        if (CertificateBytes.CommonName(leaf) != id.ToString() || !NamesOnly(leaf, NodeName.Of(id, community)))
        {
            return new Failure(FailureKind.Forbidden,
                $"the certificate does not fit its key: the key is that of node {id}, the certificate names '{Shown(leaf)}'");
        }

        return RolesExtension.Read(extension).Then(roles =>
        {
            var validity = Validity.Of(leaf);
            var peer = new PeerCertificate(
                id, key, roles, validity.From, validity.Until,
                KeyId.Of(issuing.PublicKey.ExportSubjectPublicKeyInfo()),
                Convert.ToHexStringLower(leaf.SerialNumberBytes.Span).TrimStart('0').PadLeft(32, '0'));
            return new VerifiedChain(peer, validity, Validity.Of(issuing), Validity.Of(root));
        });
    }

    private static Failure? BuildChain(X509Certificate2 leaf, X509Certificate2 issuing, X509Certificate2 root)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy = Policy();
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.ExtraStore.Add(issuing);
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(Oids.ServerAuthentication));
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(Oids.ClientAuthentication));

        // Time is judged apart, in words; this moment is one at which no clock can disagree.
        chain.ChainPolicy.VerificationTime = leaf.NotBefore;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        try
        {
            var holds = chain.Build(leaf);
            var faults = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status)
                & ~X509ChainStatusFlags.NotTimeValid;
            if (faults == X509ChainStatusFlags.NotValidForUsage)
            {
                return new Failure(FailureKind.Forbidden, "this is not a node certificate: it is not made for both ends of a connection");
            }

            if (!holds || faults != X509ChainStatusFlags.NoError)
            {
                return new Failure(FailureKind.Forbidden,
                    $"the chain is broken: the node's certificate was not signed by the community's issuing certificate presented with it ({faults})");
            }

            return chain.ChainElements.Count == 3 && chain.ChainElements[1].Certificate.RawDataMemory.Span.SequenceEqual(issuing.RawDataMemory.Span)
                ? null
                : new Failure(FailureKind.Forbidden, "the chain is broken: it must be node, issuing, root");
        }
        finally
        {
            foreach (var element in chain.ChainElements)
            {
                element.Certificate.Dispose();
            }
        }
    }

    /// <summary>Trusts one root, asks nobody.</summary>
    public static X509ChainPolicy Policy() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };

    private static bool NamesOnly(X509Certificate2 leaf, string name)
    {
        var names = leaf.Extensions[Oids.SubjectAlternativeName] is { } extension
            ? new X509SubjectAlternativeNameExtension(extension.RawData).EnumerateDnsNames().ToList()
            : [];
        return names.Count == 1 && names[0] == name;
    }

    private static string Shown(X509Certificate2 leaf)
    {
        var name = EntryName.Show(CertificateBytes.CommonName(leaf) ?? string.Empty);
        return name.Length <= KeyId.TextLength ? name : name[..KeyId.TextLength] + "...";
    }

    /// <summary>Certificates to let go of at the end.</summary>
    private sealed class Held : IDisposable
    {
        private readonly List<X509Certificate2> _certificates = [];

        public void Add(X509Certificate2 certificate) => _certificates.Add(certificate);

        public void Dispose() => _certificates.ForEach(certificate => certificate.Dispose());
    }
}
