using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cete.Core;
using Cete.Trust.Certificates;

namespace Cete.Trust;

/// <summary>
/// The root key of a community: its name is the community's id. It signs issuing certificates and nothing else, and is kept offline: exported once,
/// opened again to give another node the right to issue, or to bring a community back whose issuing nodes are all gone. Whoever made or opened it
/// disposes it.
/// </summary>
public sealed class CommunityKey : IDisposable
{
    private readonly X509Certificate2 _root;
    private readonly ECDsa _key;

    private CommunityKey(ECDsa key, X509Certificate2 root, string name)
    {
        (_key, _root, Name) = (key, root, name);
        Id = KeyId.Of(root.PublicKey.ExportSubjectPublicKeyInfo());
    }

    /// <summary>The id of the community.</summary>
    public KeyId Id { get; }

    /// <summary>What people call it; several communities may be called the same.</summary>
    public string Name { get; }

    /// <summary>The root certificate in DER.</summary>
    public ReadOnlyMemory<byte> Certificate => _root.RawDataMemory;

    /// <summary>Makes the key of a new community.</summary>
    /// <param name="name">What people call it: as a file name, and not blank.</param>
    /// <param name="now">When its certificate begins.</param>
    public static Outcome<CommunityKey> Create(string name, Instant now)
    {
        if (CheckName(name) is { } failure)
        {
            return failure;
        }

        var key = P256.Create();
        return new CommunityKey(key, Templates.Root(key, name, now), name);
    }

    /// <summary>Opens what <see cref="Export(string)"/> wrote.</summary>
    /// <param name="text">The file.</param>
    /// <param name="passphrase">Its passphrase.</param>
    public static Outcome<CommunityKey> Open(string text, string passphrase)
    {
        var read = CommunityKeyFile.Read(text, passphrase);
        if (!read.Succeeded)
        {
            return read.Failure;
        }

        var (key, root) = read.Value;
        var name = CertificateBytes.CommonName(root) ?? string.Empty;
        if (CheckName(name) is null)
        {
            return new CommunityKey(key, root, name);
        }

        key.Dispose();
        root.Dispose();
        return new Failure(FailureKind.Damaged, "the root certificate names no community");
    }

    /// <summary>
    /// The key, encrypted (PKCS#8 with PBES2, AES-256 and PBKDF2 over HMAC-SHA256, RFC 8018), and its certificate, in PEM with a word to whoever finds it.
    /// </summary>
    /// <param name="passphrase">Best made by <see cref="Passphrase.Create"/>.</param>
    public Outcome<string> Export(string passphrase) => Export(passphrase, TrustLimits.PassphraseRounds);

    /// <summary>
    /// Makes a new issuing key with its certificate, for a node: at the creation of a community, and to bring one back. The caller owns it.
    /// </summary>
    public Outcome<IssuingAuthority> CreateAuthority(KeyId node, Instant now)
    {
        using var key = NodeKey.Create();
        var certificate = CertifyAuthority(key.CreateSigningRequest(), node, now);
        return certificate.Succeeded ? IssuingAuthority.Accept(key, Id, certificate.Value) : certificate.Failure;
    }

    /// <summary>
    /// Makes the certificate for an issuing key that a further node made for itself, so that only the request and the certificate travel to and
    /// from where the root key is kept.
    /// </summary>
    /// <param name="signingRequest">PKCS#10 in DER, as <see cref="NodeKey.CreateSigningRequest"/> makes it; nothing counts in it but the key.</param>
    /// <param name="node">The node that will issue.</param>
    /// <param name="now">The time.</param>
    public Outcome<ReadOnlyMemory<byte>> CertifyAuthority(ReadOnlySpan<byte> signingRequest, KeyId node, Instant now)
    {
        if (Validity.Of(_root).Check(now, "the root certificate of the community") is { } failure)
        {
            return failure;
        }

        var key = SigningRequests.ReadKey(signingRequest);
        if (!key.Succeeded)
        {
            return key.Failure;
        }

        using var certificate = Templates.Issuing(key.Value, node, _root, now);
        return new ReadOnlyMemory<byte>(certificate.RawData);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _root.Dispose();
        _key.Dispose();
    }

    internal Outcome<string> Export(string passphrase, int rounds) => CommunityKeyFile.Write(_key, _root, Id, passphrase, rounds);

    private static Failure? CheckName(string name) =>
        EntryName.Check(name) is not null || name.Trim().Length == 0
            ? new Failure(FailureKind.Invalid,
                $"'{EntryName.Show(name.Length > 40 ? name[..40] + "..." : name)}' cannot be the name of a community; "
                + $"use 1 to {Limits.NameBytesMax} bytes of plain text without '/'")
            : null;
}
