namespace Cete.Trust.Certificates;

/// <summary>
/// What X.509 calls things, and two extensions of our own. Those are named by UUIDs under 2.25 (ITU-T X.667 §6), which anybody may do without a
/// registry: 67fafbff-7db9-43de-8d0b-3fe9cc8851dc and 4ac496e7-282f-416f-ad89-fff28946a17d, written as one decimal number each.
/// </summary>
internal static class Oids
{
    /// <summary>The roles of a node: SEQUENCE OF UTF8String, in ordinal order. Not critical: foreign TLS programs need not know it.</summary>
    public const string Roles = "2.25.138213668907381597531098912280111763932";

    /// <summary>
    /// In an issuing certificate, the root certificate that signed it: OCTET STRING. Programs that speak TLS leave roots out of what they send
    /// (RFC 8446 §4.4.2 lets them); a joining node knows of a community only the hash of its root's key.
    /// </summary>
    public const string Root = "2.25.99383622547939218275989752224040788349";

    public const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    public const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    public const string CommonName = "2.5.4.3";
    public const string SubjectAlternativeName = "2.5.29.17";

    /// <summary>ecdsa-with-SHA256 (RFC 5758 §3.2).</summary>
    public const string EcdsaWithSha256 = "1.2.840.10045.4.3.2";
}
