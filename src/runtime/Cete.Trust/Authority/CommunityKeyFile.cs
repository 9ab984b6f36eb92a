using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cete.Core;
using Cete.Trust.Certificates;

namespace Cete.Trust;

/// <summary>The file of an exported root key: a word to people, a checksum, the encrypted key, the root certificate.</summary>
internal static class CommunityKeyFile
{
    private const string What = "the file of a root key";
    private const string ChecksumLine = "Checksum: ";
    private const int ChecksumSize = 10;

    public static Outcome<string> Write(ECDsa key, X509Certificate2 root, KeyId community, string passphrase, int rounds)
    {
        var canonical = Passphrase.Canonical(passphrase);
        if (canonical.Length is < TrustLimits.PassphraseLengthMin or > TrustLimits.PassphraseLengthMax)
        {
            return new Failure(FailureKind.Invalid,
                $"a passphrase for the root key has {TrustLimits.PassphraseLengthMin} to {TrustLimits.PassphraseLengthMax} characters");
        }

        var parameters = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, rounds);
        var encrypted = key.ExportEncryptedPkcs8PrivateKey(canonical, parameters);
        var certificate = root.RawData;
        return $"""
            The root key of a Cete community. Whoever has it and its passphrase can let nodes in; without it a community whose
            issuing nodes are lost cannot be brought back. Keep it offline, and the passphrase in another place.
            Community: {community}
            {ChecksumLine}{Checksum(encrypted, certificate)}
            {Pem.Write(Pem.EncryptedKey, encrypted)}{Pem.Write(Pem.Certificate, certificate)}
            """;
    }

    /// <summary>The key and its certificate with the key in it, both owned by the caller.</summary>
    public static Outcome<(ECDsa Key, X509Certificate2 Root)> Read(string text, string passphrase)
    {
        var blocks = Pem.Read(text, What);
        if (!blocks.Succeeded)
        {
            return blocks.Failure;
        }

        if (blocks.Value is not [{ Label: Pem.EncryptedKey } encrypted, { Label: Pem.Certificate } certificate])
        {
            return new Failure(FailureKind.Invalid,
                $"this is not {What}: it must have one PEM block ENCRYPTED PRIVATE KEY and one CERTIFICATE behind it; "
                + "if it once was one, it is cut off, take another copy");
        }

        var damaged = new Failure(FailureKind.Damaged, $"{What} is damaged; take another copy");
        var sum = text.Split('\n').FirstOrDefault(line => line.StartsWith(ChecksumLine, StringComparison.Ordinal));
        if (sum is not null && sum[ChecksumLine.Length..].Trim() != Checksum(encrypted.Data, certificate.Data))
        {
            return damaged;
        }

        return Hostile.Read(damaged, () =>
        {
            if (Rounds(encrypted.Data) is <= 0 or > TrustLimits.PassphraseRoundsMax)
            {
                return new Failure(FailureKind.TooLarge,
                    $"{What} asks for more than {TrustLimits.PassphraseRoundsMax} rounds of PBKDF2: Cete did not write it");
            }

            var key = Decrypt(encrypted.Data, passphrase);
            return key.Succeeded ? Bind(key.Value, certificate.Data) : key.Failure;
        });
    }

    private static Outcome<ECDsa> Decrypt(byte[] encrypted, string passphrase)
    {
        var key = ECDsa.Create();
        var failure = new Failure(FailureKind.Forbidden, "the passphrase is wrong; look for letters that look alike");
        var opened = Hostile.Read<ECDsa>(failure, () =>
        {
            key.ImportEncryptedPkcs8PrivateKey(Passphrase.Canonical(passphrase), encrypted, out _);
            return key;
        });
        if (!opened.Succeeded)
        {
            key.Dispose();
        }

        return opened;
    }

    /// <summary>Takes over the key.</summary>
    private static Outcome<(ECDsa Key, X509Certificate2 Root)> Bind(ECDsa key, byte[] der)
    {
        var read = CertificateBytes.Read(der, "the root certificate");
        if (!read.Succeeded)
        {
            key.Dispose();
            return read.Failure;
        }

        using var bare = read.Value;
        var isRoot = CertificateBytes.IsAuthority(bare) && CertificateBytes.CheckAlgorithms(bare, "the root certificate") is null
            && bare.SubjectName.RawData.AsSpan().SequenceEqual(bare.IssuerName.RawData)
            && CertificateBytes.CarriedRoot(bare) is null
            && bare.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo());
        if (isRoot)
        {
            return (key, bare.CopyWithPrivateKey(key));
        }

        key.Dispose();
        return new Failure(FailureKind.Invalid, $"this is not {What}: key and certificate are not those of a root");
    }

    /// <summary>The rounds that an EncryptedPrivateKeyInfo with PBES2 and PBKDF2 asks for (RFC 8018 §A.2, §A.4).</summary>
    private static long Rounds(byte[] encrypted)
    {
        var algorithm = new AsnReader(encrypted, AsnEncodingRules.BER).ReadSequence().ReadSequence();
        algorithm.ReadObjectIdentifier();
        var derivation = algorithm.ReadSequence().ReadSequence();
        derivation.ReadObjectIdentifier();
        var parameters = derivation.ReadSequence();
        parameters.ReadOctetString();
        return parameters.TryReadInt64(out var rounds) ? rounds : long.MaxValue;
    }

    private static string Checksum(byte[] encrypted, byte[] certificate) =>
        Base32.Encode(SHA256.HashData([.. encrypted, .. certificate]).AsSpan(0, ChecksumSize));
}
