using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cete.Core;

namespace Cete.Net.Tls;

/// <summary>
/// Whom a client of HTTPS believes that it is who it says: whom this system believes, and whoever a file of certificates names; or one certificate alone,
/// known by its fingerprint.
/// </summary>
public sealed class TlsTrust
{
    private const int NamesShown = 10;
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private readonly X509Certificate2Collection _more;

    private readonly string? _pin;

    private TlsTrust(X509Certificate2Collection more, string? text = null, string? pin = null) => (_more, Text, _pin) = (more, text, pin);

    /// <summary>The authorities of this system alone.</summary>
    public static TlsTrust OfSystem { get; } = new([]);

    /// <summary>What it was read from, to be read again; null for the authorities of the system alone.</summary>
    public string? Text { get; }

    /// <summary>
    /// Those and the certificates of a PEM file: authorities, or servers' own. Or, for <c>sha256:DIGITS</c>, the certificate of that fingerprint alone.
    /// </summary>
    public static Outcome<TlsTrust> Read(string path)
    {
        if (path.StartsWith(GeneratedCertificate.FingerprintPrefix, StringComparison.OrdinalIgnoreCase))
        {
            return Hash256.TryParse(path[GeneratedCertificate.FingerprintPrefix.Length..].Replace(":", string.Empty, StringComparison.Ordinal), out var pin)
                ? new TlsTrust([], path, GeneratedCertificate.FingerprintPrefix + pin)
                : new Failure(FailureKind.Invalid, $"'{EntryName.Show(path)}' is no fingerprint: it is sha256: and 64 hexadecimal digits, as the node shows it");
        }

        var text = TlsFiles.ReadText(path);
        if (!text.Succeeded)
        {
            return text.Failure;
        }

        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(text.Value);
        }
        catch (CryptographicException)
        {
            certificates.Clear();
        }

        return certificates.Count > 0
            ? new TlsTrust(certificates, Path.GetFullPath(path))
            : new Failure(FailureKind.Invalid, $"{path} holds no certificate as PEM text");
    }

    /// <summary>Null when what a server has shown is believed, else why it is not, for people.</summary>
    internal string? Doubt(string host, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors)
    {
        if (shown is not X509Certificate2 certificate || chain is null)
        {
            return "it shows no certificate";
        }

        if (_pin is not null)
        {
            // Who names a certificate does not care by which name its server was found.
            var fingerprint = GeneratedCertificate.FingerprintOf(certificate);
            return fingerprint == _pin ? null
                : $"its certificate has the fingerprint {fingerprint}, not the one that was named; somebody may be in between, or the node was made anew";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return $"its certificate is for {Names(certificate)}, not for {host}; ask by a name that it is for";
        }

        if (errors == SslPolicyErrors.None)
        {
            return null;
        }

        var status = _more.Count > 0 ? Rebuild(certificate, chain) : chain.ChainStatus;
        return Explain(certificate, status);
    }

    /// <summary>Looks at a chain again, with the certificates of the file as its only authorities.</summary>
    private X509ChainStatus[] Rebuild(X509Certificate2 certificate, X509Chain shown)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_more);
        chain.ChainPolicy.ExtraStore.AddRange(shown.ChainPolicy.ExtraStore);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        chain.Build(certificate);

        // A server's own certificate in the file needs no authority above it.
        var isNamed = _more.Any(one => one.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span));
        return [.. chain.ChainStatus.Where(status => !(isNamed && status.Status is X509ChainStatusFlags.PartialChain or X509ChainStatusFlags.UntrustedRoot))];
    }

    private static string? Explain(X509Certificate2 certificate, X509ChainStatus[] status)
    {
        if (status.Length == 0)
        {
            return null;
        }

        var flags = status.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        return flags.HasFlag(X509ChainStatusFlags.NotTimeValid)
            ? $"its certificate, or one above it, is not valid now; its own is from {certificate.NotBefore:yyyy-MM-dd} to {certificate.NotAfter:yyyy-MM-dd}"
            : (flags & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0
                ? $"its certificate comes from '{certificate.Issuer}', which this machine does not trust; if it is your community's own, name its certificate "
                    + "with --ca FILE"
                : $"its certificate does not hold: {string.Join("; ", status.Select(one => one.StatusInformation.Trim()))}";
    }

    private static string Names(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(extension => extension.EnumerateDnsNames().Concat(extension.EnumerateIPAddresses().Select(address => $"{address}")))
            .Take(NamesShown).ToList();
        return names.Count > 0 ? string.Join(", ", names) : certificate.Subject;
    }
}
