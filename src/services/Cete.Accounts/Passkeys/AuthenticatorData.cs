using System.Buffers.Binary;
using System.Formats.Cbor;
using Cete.Core;

namespace Cete.Accounts.Passkeys;

/// <summary>What an authenticator says and signs (WebAuthn level 2 §6.1).</summary>
/// <param name="RelyingPartyHash">SHA-256 of the domain that it is for; 32 bytes.</param>
/// <param name="IsPresent">Somebody was there (UP).</param>
/// <param name="IsVerified">It was whom the authenticator knows: by a fingerprint, a face, a PIN (UV).</param>
/// <param name="Counter">Of its signatures; 0 where it counts none.</param>
/// <param name="Credential">The passkey, where it was just made; null else.</param>
public sealed record AuthenticatorData(
    ReadOnlyMemory<byte> RelyingPartyHash, bool IsPresent, bool IsVerified, uint Counter, AttestedCredential? Credential)
{
    private const int HashSize = 32;
    private const int FixedSize = HashSize + 1 + sizeof(uint);
    private const int ModelSize = 16;
    private const int PresentFlag = 0x01;
    private const int VerifiedFlag = 0x04;
    private const int CredentialFlag = 0x40;
    private const int ExtensionsFlag = 0x80;

    /// <summary>Bytes of an attestation object: one with a chain of certificates has some thousands, and is not asked for.</summary>
    public const int BytesMax = 8 * 1024;

    private static readonly Failure Malformed = new(FailureKind.Invalid, "what the passkey said cannot be read; try again");

    /// <summary>Reads it; nothing may stand behind it.</summary>
    public static Outcome<AuthenticatorData> Parse(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length is < FixedSize or > BytesMax)
        {
            return Malformed;
        }

        var flags = bytes.Span[HashSize];
        var rest = bytes[FixedSize..];
        AttestedCredential? credential = null;
        try
        {
            if ((flags & CredentialFlag) != 0 && !TryTake(ref rest, out credential))
            {
                return Malformed;
            }

            if ((flags & ExtensionsFlag) != 0)
            {
                Skip(ref rest);
            }
        }
        catch (Exception error) when (error is CborContentException or InvalidOperationException)
        {
            return Malformed;
        }

        return rest.IsEmpty
            ? new AuthenticatorData(
                bytes[..HashSize], (flags & PresentFlag) != 0, (flags & VerifiedFlag) != 0,
                BinaryPrimitives.ReadUInt32BigEndian(bytes.Span[(HashSize + 1)..]), credential)
            : Malformed;
    }

    /// <summary>
    /// Reads it out of an attestation object (§6.5.4). What vouches for the make of the authenticator is passed over: none was asked for, and none is
    /// believed.
    /// </summary>
    public static Outcome<AuthenticatorData> ParseAttestation(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > BytesMax)
        {
            return Malformed;
        }

        try
        {
            var reader = new CborReader(bytes, CborConformanceMode.Ctap2Canonical);
            byte[]? data = null;
            var count = reader.ReadStartMap();
            if (count != 3)
            {
                return Malformed;
            }

            for (; count > 0; count--)
            {
                switch (reader.ReadTextString())
                {
                    case "authData":
                        data = reader.ReadByteString();
                        break;
                    case "fmt":
                        reader.ReadTextString();
                        break;
                    case "attStmt":
                        reader.SkipValue();
                        break;
                    default:
                        return Malformed;
                }
            }

            reader.ReadEndMap();
            return data is not null && reader.BytesRemaining == 0 ? Parse(data) : Malformed;
        }
        catch (Exception error) when (error is CborContentException or InvalidOperationException)
        {
            return Malformed;
        }
    }

    private static bool TryTake(ref ReadOnlyMemory<byte> rest, out AttestedCredential? credential)
    {
        credential = null;
        if (rest.Length < ModelSize + sizeof(ushort))
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(rest.Span[ModelSize..]);
        rest = rest[(ModelSize + sizeof(ushort))..];
        if (length is 0 or > AccountsLimits.PasskeyIdBytesMax || length > rest.Length)
        {
            return false;
        }

        var id = rest[..length];
        rest = rest[length..];
        var before = rest;
        Skip(ref rest);
        credential = new AttestedCredential(id, before[..^rest.Length]);
        return true;
    }

    private static void Skip(ref ReadOnlyMemory<byte> rest)
    {
        var reader = new CborReader(rest, CborConformanceMode.Ctap2Canonical, allowMultipleRootLevelValues: true);
        reader.SkipValue();
        rest = rest[^reader.BytesRemaining..];
    }
}

/// <summary>A passkey that was just made.</summary>
/// <param name="Id">As the authenticator calls it.</param>
/// <param name="PublicKey">COSE_Key.</param>
public sealed record AttestedCredential(ReadOnlyMemory<byte> Id, ReadOnlyMemory<byte> PublicKey);
