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

            held.Keep(node.Value);
            if (CheckKind(node.Value) is { } failure)
            {
                return failure;
            }

            var root = FindRoot(community, leaf, presented, held);
            return root.Succeeded ? Verify(community, node.Value, held.Certificates, root.Value) : root.Failure;
        });
    }

    /// <summary>Whether the root of a community made a certificate to issue with; null when it did.</summary>
    public static Failure? CheckIssuing(KeyId community, X509Certificate2 issuing)
    {
        if (CertificateBytes.CarriedRoot(issuing) is not { Succeeded: true, Value: var root } || !CertificateBytes.IsAuthority(issuing))
        {
            return new Failure(FailureKind.Invalid, "this is not an issuing certificate of a community: it is not one that issues others");
        }

        using (root)
        {
            if (KeyId.Of(root.PublicKey.ExportSubjectPublicKeyInfo()) is var id && id != community)
            {
                return new Failure(FailureKind.Forbidden, $"the issuing certificate is of another community: {id}, not {community}");
            }

            using var chain = new X509Chain();
            chain.ChainPolicy = Timeless(issuing, root);
            var holds = chain.Build(issuing) && chain.ChainElements.Count == 2;
            LetGo(chain);
            return holds
                ? CertificateBytes.CheckAlgorithms(issuing, "the issuing certificate") ?? CertificateBytes.CheckAlgorithms(root, "the root certificate")
                : new Failure(FailureKind.Forbidden, "the chain is broken: the root of the community did not sign this issuing certificate");
        }
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

    /// <summary>The root that an issuing certificate among those presented carries.</summary>
    private static Outcome<X509Certificate2> FindRoot(
        KeyId community, ReadOnlyMemory<byte> leaf, IReadOnlyList<ReadOnlyMemory<byte>> presented, Held held)
    {
        (KeyId Id, X509Certificate2 Root)? found = null;
        foreach (var der in presented.Where(der => !der.Span.SequenceEqual(leaf.Span)))
        {
            var certificate = CertificateBytes.Read(der.Span, "a certificate of the chain");
            if (!certificate.Succeeded)
            {
                return certificate.Failure;
            }

            held.Add(certificate.Value);
            if (CertificateBytes.CarriedRoot(certificate.Value) is not { } carried)
            {
                continue;
            }

            if (!carried.Succeeded)
            {
                return carried.Failure;
            }

            held.Keep(carried.Value);
            if (found?.Id != community)
            {
                found = (KeyId.Of(carried.Value.PublicKey.ExportSubjectPublicKeyInfo()), carried.Value);
            }
        }

        return found switch
        {
            null => new Failure(FailureKind.Invalid,
                "the chain is broken: no issuing certificate of a community was presented with the node's; the other side must present both"),
            var (id, root) when id == community => root,
            var (id, _) => new Failure(FailureKind.Forbidden,
                $"this node belongs to another community: {id}, not {community}; communities of the same name are told apart by these ids"),
        };
    }

    private static Outcome<VerifiedChain> Verify(KeyId community, X509Certificate2 leaf, IReadOnlyList<X509Certificate2> presented, X509Certificate2 root)
    {
        using var chain = new X509Chain();
        try
        {
            return Build(chain, leaf, presented, root) is { } broken ? broken : Describe(community, leaf, chain.ChainElements[1].Certificate, root);
        }
        finally
        {
            LetGo(chain);
        }
    }

    /// <summary>Builds the chain; null when it holds.</summary>
    private static Failure? Build(X509Chain chain, X509Certificate2 leaf, IReadOnlyList<X509Certificate2> presented, X509Certificate2 root)
    {
        chain.ChainPolicy = Timeless(leaf, root);
        chain.ChainPolicy.ExtraStore.AddRange(presented.ToArray());
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(Oids.ServerAuthentication));
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(Oids.ClientAuthentication));
        var holds = chain.Build(leaf);
        var faults = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status) & ~X509ChainStatusFlags.NotTimeValid;
        if (faults == X509ChainStatusFlags.NotValidForUsage)
        {
            return new Failure(FailureKind.Forbidden, "this is not a node certificate: it is not made for both ends of a connection");
        }

        if (!holds || faults != X509ChainStatusFlags.NoError)
        {
            return new Failure(FailureKind.Forbidden,
                $"the chain is broken: the node's certificate was not signed by an issuing certificate of the community presented with it ({faults})");
        }

        // The issuer must carry this very root: what stands in it beside the key is signed only there.
        return chain.ChainElements is [_, { Certificate: var issuing }, _]
            && CertificateBytes.CarriedRoot(issuing) is { Succeeded: true, Value: var carried } && IsSame(carried, root)
            ? CertificateBytes.CheckAlgorithms(issuing, "the issuing certificate") ?? CertificateBytes.CheckAlgorithms(root, "the root certificate")
            : new Failure(FailureKind.Forbidden, "the chain is broken: it must be node, issuing, root");
    }

    private static bool IsSame(X509Certificate2 carried, X509Certificate2 root)
    {
        using (carried)
        {
            return carried.RawDataMemory.Span.SequenceEqual(root.RawDataMemory.Span);
        }
    }

    /// <summary>What a chain that holds says, if it says it in the form that we write.</summary>
    private static Outcome<VerifiedChain> Describe(KeyId community, X509Certificate2 leaf, X509Certificate2 issuing, X509Certificate2 root)
    {
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

    /// <summary>Trusts one root, asks nobody.</summary>
    public static X509ChainPolicy Policy() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };

    /// <summary>Time is judged apart, in words; the moment taken here is one at which no clock can disagree.</summary>
    private static X509ChainPolicy Timeless(X509Certificate2 certificate, X509Certificate2 root)
    {
        var policy = Policy();
        policy.CustomTrustStore.Add(root);
        policy.VerificationTime = certificate.NotBefore;
        policy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        return policy;
    }

    /// <summary>A chain does not dispose the copies that it made.</summary>
    private static void LetGo(X509Chain chain)
    {
        foreach (var element in chain.ChainElements)
        {
            element.Certificate.Dispose();
        }
    }

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

    /// <summary>What was presented, and what must be let go of with it.</summary>
    private sealed class Held : IDisposable
    {
        private readonly List<X509Certificate2> _presented = [];
        private readonly List<X509Certificate2> _others = [];

        public IReadOnlyList<X509Certificate2> Certificates => _presented;

        public void Add(X509Certificate2 certificate) => _presented.Add(certificate);

        public void Keep(X509Certificate2 certificate) => _others.Add(certificate);

        public void Dispose()
        {
            _presented.ForEach(certificate => certificate.Dispose());
            _others.ForEach(certificate => certificate.Dispose());
        }
    }
}
