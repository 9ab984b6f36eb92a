using System.Security.Cryptography;
using Cete.Core;

namespace Cete.Trust.Certificates;

/// <summary>Blocks of a text file (RFC 7468); what stands around them is for people.</summary>
internal static class Pem
{
    public const string Certificate = "CERTIFICATE";
    public const string PrivateKey = "PRIVATE KEY";
    public const string EncryptedKey = "ENCRYPTED PRIVATE KEY";

    public readonly record struct Block(string Label, byte[] Data);

    public static string Write(string label, ReadOnlySpan<byte> data) => PemEncoding.WriteString(label, data) + "\n";

    /// <summary>All blocks of a text, in order.</summary>
    /// <param name="text">The text.</param>
    /// <param name="what">What it should be, for the failure.</param>
    public static Outcome<IReadOnlyList<Block>> Read(string text, string what)
    {
        if (text.Length > TrustLimits.PemCharactersMax)
        {
            return new Failure(FailureKind.TooLarge,
                $"this is not {what}: it has {text.Length} characters, {TrustLimits.PemCharactersMax} is the most");
        }

        var blocks = new List<Block>();
        var rest = text.AsSpan();
        while (PemEncoding.TryFind(rest, out var found))
        {
            if (blocks.Count == TrustLimits.PemBlocksMax)
            {
                return new Failure(FailureKind.TooLarge, $"this is not {what}: it has more than {TrustLimits.PemBlocksMax} PEM blocks");
            }

            var data = new byte[found.DecodedDataLength];
            if (!Convert.TryFromBase64Chars(rest[found.Base64Data], data, out var written) || written != data.Length)
            {
                return new Failure(FailureKind.Damaged, $"{what} is damaged: PEM block {blocks.Count + 1} is no base64; take an undamaged copy");
            }

            blocks.Add(new Block(rest[found.Label].ToString(), data));
            rest = rest[found.Location.End..];
        }

        return Outcome.Of<IReadOnlyList<Block>>(blocks);
    }
}
