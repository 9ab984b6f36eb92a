using System.Globalization;
using System.Text;

namespace Cete.Hocon;

/// <summary>
/// A Java properties text to the syntax of an object (section "Java properties mapping"): keys are split at each dot, values are strings,
/// and where a key is both a value and the beginning of others, the others win.
/// </summary>
internal sealed class PropertiesParser
{
    private readonly SourceText _source;
    private readonly string _text;
    private readonly HoconLimits _limits;
    private readonly List<HoconError> _errors = [];
    private readonly StringBuilder _word = new();
    private int _at;

    private PropertiesParser(SourceText source, HoconLimits limits)
    {
        _source = source;
        _text = source.Text ?? string.Empty;
        _limits = limits;
    }

    /// <exception cref="HoconException">Everything that is wrong with it.</exception>
    public static ObjectSyntax Parse(SourceText source, HoconLimits limits)
    {
        var parser = new PropertiesParser(source, limits);
        if (parser._text.Length > limits.InputCharsMax)
        {
            throw new HoconException(source.Error(0, $"the text is longer than {limits.InputCharsMax} characters; raise the bound"));
        }

        var fields = parser.ParseLines();
        return parser._errors.Count == 0
            ? new ObjectSyntax(0, parser._text.Length, WithoutParents(fields), hasBraces: false)
            : throw new HoconException(parser._errors);
    }

    private List<FieldSyntax> ParseLines()
    {
        var fields = new List<FieldSyntax>();
        while (SkipToLine() && _errors.Count < _limits.ErrorsMax)
        {
            if (_text[_at] is '#' or '!')
            {
                _at = EndOfLine(_at);
                continue;
            }

            var start = _at;
            var path = new HoconPath(ReadWord(isKey: true).Split('.', _limits.Depth + 1));
            SkipSpace();
            var separator = _at;
            if (_at < _text.Length && _text[_at] is '=' or ':')
            {
                _at++;
                SkipSpace();
            }

            var valueStart = _at;
            var value = ReadWord(isKey: false);
            if (path.Keys.Length > _limits.Depth)
            {
                Report(start, $"a key of more than {_limits.Depth} elements; shorten it");
                continue;
            }

            fields.Add(new FieldSyntax(
                start, path, separator, append: false, new LiteralSyntax(valueStart, _at, HoconKind.String, value)));
        }

        return fields;
    }

    /// <summary>A key up to its separator, or a value up to the end of its line, without escapes and continuations.</summary>
    private string ReadWord(bool isKey)
    {
        _word.Clear();
        while (_at < _text.Length && _text[_at] is not ('\n' or '\r') && !(isKey && _text[_at] is '=' or ':' or ' ' or '\t' or '\f'))
        {
            if (_text[_at] == '\\')
            {
                ReadEscape();
            }
            else
            {
                _word.Append(_text[_at++]);
            }
        }

        return _word.ToString();
    }

    private void ReadEscape()
    {
        var start = _at++;
        if (_at == _text.Length)
        {
            return;
        }

        var c = _text[_at++];
        switch (c)
        {
            case '\r' or '\n':
                // The line goes on behind the next one's indent.
                _at += c == '\r' && _at < _text.Length && _text[_at] == '\n' ? 1 : 0;
                SkipSpace();
                break;
            case 'u' when _at + 4 <= _text.Length
                && ushort.TryParse(_text.AsSpan(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                _word.Append((char)code);
                _at += 4;
                break;
            case 'u':
                Report(start, "\\u needs four hexadecimal digits behind it");
                break;
            default:
                _word.Append(c switch { 't' => '\t', 'n' => '\n', 'r' => '\r', 'f' => '\f', _ => c });
                break;
        }
    }

    private bool SkipToLine()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\t' or '\f' or '\n' or '\r')
        {
            _at++;
        }

        return _at < _text.Length;
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\t' or '\f')
        {
            _at++;
        }
    }

    private int EndOfLine(int from)
    {
        var end = _text.AsSpan(from).IndexOfAny('\n', '\r');
        return end < 0 ? _text.Length : from + end;
    }

    private void Report(int offset, string message) => _errors.Add(_source.Error(offset, message));

    // Java does not say which of a value and an object of the same key came first, so that cannot decide.
    private static List<MemberSyntax> WithoutParents(List<FieldSyntax> fields)
    {
        var root = new Element();
        foreach (var field in fields)
        {
            root.At(field.Path);
        }

        return [.. fields.Where(field => root.At(field.Path).IsLeaf)];
    }

    private sealed class Element
    {
        private readonly Dictionary<string, Element> _below = new(StringComparer.Ordinal);

        public bool IsLeaf => _below.Count == 0;

        public Element At(HoconPath path)
        {
            var element = this;
            foreach (var key in path.Keys)
            {
                if (!element._below.TryGetValue(key, out var next))
                {
                    element._below[key] = next = new Element();
                }

                element = next;
            }

            return element;
        }
    }
}
