using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cete.Core;

namespace Cete.Trust.Certificates;

/// <summary>The one kind of key there is: ECDSA on P-256 (RFC 5480), always in the form that spells out both coordinates.</summary>
internal static class P256
{
    /// <summary>Bytes of a public key in DER.</summary>
    public const int PublicKeySize = 91;

    /// <summary>Bytes of a signature in IEEE P1363 form.</summary>
    public const int SignatureSize = 64;

    /// <summary>Keys that a thread remembers: a megabyte or two.</summary>
    private const int OpenedMax = 1_024;

    /// <summary>A thread each: that several may use one at a time, no document says.</summary>
    [ThreadStatic]
    private static Dictionary<KeyId, ECDsa>? _opened;

    /// <summary>SubjectPublicKeyInfo up to the coordinates: id-ecPublicKey, prime256v1, an uncompressed point.</summary>
    private static ReadOnlySpan<byte> Prefix =>
    [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06,
        0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
    ];

    /// <summary>Whether it looks like one. One key has one form, or it would have several names.</summary>
    public static bool IsPublicKey(ReadOnlySpan<byte> subjectPublicKeyInfo) =>
        subjectPublicKeyInfo.Length == PublicKeySize && subjectPublicKeyInfo.StartsWith(Prefix);

    /// <summary>The key, owned by the caller; null when it is of another kind or no point of the curve.</summary>
    public static ECDsa? TryOpen(ReadOnlySpan<byte> subjectPublicKeyInfo)
    {
        if (!IsPublicKey(subjectPublicKeyInfo))
        {
            return null;
        }

        var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(subjectPublicKeyInfo, out _);
            return key;
        }
        catch (CryptographicException)
        {
            key.Dispose();
            return null;
        }
    }

    /// <summary>
    /// The key, of those that this thread remembers: it stays theirs, and is used before the next call. To open one takes twice as long as to verify a
    /// signature with it, since it is looked at whether its point is one of the curve.
    /// </summary>
    public static ECDsa? Borrow(ReadOnlySpan<byte> subjectPublicKeyInfo)
    {
        var opened = _opened ??= [];
        var id = KeyId.Of(subjectPublicKeyInfo);
        if (opened.TryGetValue(id, out var known))
        {
            return known;
        }

        if (TryOpen(subjectPublicKeyInfo) is not { } key)
        {
            return null;
        }

        if (opened.Count == OpenedMax)
        {
            foreach (var old in opened.Values)
            {
                old.Dispose();
            }

            opened.Clear();
        }

        opened.Add(id, key);
        return key;
    }

    /// <summary>A new key, owned by the caller.</summary>
    public static ECDsa Create() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The public key of a certificate when it is of the one kind, else null.</summary>
    public static byte[]? PublicKeyOf(X509Certificate2 certificate)
    {
        var key = certificate.PublicKey.ExportSubjectPublicKeyInfo();
        using var opened = TryOpen(key);
        return opened is null ? null : key;
    }
}
