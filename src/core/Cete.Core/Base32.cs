namespace Cete.Core;

/// <summary>
/// Bytes as letters and digits that can be read out, typed and taken whole by a double click: base32 (RFC 4648 §6), lower case, without padding.
/// </summary>
public static class Base32
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>Characters that so many bytes take.</summary>
    public static int TextLength(int bytes) => ((bytes * 8) + 4) / 5;

    /// <summary>Bytes that so many characters hold.</summary>
    public static int ByteLength(int characters) => characters * 5 / 8;

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new char[TextLength(bytes.Length)];
        var (bits, held, at) = (0u, 0, 0);
        foreach (var value in bytes)
        {
            (bits, held) = ((bits << 8) | value, held + 8);
            while (held >= 5)
            {
                held -= 5;
                text[at++] = Alphabet[(int)(bits >> held) & 31];
            }
        }

        if (held > 0)
        {
            text[at] = Alphabet[(int)(bits << (5 - held)) & 31];
        }

        return new string(text);
    }

    /// <summary>
    /// Reads characters of either case into exactly <see cref="ByteLength"/> bytes. False for any other character, for a length that no bytes
    /// have, and for bits left over that are not zero: so the same bytes have one text.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> target)
    {
        var length = ByteLength(text.Length);
        if (target.Length != length || TextLength(length) != text.Length)
        {
            return false;
        }

        var (bits, held, at) = (0u, 0, 0);
        foreach (var letter in text)
        {
            // Only letters of ASCII have another case here: the Kelvin sign is a small k to the library.
            var value = Alphabet.IndexOf(char.IsAsciiLetterUpper(letter) ? (char)(letter | 0x20) : letter, StringComparison.Ordinal);
            if (value < 0)
            {
                return false;
            }

            (bits, held) = ((bits << 5) | (uint)value, held + 5);
            if (held >= 8)
            {
                held -= 8;
                target[at++] = (byte)(bits >> held);
            }
        }

        return (bits & ((1u << held) - 1)) == 0;
    }
}
