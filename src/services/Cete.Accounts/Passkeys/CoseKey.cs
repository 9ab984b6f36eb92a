using System.Formats.Cbor;
using System.Security.Cryptography;
using Cete.Core;

namespace Cete.Accounts.Passkeys;

/// <summary>
/// The public key of a passkey as COSE_Key (RFC 9052 §7, RFC 9053 §7.1, RFC 8230 §4): ES256 on P-256, or RS256 with 2048 to 4096 bits. Both are what
/// WebAuthn level 2 §5.8.5 asks every site to take; EdDSA is not among what .NET verifies.
/// </summary>
public sealed class CoseKey
{
    /// <summary>ECDSA on P-256 with SHA-256.</summary>
    public const int Es256 = -7;

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-256.</summary>
    public const int Rs256 = -257;

    private const int KeyType = 1;
    private const int Algorithm = 3;
    private const int FirstOwn = -1;
    private const int SecondOwn = -2;
    private const int ThirdOwn = -3;
    private const int EllipticType = 2;
    private const int RsaType = 3;
    private const int P256Curve = 1;
    private const int CoordinateSize = 32;
    private const int RsaBytesMin = 256;
    private const int RsaBytesMax = 512;

    /// <summary>Parameters of a key: five are known.</summary>
    private const int ParametersMax = 8;

    private static readonly Failure Malformed =
        new(FailureKind.Invalid, "the key of the passkey is none of ES256 or RS256; make one with another authenticator");

    private readonly ECParameters? _elliptic;
    private readonly RSAParameters? _rsa;

    private CoseKey(ECParameters elliptic) => _elliptic = elliptic;

    private CoseKey(RSAParameters rsa) => _rsa = rsa;

    /// <summary>What stands in <c>pubKeyCredParams</c>.</summary>
    public static IReadOnlyList<int> Algorithms { get; } = [Es256, Rs256];

    /// <summary>Reads one; nothing may stand behind it.</summary>
    public static Outcome<CoseKey> Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var reader = new CborReader(bytes, CborConformanceMode.Ctap2Canonical);
            var numbers = new Dictionary<long, long>();
            var texts = new Dictionary<long, byte[]>();
            var count = reader.ReadStartMap();
            if (count is null or > ParametersMax)
            {
                return Malformed;
            }

            for (; count > 0; count--)
            {
                var label = reader.ReadInt64();
                if (reader.PeekState() == CborReaderState.ByteString)
                {
                    texts.Add(label, reader.ReadByteString());
                }
                else
                {
                    numbers.Add(label, reader.ReadInt64());
                }
            }

            reader.ReadEndMap();
            return reader.BytesRemaining == 0 ? Of(numbers, texts) : Malformed;
        }
        catch (Exception error) when (error is CborContentException or InvalidOperationException or OverflowException or CryptographicException)
        {
            return Malformed;
        }
    }

    /// <summary>Whether a signature is right: of ECDSA in DER, as WebAuthn has it.</summary>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        try
        {
            if (_elliptic is { } elliptic)
            {
                using var key = ECDsa.Create(elliptic);
                return key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
            }

            using var rsa = RSA.Create(_rsa!.Value);
            return rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static Outcome<CoseKey> Of(Dictionary<long, long> numbers, Dictionary<long, byte[]> texts)
    {
        var (type, algorithm) = (numbers.GetValueOrDefault(KeyType), numbers.GetValueOrDefault(Algorithm));
        if (type == EllipticType && algorithm == Es256 && numbers.GetValueOrDefault(FirstOwn) == P256Curve
            && texts.GetValueOrDefault(SecondOwn) is { Length: CoordinateSize } x && texts.GetValueOrDefault(ThirdOwn) is { Length: CoordinateSize } y)
        {
            var parameters = new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } };

            // A point beside the curve throws here.
            using var key = ECDsa.Create(parameters);
            return new CoseKey(parameters);
        }

        return type == RsaType && algorithm == Rs256 && texts.GetValueOrDefault(FirstOwn) is { Length: >= RsaBytesMin and <= RsaBytesMax } modulus
            && texts.GetValueOrDefault(SecondOwn) is { Length: > 0 and <= 4 } exponent
                ? new CoseKey(new RSAParameters { Modulus = modulus, Exponent = exponent })
                : Malformed;
    }
}
