using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cete.Core;

namespace Cete.Net.Tls;

/// <summary>A certificate by which a door shows whose it is, with its key and the certificates between it and its authority.</summary>
public sealed class TlsCertificate
{
    private const string Encrypted = "ENCRYPTED";

    private readonly TlsFiles _files;
    private readonly X509Certificate2 _own;

    private TlsCertificate(TlsFiles files, X509Certificate2 own, X509Certificate2Collection between)
    {
        (_files, _own) = (files, own);

        // What is missing of the chain is not fetched from addresses that a certificate names: a start does not wait for strangers.
        Chain = SslStreamCertificateContext.Create(own, between, offline: true);
    }

    /// <summary>What a handshake shows.</summary>
    internal SslStreamCertificateContext Chain { get; }

    /// <summary>When it ends.</summary>
    public Instant Ends => Instant.From(_own.NotAfter);

    /// <summary>By which clients can name it where no authority stands behind it.</summary>
    public string Fingerprint => GeneratedCertificate.FingerprintOf(_own);

    /// <summary>Whether it is made out for a host of that name.</summary>
    public bool Names(string host) => _own.MatchesHostname(host, allowWildcards: true, allowCommonName: false);

    /// <summary>Whom it names, until when.</summary>
    public override string ToString() => $"{_own.Subject}, valid until {Show(_own.NotAfter)}";

    /// <summary>Makes one of its files, or says which of them is wrong, and how.</summary>
    public static Outcome<TlsCertificate> Of(TlsFiles files)
    {
        if ((files.Certificate.Failure ?? files.Key.Failure) is { } unread)
        {
            return unread;
        }

        try
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPem(files.Certificate.Value);
            if (all.Count == 0)
            {
                return new Failure(FailureKind.Invalid, $"{files.CertificatePath} holds no certificate as PEM text; 'openssl x509' turns other forms into it");
            }

            if (CheckKey(files) is { } failure)
            {
                return failure;
            }

            var own = X509Certificate2.CreateFromPem(files.Certificate.Value, files.Key.Value);
            all.RemoveAt(0);
            return new TlsCertificate(files, own, all);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            return new Failure(FailureKind.Invalid,
                $"the key in {files.KeyPath} does not fit the first certificate in {files.CertificatePath}, or one of them is damaged ({error.Message})");
        }
    }

    /// <summary>What is hardly meant, though it does not keep a node from starting.</summary>
    public IEnumerable<string> Warnings(DateTimeOffset now)
    {
        if (now > _own.NotAfter)
        {
            yield return $"the certificate in {_files.CertificatePath} expired at {Show(_own.NotAfter)}; clients refuse it";
        }

        if (now < _own.NotBefore)
        {
            yield return $"the certificate in {_files.CertificatePath} is not valid before {Show(_own.NotBefore)}; clients refuse it until then";
        }

        if (_files.IsKeyOpen)
        {
            yield return $"everybody on this machine can read the key in {_files.KeyPath}; 'chmod o-r' takes that away";
        }
    }

    private static Failure? CheckKey(TlsFiles files)
    {
        var text = files.Key.Value;
        var isThere = text.Contains("PRIVATE KEY-----", StringComparison.Ordinal);
        return !isThere
            ? new Failure(FailureKind.Invalid, $"{files.KeyPath} holds no private key as PEM text; 'openssl pkey' turns other forms into it")
            : text.Contains($"BEGIN {Encrypted}", StringComparison.Ordinal) || text.Contains($"4,{Encrypted}", StringComparison.Ordinal)
                ? new Failure(FailureKind.Invalid,
                    $"the key in {files.KeyPath} is encrypted, and nobody can be asked for its password; 'openssl pkey -in FILE -out FILE' takes it off")
                : null;
    }

    private static string Show(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
