namespace Cete.Tidy.Tests;

/// <summary>Sorts the characters of a C# source. It knows just enough of the language to tell where literals and comments end.</summary>
internal sealed class CSharpLexer
{
    private readonly string _text;
    private readonly TextKind[] _kinds;
    private int _at;

    private CSharpLexer(string text) => (_text, _kinds) = (text, new TextKind[text.Length]);

    public static TextKind[] Sort(string text)
    {
        var lexer = new CSharpLexer(text);
        lexer.Code(isHole: false);
        return lexer._kinds;
    }

    /// <summary>Runs to the end of the text or, in a hole of an interpolated string, to what ends its expression.</summary>
    private void Code(bool isHole)
    {
        var depth = 0;
        while (_at < _text.Length && !(isHole && depth == 0 && EndsHole()))
        {
            if (StartsWith("//"))
            {
                Mark(EndOfLine(), TextKind.Comment);
            }
            else if (StartsWith("/*"))
            {
                var end = _text.IndexOf("*/", _at + 2, StringComparison.Ordinal);
                Mark(end < 0 ? _text.Length : end + 2, TextKind.Comment);
            }
            else if (_text[_at] == '#' && !isHole && IsFirstOfLine())
            {
                Directive();
            }
            else if (_text[_at] == '\'')
            {
                Quoted('\'', dollars: 0, isVerbatim: false);
            }
            else if (!TryString())
            {
                depth += _text[_at] is '(' or '[' or '{' ? 1 : _text[_at] is ')' or ']' or '}' ? -1 : 0;
                _at++;
            }
        }
    }

    private void Directive()
    {
        var end = EndOfLine();
        var comment = _text.IndexOf("//", _at, end - _at, StringComparison.Ordinal);
        Mark(comment < 0 ? end : comment, TextKind.Directive);
        Mark(end, TextKind.Comment);
    }

    private bool TryString()
    {
        var open = _at;
        var dollars = 0;
        var isVerbatim = false;
        for (; open < _text.Length && _text[open] is '$' or '@'; open++)
        {
            dollars += _text[open] == '$' ? 1 : 0;
            isVerbatim |= _text[open] == '@';
        }

        if (open >= _text.Length || _text[open] != '"')
        {
            return false;
        }

        Mark(open, TextKind.Literal);
        var quotes = Run('"');
        if (quotes >= 3 && !isVerbatim)
        {
            Raw(quotes, dollars);
        }
        else
        {
            Quoted('"', dollars, isVerbatim);
        }

        return true;
    }

    private void Quoted(char quote, int dollars, bool isVerbatim)
    {
        Mark(_at + 1, TextKind.Literal);
        while (_at < _text.Length)
        {
            var c = _text[_at];
            var isEscape = isVerbatim ? c == quote && Peek(1) == quote : c == '\\';
            if (isEscape || (dollars > 0 && c == '{' && Peek(1) == '{'))
            {
                Mark(_at + 2, TextKind.Literal);
            }
            else if (dollars > 0 && c == '{')
            {
                Hole(braces: 1, opening: 1);
            }
            else if (c == '\n' && !isVerbatim)
            {
                return;
            }
            else
            {
                Mark(_at + 1, TextKind.Literal);
                if (c == quote)
                {
                    return;
                }
            }
        }
    }

    private void Raw(int quotes, int dollars)
    {
        Mark(_at + quotes, TextKind.Literal);
        while (_at < _text.Length)
        {
            if (dollars > 0 && Run('{') >= dollars)
            {
                Hole(dollars, Run('{'));
            }
            else if (Run('"') >= quotes)
            {
                Mark(_at + Run('"'), TextKind.Literal);
                return;
            }
            else
            {
                Mark(_at + Math.Max(1, Math.Max(Run('{'), Run('"'))), TextKind.Literal);
            }
        }
    }

    private void Hole(int braces, int opening)
    {
        Mark(_at + opening, TextKind.Literal);
        Code(isHole: true);
        while (_at < _text.Length && _text[_at] != '}')
        {
            Mark(_at + 1, TextKind.Literal);
        }

        Mark(_at + braces, TextKind.Literal);
    }

    /// <summary>A brace, or the colon before a format; two colons belong to a name.</summary>
    private bool EndsHole() =>
        _text[_at] == '}' || (_text[_at] == ':' && Peek(1) != ':' && _text[_at - 1] != ':');

    private bool IsFirstOfLine()
    {
        var line = _text.LastIndexOf('\n', _at) + 1;
        return string.IsNullOrWhiteSpace(_text[line.._at]);
    }

    private bool StartsWith(string start) => string.CompareOrdinal(_text, _at, start, 0, start.Length) == 0;

    private char Peek(int ahead) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    private int Run(char c)
    {
        var end = _at;
        while (end < _text.Length && _text[end] == c)
        {
            end++;
        }

        return end - _at;
    }

    private int EndOfLine() => _text.IndexOf('\n', _at) is var end and >= 0 ? end : _text.Length;

    private void Mark(int end, TextKind kind)
    {
        end = Math.Min(end, _text.Length);
        Array.Fill(_kinds, kind, _at, end - _at);
        _at = end;
    }
}
