using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Security.Cryptography;
using Cete.Core;
using Cete.Trust.Certificates;

namespace Cete.Trust;

/// <summary>
/// The line of a token: <c>cete</c>, a digit for the version, then in base32 two bytes of length, three of SHA-256 over the fields, and the fields in
/// DER. Length and sum are no protection, they tell a slip of hand from a forgery; five bytes are eight letters, so they can be read without the rest.
/// </summary>
internal static class JoinTokenText
{
    private const string Name = "cete";
    private const char Version = '1';
    private const int LengthSize = 2;
    private const int HeadSize = 5;

    /// <summary>The longest line with room to spare: four longest addresses, all roles and the account make 3,700 characters.</summary>
    private const int CharactersMax = 4_096;

    public static string Write(JoinToken token)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteOctetString(token.IdBytes);
            writer.WriteOctetString(token.Secret);
            writer.WriteOctetString(token.Community.ToArray());
            writer.WriteInteger(token.ExpirySeconds);
            WriteTexts(writer, token.Addresses.Select(address => address.ToString()));
            WriteTexts(writer, token.Roles);
            WriteTexts(writer, token.Account is { } account ? [account] : []);
        }

        var fields = writer.Encode();
        var bytes = new byte[HeadSize + fields.Length];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)fields.Length);
        Sum(fields).CopyTo(bytes, LengthSize);
        fields.CopyTo(bytes, HeadSize);
        return $"{Name}{Version}{Base32.Encode(bytes)}";
    }

    public static Outcome<JoinToken> Read(string text)
    {
        // Twice the length leaves room for what a letter breaks in; more is not even looked through.
        var line = text.Length <= 2 * CharactersMax ? new string([.. text.Where(c => !char.IsWhiteSpace(c)).Select(char.ToLowerInvariant)]) : text;
        if (line.StartsWith(JoinToken.LinkStart, StringComparison.Ordinal))
        {
            line = line[JoinToken.LinkStart.Length..];
        }

        if (line.Length > CharactersMax)
        {
            return new Failure(FailureKind.TooLarge, $"this is not a token: it has {line.Length} characters, {CharactersMax} is the most");
        }

        if (!line.StartsWith(Name, StringComparison.Ordinal) || line.Length == Name.Length || line[Name.Length] is < Version or > '9')
        {
            return new Failure(FailureKind.Invalid, $"this is not a token: a token is one line that begins with {Name}{Version}; copy it again, whole");
        }

        return line[Name.Length] == Version
            ? ReadLetters(line.AsSpan(Name.Length + 1))
            : new Failure(FailureKind.Invalid, "this token was made by a newer version of cete; update this one and try again");
    }

    private static Outcome<JoinToken> ReadLetters(ReadOnlySpan<char> letters)
    {
        var damaged = new Failure(FailureKind.Damaged, "the token is damaged: a letter is wrong, missing or too many; copy it again, whole");
        var headLetters = Base32.TextLength(HeadSize);
        var head = new byte[HeadSize];
        var hasHead = letters.Length >= headLetters;
        if (hasHead && !Base32.TryDecode(letters[..headLetters], head))
        {
            return damaged;
        }

        var expected = Base32.TextLength(HeadSize + BinaryPrimitives.ReadUInt16BigEndian(head));
        if (!hasHead || letters.Length < expected)
        {
            return new Failure(FailureKind.Damaged,
                $"the token is damaged: only {letters.Length} of its letters are there, the end is cut off or one is wrong; copy it again, whole");
        }

        var bytes = new byte[Base32.ByteLength(letters.Length)];
        if (letters.Length != expected || !Base32.TryDecode(letters, bytes)
            || !bytes.AsSpan()[LengthSize..HeadSize].SequenceEqual(Sum(bytes.AsSpan(HeadSize))))
        {
            return damaged;
        }

        var malformed = new Failure(FailureKind.Invalid, "the token is malformed, though not damaged: the program that made it does not know the rules");
        return Hostile.Read(malformed, () => ReadDer(bytes.AsMemory(HeadSize), malformed));
    }

    private static byte[] Sum(ReadOnlySpan<byte> fields) => SHA256.HashData(fields)[..(HeadSize - LengthSize)];

    private static Outcome<JoinToken> ReadDer(ReadOnlyMemory<byte> der, Failure malformed)
    {
        var outer = new AsnReader(der, AsnEncodingRules.DER);
        var fields = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        var (id, secret, community) = (fields.ReadOctetString(), fields.ReadOctetString(), fields.ReadOctetString());
        if (id.Length != JoinToken.IdSize || secret.Length != JoinToken.SecretSize || community.Length != KeyId.Size
            || !fields.TryReadInt64(out var expiry))
        {
            return malformed;
        }

        var (addresses, names, account) = (
            ReadTexts(fields, JoinToken.AddressesMax), ReadTexts(fields, RoleSet.CountMax), ReadTexts(fields, 1));
        fields.ThrowIfNotEmpty();
        var (places, roles) = (addresses.Select(NodeAddress.Parse).ToList(), RoleSet.From(names));
        return places.All(place => place.Succeeded) && roles.Succeeded
            ? JoinToken.Make(id, secret, new KeyId(community), expiry, [.. places.Select(place => place.Value)], account.FirstOrDefault(), roles.Value)
            : malformed;
    }

    private static void WriteTexts(AsnWriter writer, IEnumerable<string> texts)
    {
        using (writer.PushSequence())
        {
            foreach (var text in texts)
            {
                writer.WriteCharacterString(UniversalTagNumber.UTF8String, text);
            }
        }
    }

    private static List<string> ReadTexts(AsnReader reader, int most)
    {
        var items = reader.ReadSequence();
        var texts = new List<string>();
        while (items.HasData)
        {
            texts.Add(items.ReadCharacterString(UniversalTagNumber.UTF8String));
            if (texts.Count > most)
            {
                throw new AsnContentException("more than a token may have");
            }
        }

        return texts;
    }
}
