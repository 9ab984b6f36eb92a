namespace Cete.Trust;

/// <summary>The bounds and terms of keys, certificates and tokens, each with its reason.</summary>
public static class TrustLimits
{
    /// <summary>
    /// Bytes of one certificate in DER. A node's with the most roles has 1.6 KiB; an issuing one carries its root, 1.3 KiB with the longest name.
    /// </summary>
    public const int CertificateBytesMax = 4 * 1024;

    /// <summary>Certificates that a peer may present: node, issuing, and two that others' programs may add.</summary>
    public const int PresentedMax = 4;

    /// <summary>Bytes of a signing request: a key, a name and a signature; we ask for nothing else.</summary>
    public const int RequestBytesMax = 2 * 1024;

    /// <summary>Characters of a file of PEM blocks: a key and a few certificates, with room for what people write around them.</summary>
    public const int PemCharactersMax = 32 * 1024;

    /// <summary>PEM blocks of one file.</summary>
    public const int PemBlocksMax = 8;

    /// <summary>Years of a root certificate: longer than any community plans for; the exported key can make another.</summary>
    public const int RootYears = 20;

    /// <summary>Years of an issuing certificate: its holder has that long to fetch the root key from where it is kept.</summary>
    public const int IssuingYears = 5;

    /// <summary>How long a node's certificate lasts: a node that is away for two months comes back without being asked in again.</summary>
    public static readonly TimeSpan NodeValidity = TimeSpan.FromDays(90);

    /// <summary>
    /// How far in the past a certificate begins: a clock may be slow by this much and its node still take part. An hour is also what a computer
    /// is off by that confuses winter and summer time.
    /// </summary>
    public static readonly TimeSpan ClockSlack = TimeSpan.FromHours(1);

    /// <summary>Rounds of PBKDF2-HMAC-SHA256 for the exported root key: OWASP's figure of 2023, about a second once in years.</summary>
    public const int PassphraseRounds = 600_000;

    /// <summary>Rounds that a file may ask for: more would be a way to keep a computer busy.</summary>
    public const int PassphraseRoundsMax = 2_000_000;

    /// <summary>The shortest passphrase that a person may choose.</summary>
    public const int PassphraseLengthMin = 12;

    /// <summary>The longest.</summary>
    public const int PassphraseLengthMax = 256;

    /// <summary>Leaves whose verification is remembered: more than a community has nodes, at about 300 bytes each.</summary>
    public const int VerifiedKept = 4_096;

    /// <summary>Characters of the purpose of a signature.</summary>
    public const int PurposeLengthMax = 64;
}
