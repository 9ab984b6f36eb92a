using System.Security.Cryptography;
using Cete.Accounts.Proto;
using Cete.Core;
using Cete.Ports;
using Google.Protobuf;

namespace Cete.Accounts;

/// <summary>
/// What is personal of an account: AES-256-GCM under a key of the account's own (nonce, text, tag; bound to the account's id). With its key it is gone
/// from every store, whatever copies of the sealed text there are.
/// </summary>
internal static class PersonalText
{
    public const int KeySize = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    public static Sealed Seal(AccountId account, Personal text, byte[]? sealingKey = null)
    {
        var key = sealingKey ?? RandomNumberGenerator.GetBytes(KeySize);
        var plain = text.ToByteArray();
        var bytes = new byte[NonceSize + plain.Length + TagSize];
        RandomNumberGenerator.Fill(bytes.AsSpan(0, NonceSize));
        using var cipher = new AesGcm(key, TagSize);
        cipher.Encrypt(
            bytes.AsSpan(0, NonceSize), plain, bytes.AsSpan(NonceSize, plain.Length), bytes.AsSpan(NonceSize + plain.Length), account.ToArray());
        return new Sealed { Key = ByteString.CopyFrom(key), Text = ByteString.CopyFrom(bytes) };
    }

    /// <summary>The text; empty where it cannot be opened, since a row that was tampered with is no reason to show nothing of the account.</summary>
    public static Personal Open(AccountId account, ReadOnlySpan<byte> key, ReadOnlySpan<byte> bytes)
    {
        if (key.Length != KeySize || bytes.Length < NonceSize + TagSize)
        {
            return new Personal();
        }

        var plain = new byte[bytes.Length - NonceSize - TagSize];
        try
        {
            using var cipher = new AesGcm(key, TagSize);
            cipher.Decrypt(bytes[..NonceSize], bytes[NonceSize..^TagSize], bytes[^TagSize..], plain, account.ToArray());
            return ProtobufBytes.Read(Personal.Parser, plain);
        }
        catch (Exception error) when (error is CryptographicException || MalformedBytes.Caused(error))
        {
            return new Personal();
        }
    }
}
