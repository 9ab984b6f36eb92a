using System.Text;
using Cete.Core;

namespace Cete.Formats.Entries;

/// <summary>One line of iCalendar or vCard, its folds undone.</summary>
/// <param name="Number">Where it begins in the file, from 1.</param>
/// <param name="Name">What it says, in capitals.</param>
/// <param name="Parameters">How it is meant, by name in capitals.</param>
/// <param name="Value">As it stands there, escapes and all.</param>
public sealed record ContentLine(int Number, string Name, IReadOnlyList<KeyValuePair<string, string>> Parameters, string Value)
{
    /// <summary>The first value of a parameter; null where there is none.</summary>
    public string? Parameter(string name)
    {
        foreach (var (key, value) in Parameters)
        {
            if (key == name)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>The value as a text, its escapes undone.</summary>
    public string Text => Unescape(Value);

    /// <summary>Undoes the escapes of a text.</summary>
    public static string Unescape(string value)
    {
        if (!value.Contains('\\', StringComparison.Ordinal))
        {
            return FormatText.Clean(value);
        }

        var text = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] != '\\' || i + 1 == value.Length)
            {
                text.Append(value[i]);
                continue;
            }

            // Before anything else than these a backslash is meant as one: old programs do not escape it.
            var next = value[++i];
            if (next is not ('n' or 'N' or ',' or ';' or '\\' or ':' or '"'))
            {
                text.Append('\\');
            }

            text.Append(next is 'n' or 'N' ? '\n' : next);
        }

        return FormatText.Clean(text.ToString());
    }

    /// <summary>The parts of a value between separators that are not escaped, each with its escapes undone.</summary>
    public static List<string> Split(string value, char separator)
    {
        const int PartsMax = 1_000;
        List<string> parts = [];
        var begin = 0;
        for (var i = 0; i <= value.Length; i++)
        {
            if (i == value.Length || (value[i] == separator && parts.Count < PartsMax))
            {
                parts.Add(Unescape(value[begin..i]));
                begin = i + 1;
            }
            else if (value[i] == '\\')
            {
                i = Math.Min(i + 1, value.Length - 1);
            }
        }

        return parts;
    }
}

/// <summary>Reads the lines of iCalendar and vCard: any line ends, folds undone, empty lines passed over.</summary>
public static class ContentLines
{
    /// <summary>All lines of a text, or what is wrong with it and where. Lines that are none are told to <paramref name="odd"/> and left out.</summary>
    public static Outcome<List<ContentLine>> Read(string text, Action<int> odd)
    {
        List<ContentLine> lines = [];
        var (place, number) = (0, 0);
        while (place < text.Length)
        {
            var first = number + 1;
            var whole = Unfold(text, ref place, ref number);
            if (whole is null)
            {
                return new Failure(FailureKind.TooLarge, $"line {first} is longer than {FormatLimits.LineCharsMax} characters");
            }

            if (string.IsNullOrWhiteSpace(whole))
            {
                continue;
            }

            if (Parse(whole, first) is { } line)
            {
                lines.Add(line);
            }
            else
            {
                odd(first);
            }
        }

        return lines;
    }

    /// <summary>The next line with those that go on with it; null where that is too long.</summary>
    private static string? Unfold(string text, ref int place, ref int number)
    {
        var line = Next(text, ref place, ref number);
        if (place >= text.Length || text[place] is not (' ' or '\t'))
        {
            return line.Length > FormatLimits.LineCharsMax ? null : line.ToString();
        }

        var whole = new StringBuilder().Append(line);
        while (place < text.Length && text[place] is ' ' or '\t' && whole.Length <= FormatLimits.LineCharsMax)
        {
            whole.Append(Next(text, ref place, ref number)[1..]);
        }

        return whole.Length > FormatLimits.LineCharsMax ? null : whole.ToString();
    }

    private static ReadOnlySpan<char> Next(string text, ref int place, ref int number)
    {
        var rest = text.AsSpan(place);
        var end = rest.IndexOfAny('\r', '\n');
        number++;
        if (end < 0)
        {
            place = text.Length;
            return rest;
        }

        place += end + (rest[end] == '\r' && end + 1 < rest.Length && rest[end + 1] == '\n' ? 2 : 1);
        return rest[..end];
    }

    private static ContentLine? Parse(string line, int number)
    {
        var end = line.AsSpan().IndexOfAny(';', ':');
        if (end <= 0)
        {
            return null;
        }

        // A group ("item1.EMAIL") binds lines of a card together: what it is for alone is left out.
        var name = line[(line.LastIndexOf('.', end - 1) + 1)..end].Trim().ToUpperInvariant();
        if (name.Length is 0 or > 64 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            return null;
        }

        List<KeyValuePair<string, string>> parameters = [];
        while (line[end] == ';')
        {
            if (ParameterAt(line, end + 1, parameters) is not { } next || parameters.Count > FormatLimits.ParametersMax)
            {
                return null;
            }

            end = next;
        }

        return new ContentLine(number, name, parameters, line[(end + 1)..]);
    }

    /// <summary>Reads one parameter; where it ends, null where the line is cut.</summary>
    private static int? ParameterAt(string line, int begin, List<KeyValuePair<string, string>> parameters)
    {
        var (isQuoted, end, equals) = (false, begin, -1);
        for (; end < line.Length && (isQuoted || line[end] is not (';' or ':')); end++)
        {
            isQuoted ^= line[end] == '"';
            equals = equals < 0 && line[end] == '=' ? end : equals;
        }

        if (end >= line.Length)
        {
            return null;
        }

        // vCard 2.1 writes HOME where later ones write TYPE=HOME.
        var (name, value) = equals < 0 ? ("TYPE", line[begin..end]) : (line[begin..equals].Trim().ToUpperInvariant(), line[(equals + 1)..end]);
        var text = value.Replace("\"", string.Empty, StringComparison.Ordinal)
            .Replace("^n", "\n", StringComparison.Ordinal).Replace("^'", "\"", StringComparison.Ordinal).Replace("^^", "^", StringComparison.Ordinal);
        foreach (var one in name == "TYPE" ? text.Split(',') : [text])
        {
            parameters.Add(new(name, one));
        }

        return end;
    }
}
