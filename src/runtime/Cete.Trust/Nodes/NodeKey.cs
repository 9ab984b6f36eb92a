using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cete.Core;
using Cete.Ports;
using Cete.Trust.Certificates;

namespace Cete.Trust;

/// <summary>
/// The private key of a node: its name for ever, through all its certificates. For several callers at once. Whoever made or opened it disposes it.
/// </summary>
public sealed class NodeKey : ISigner, IDisposable
{
    private readonly Lock _lock = new();
    private readonly ECDsa _key;
    private readonly byte[] _publicKey;

    private NodeKey(ECDsa key)
    {
        (_key, _publicKey) = (key, key.ExportSubjectPublicKeyInfo());
        Id = KeyId.Of(_publicKey);
    }

    /// <summary>The name of the node.</summary>
    public KeyId Id { get; }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> PublicKey => _publicKey;

    /// <summary>Makes a new key from the operating system's randomness.</summary>
    public static NodeKey Create() => new(P256.Create());

    /// <summary>Reads a key from PEM; see <see cref="ToPem"/>.</summary>
    public static Outcome<NodeKey> FromPem(string text)
    {
        const string what = "the file of a node's key";
        var blocks = Pem.Read(text, what);
        if (!blocks.Succeeded)
        {
            return blocks.Failure;
        }

        var keys = blocks.Value.Where(block => block.Label == Pem.PrivateKey).ToList();
        return keys.Count == 1
            ? Open(keys[0].Data)
            : new Failure(FailureKind.Damaged, $"this is not {what}: it has {keys.Count} PEM blocks PRIVATE KEY, it must have one");
    }

    /// <summary>
    /// The key as unencrypted PKCS#8 in PEM (RFC 5958, RFC 7468): for a file that its owner alone can read, since a node starts without anybody there.
    /// </summary>
    public string ToPem() => Pem.Write(Pem.PrivateKey, Export());

    /// <summary>A signing request (PKCS#10, RFC 2986): the key and the proof of having it; all else is the issuer's to say.</summary>
    public byte[] CreateSigningRequest()
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(Id.ToString());
        lock (_lock)
        {
            return new CertificateRequest(subject.Build(), _key, HashAlgorithmName.SHA256).CreateSigningRequest();
        }
    }

    /// <summary>The name of the key that a signing request is for; a failure where it is none, or was not signed with that key.</summary>
    public static Outcome<KeyId> IdOf(ReadOnlySpan<byte> signingRequest) =>
        SigningRequests.ReadKey(signingRequest).Then(key => KeyId.Of(key.ExportSubjectPublicKeyInfo()));

    /// <inheritdoc/>
    public byte[] Sign(string purpose, KeyId community, ReadOnlySpan<byte> record)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        RecordSignatures.Digest(purpose, community, record, digest);
        return SignDigest(digest);
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    /// <summary>A certificate for this key that names itself as its issuer, without the private key; the caller's.</summary>
    internal X509Certificate2 SignCertificate(string subject, DateTimeOffset from, DateTimeOffset until)
    {
        lock (_lock)
        {
            using var certificate = new CertificateRequest(subject, _key, HashAlgorithmName.SHA256).CreateSelfSigned(from, until);
            return X509CertificateLoader.LoadCertificate(certificate.RawData);
        }
    }

    /// <summary>Signs a SHA-256; 64 bytes (IEEE P1363).</summary>
    internal byte[] SignDigest(ReadOnlySpan<byte> digest)
    {
        lock (_lock)
        {
            return _key.SignHash(digest, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
    }

    /// <summary>Reads PKCS#8.</summary>
    internal static Outcome<NodeKey> Open(byte[] pkcs8)
    {
        var failure = new Failure(FailureKind.Damaged, "the private key is damaged, or not an ECDSA key on P-256");
        var key = ECDsa.Create();
        var opened = Hostile.Read<NodeKey>(failure, () =>
        {
            key.ImportPkcs8PrivateKey(pkcs8, out var read);
            return read == pkcs8.Length && P256.IsPublicKey(key.ExportSubjectPublicKeyInfo()) ? new NodeKey(key) : failure;
        });
        if (!opened.Succeeded)
        {
            key.Dispose();
        }

        return opened;
    }

    /// <summary>A copy with an owner of its own.</summary>
    internal NodeKey Copy()
    {
        var copy = ECDsa.Create();
        copy.ImportPkcs8PrivateKey(Export(), out _);
        return new NodeKey(copy);
    }

    /// <summary>The certificate with this key in it, owned by the caller.</summary>
    internal X509Certificate2 Bind(X509Certificate2 certificate)
    {
        lock (_lock)
        {
            return certificate.CopyWithPrivateKey(_key);
        }
    }

    private byte[] Export()
    {
        lock (_lock)
        {
            return _key.ExportPkcs8PrivateKey();
        }
    }
}
