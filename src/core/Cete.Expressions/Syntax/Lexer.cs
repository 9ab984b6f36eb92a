using System.Globalization;
using System.Text;

namespace Cete.Expressions.Syntax;

/// <summary>Text to tokens, one at a time. After an error there are no more tokens.</summary>
internal sealed class Lexer(string text)
{
    private static readonly string[] Pairs = ["&&", "||", "==", "!=", "<=", ">="];
    private int _at;

    /// <summary>The first thing that is no token.</summary>
    public ExpressionError? Error { get; private set; }

    public Token Next()
    {
        SkipSpace();
        if (_at >= text.Length || Error is not null)
        {
            return new(TokenKind.End, text.Length, string.Empty);
        }

        var (start, c) = (_at, text[_at]);
        if (c is 'r' or 'R' && _at + 1 < text.Length && text[_at + 1] is '"' or '\'')
        {
            _at++;
            return ReadText(start, isRaw: true);
        }

        if (char.IsAsciiLetter(c) || c == '_')
        {
            while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '_'))
            {
                _at++;
            }

            return new(TokenKind.Name, start, text[start.._at]);
        }

        return char.IsAsciiDigit(c) ? ReadNumber(start) : c is '"' or '\'' ? ReadText(start, isRaw: false) : ReadSymbol(start);
    }

    private void SkipSpace()
    {
        while (_at < text.Length)
        {
            if (text[_at] is ' ' or '\t' or '\r' or '\n')
            {
                _at++;
            }
            else if (text.AsSpan(_at).StartsWith("//", StringComparison.Ordinal))
            {
                while (_at < text.Length && text[_at] is not ('\n' or '\r'))
                {
                    _at++;
                }
            }
            else
            {
                return;
            }
        }
    }

    private Token ReadNumber(int start)
    {
        Digits();
        var kind = TokenKind.Int;
        if (_at + 1 < text.Length && text[_at] == '.' && char.IsAsciiDigit(text[_at + 1]))
        {
            kind = TokenKind.Decimal;
            _at++;
            Digits();
        }

        if (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '_'))
        {
            return Fail(_at, $"a letter in a number: write it with digits and one point, as 1200 or 1.5");
        }

        return new(kind, start, text[start.._at]);
    }

    private void Digits()
    {
        while (_at < text.Length && char.IsAsciiDigit(text[_at]))
        {
            _at++;
        }
    }

    private Token ReadSymbol(int start)
    {
        var rest = text.AsSpan(_at);
        foreach (var pair in Pairs)
        {
            if (rest.StartsWith(pair, StringComparison.Ordinal))
            {
                _at += 2;
                return new(TokenKind.Symbol, start, pair);
            }
        }

        var c = text[_at++];
        return c switch
        {
            '=' => Fail(start, "'=' alone means nothing here; write '==' to compare"),
            '&' or '|' => Fail(start, $"'{c}' alone means nothing here; write '{c}{c}'"),
            _ when "()[].,?:<>+-*/%!".Contains(c, StringComparison.Ordinal) => new(TokenKind.Symbol, start, c.ToString()),
            _ when char.IsControl(c) || char.IsSurrogate(c) => Fail(start, "a character that means nothing outside of a text; take it away"),
            _ => Fail(start, $"'{c}' means nothing outside of a text; take it away, or put quotes around the text"),
        };
    }

    private Token ReadText(int start, bool isRaw)
    {
        var quote = text[_at++];
        var read = new StringBuilder();
        while (_at < text.Length && text[_at] != quote && text[_at] is not ('\n' or '\r'))
        {
            if (text[_at] != '\\' || isRaw)
            {
                read.Append(text[_at++]);
            }
            else if (!ReadEscape(read))
            {
                return new(TokenKind.End, text.Length, string.Empty);
            }
        }

        if (_at >= text.Length || text[_at] != quote)
        {
            return Fail(start, $"the text that begins here does not end; write {quote} behind it, and \\n for a new line within");
        }

        _at++;
        return new(TokenKind.Text, start, read.ToString());
    }

    private bool ReadEscape(StringBuilder read)
    {
        var start = _at++;
        var c = _at < text.Length ? text[_at++] : ' ';
        var simple = "\\\\\"\"''``??a\ab\bf\fn\nr\rt\tv\v".AsSpan();
        for (var i = 0; i < simple.Length; i += 2)
        {
            if (simple[i] == c)
            {
                read.Append(simple[i + 1]);
                return true;
            }
        }

        var (digits, style) = c switch
        {
            'x' or 'X' => (2, NumberStyles.AllowHexSpecifier),
            'u' => (4, NumberStyles.AllowHexSpecifier),
            'U' => (8, NumberStyles.AllowHexSpecifier),
            >= '0' and <= '3' => (3, NumberStyles.None),
            _ => (0, NumberStyles.None),
        };
        _at -= style == NumberStyles.None && digits > 0 ? 1 : 0;
        if (digits == 0 || _at + digits > text.Length || !TryCode(text.AsSpan(_at, digits), style, out var code) || !Rune.IsValid(code))
        {
            Fail(start, "no such escape; there are \\\\ \\\" \\' \\n \\t \\r and \\u with four hexadecimal digits");
            return false;
        }

        _at += digits;
        read.Append(new Rune(code).ToString());
        return true;
    }

    private static bool TryCode(ReadOnlySpan<char> digits, NumberStyles style, out int code)
    {
        if (style != NumberStyles.None)
        {
            return int.TryParse(digits, style, CultureInfo.InvariantCulture, out code);
        }

        code = 0;
        foreach (var digit in digits)
        {
            if (digit is < '0' or > '7')
            {
                return false;
            }

            code = (code * 8) + digit - '0';
        }

        return true;
    }

    private Token Fail(int at, string message)
    {
        Error ??= ExpressionError.At(text, at, message);
        return new(TokenKind.End, text.Length, string.Empty);
    }
}
