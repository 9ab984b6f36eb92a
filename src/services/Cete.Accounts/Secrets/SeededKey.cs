using System.Numerics;
using System.Security.Cryptography;

namespace Cete.Accounts;

/// <summary>
/// A key pair on P-256 made of a secret that people pass on as text: 1 + (HKDF-SHA-256 of the secret, no salt, 48 bytes, big-endian) mod (n - 1), n being
/// the order of the curve. Such texts are on paper: the way to the key must not change.
/// </summary>
internal static class SeededKey
{
    private const int ScalarSize = 32;

    /// <summary>16 bytes more than the order has, so that the remainder is even to 2^-128 (FIPS 186-5 §A.2.1).</summary>
    private const int StretchedSize = 48;

    private static readonly BigInteger Order = BigInteger.Parse(
        "0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", System.Globalization.NumberStyles.HexNumber,
        System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The key pair, owned by the caller.</summary>
    /// <param name="secret">Of 100 random bits or more.</param>
    /// <param name="info">What the key is for.</param>
    public static ECDsa Of(byte[] secret, ReadOnlySpan<byte> info)
    {
        var stretched = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, StretchedSize, info: info.ToArray());
        var scalar = BigInteger.One + (new BigInteger(stretched, isUnsigned: true, isBigEndian: true) % (Order - BigInteger.One));
        var bytes = new byte[ScalarSize];
        var written = scalar.ToByteArray(isUnsigned: true, isBigEndian: true);
        written.CopyTo(bytes, ScalarSize - written.Length);
        return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = bytes });
    }
}
