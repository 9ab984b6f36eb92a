using System.Globalization;
using System.Text;

namespace Cete.Hocon;

/// <summary>Quoted strings (section "Unchanged from JSON") and multi-line strings.</summary>
internal sealed partial class Parser
{
    private LiteralSyntax ParseQuoted()
    {
        var start = _at;
        var text = ParseQuotedText();
        return new LiteralSyntax(start, _at, HoconKind.String, text);
    }

    private string ParseQuotedText()
    {
        if (_text.AsSpan(_at).StartsWith("\"\"\""))
        {
            return ParseMultiLine();
        }

        var start = _at++;
        StringBuilder? text = null;
        while (true)
        {
            var end = Characters.Find(_text, _at, Stops.Quoted);
            var plain = _text.AsSpan(_at, end - _at);
            _at = end;
            if (AtEnd)
            {
                throw Error(start, "this string is never closed; add a '\"'");
            }

            switch (Here)
            {
                case '"':
                    _at++;
                    return text is null ? plain.ToString() : text.Append(plain).ToString();
                case '\\':
                    text = (text ?? new StringBuilder()).Append(plain);
                    text.Append(ParseEscape());
                    break;
                case '\n':
                    throw Error(start, "this string is not closed on its line; add a '\"', or use \"\"\" for a string of several lines");
                default:
                    throw Error(_at, $"{ShowHere()} cannot stand in a quoted string; write \\u{(int)Here:x4}");
            }
        }
    }

    private char ParseEscape()
    {
        var start = _at++;
        var c = Here;
        _at += AtEnd ? 0 : 1;
        switch (c)
        {
            case '"' or '\\' or '/':
                return c;
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u' when _at + 4 <= _text.Length
                && ushort.TryParse(_text.AsSpan(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                _at += 4;
                return (char)code;
            case 'u':
                throw Error(start, "\\u needs four hexadecimal digits behind it");
            default:
                _at = start + 1;
                throw Error(start, "this is no escape of JSON; write \\\\ for a backslash");
        }
    }

    // Ends at the last three of a run of three or more quotes; those before them are part of the string.
    private string ParseMultiLine()
    {
        var start = _at;
        var close = _text.IndexOf("\"\"\"", _at + 3, StringComparison.Ordinal);
        if (close < 0)
        {
            _at = _text.Length;
            throw Error(start, "this multi-line string is never closed; add \"\"\"");
        }

        while (close + 3 < _text.Length && _text[close + 3] == '"')
        {
            close++;
        }

        _at = close + 3;
        return _text[(start + 3)..close];
    }
}
