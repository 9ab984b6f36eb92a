using System.Text;

namespace Cete.Formats.Entries;

/// <summary>Writes lines of iCalendar and vCard: CRLF, folded at 75 bytes without a character cut, texts escaped.</summary>
public sealed class ContentWriter
{
    private const int LineBytesMax = 75;

    private readonly StringBuilder _text = new();

    /// <summary>A line whose value is written as it stands.</summary>
    /// <param name="name">With its parameters, as <c>DTSTART;VALUE=DATE</c>.</param>
    /// <param name="value">Escaped where it must be.</param>
    public void Raw(string name, string value)
    {
        var line = name + ":" + value;
        var bytes = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > LineBytesMax)
            {
                _text.Append("\r\n ");
                bytes = 1;
            }

            _text.Append(rune.ToString());
            bytes += rune.Utf8SequenceLength;
        }

        _text.Append("\r\n");
    }

    /// <summary>A line whose value is a text; none where it is empty.</summary>
    public void Text(string name, string value)
    {
        if (value.Length > 0)
        {
            Raw(name, Escape(value));
        }
    }

    /// <summary>A text with what has a meaning escaped.</summary>
    public static string Escape(string text) => FormatText.Clean(text).Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace(";", "\\;", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    /// <summary>A parameter's value: what it cannot hold is left out.</summary>
    public static string Parameter(string text)
    {
        var plain = FormatText.OneLine(text).Replace("\"", string.Empty, StringComparison.Ordinal);
        return plain.AsSpan().IndexOfAny(';', ':', ',') < 0 ? plain : $"\"{plain}\"";
    }

    /// <summary>All that was written.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());
}
