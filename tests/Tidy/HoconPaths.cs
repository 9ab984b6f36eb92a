namespace Cete.Tidy.Tests;

/// <summary>
/// The paths of a HOCON file, in the order written. Only as much of the language as a reference file needs: objects, dotted and
/// quoted keys, comments, and values that are skipped, whatever they are.
/// </summary>
internal sealed class HoconPaths
{
    private readonly string _text;
    private readonly string[] _lines;
    private readonly List<Entry> _entries = [];
    private int _at;

    private HoconPaths(string text) => (_text, _lines) = (text, text.Split('\n'));

    /// <param name="Path">From the root of the file.</param>
    /// <param name="Line">Counted from one.</param>
    /// <param name="IsLeaf">It has a value of its own; an object with entries is none.</param>
    /// <param name="IsExplained">The line above it is a comment.</param>
    internal sealed record Entry(string Path, int Line, bool IsLeaf, bool IsExplained);

    public static IReadOnlyList<Entry> Collect(string text)
    {
        var reader = new HoconPaths(text);
        reader.SkipBlank(",");
        reader._at += reader.Peek() == '{' ? 1 : 0;
        reader.Fields(string.Empty);
        return reader._entries;
    }

    private void Fields(string prefix)
    {
        for (SkipBlank(","); _at < _text.Length && Peek() != '}'; SkipBlank(","))
        {
            var start = _at;
            var key = Key();
            if (key == "include" && Peek() is not ('=' or ':' or '{' or '+'))
            {
                SkipScalar();
            }
            else
            {
                Field(prefix.Length == 0 ? key : $"{prefix}.{key}", start);
            }

            _at += _at == start ? 1 : 0;
        }

        _at++;
    }

    private void Field(string path, int start)
    {
        var line = _text.AsSpan(0, start).Count('\n');
        var place = _entries.Count;
        _at += Peek() == '+' ? 1 : 0;
        _at += Peek() is '=' or ':' ? 1 : 0;
        SkipBlank(string.Empty);
        var isObject = Peek() == '{';
        if (isObject)
        {
            _at++;
            Fields(path);
        }

        SkipScalar();
        var isExplained = line > 0 && IsComment(_lines[line - 1].TrimStart());
        _entries.Insert(place, new Entry(path, line + 1, !isObject || _entries.Count == place, isExplained));
    }

    /// <summary>Up to what separates it from its value, without quotes.</summary>
    private string Key()
    {
        var start = _at;
        while (_at < _text.Length && Peek() is not ('=' or ':' or '{' or '}' or '+' or '\n' or ' ' or '\t'))
        {
            SkipOne();
        }

        var key = _text[start.._at].Replace("\"", string.Empty, StringComparison.Ordinal);
        while (_at < _text.Length && Peek() is ' ' or '\t')
        {
            _at++;
        }

        return key;
    }

    /// <summary>The rest of a value: it ends with its line, at a comma or at the end of the object around it.</summary>
    private void SkipScalar()
    {
        for (var depth = 0; _at < _text.Length; SkipOne())
        {
            if (depth == 0 && (Peek() is '\n' or ',' or '}' || AtComment()))
            {
                return;
            }

            if (AtComment())
            {
                SkipLine();
            }

            depth += Peek() is '{' or '[' ? 1 : Peek() is '}' or ']' ? -1 : 0;
        }
    }

    private void SkipBlank(string also)
    {
        while (_at < _text.Length && (char.IsWhiteSpace(Peek()) || also.Contains(Peek()) || AtComment()))
        {
            if (AtComment())
            {
                SkipLine();
            }
            else
            {
                _at++;
            }
        }
    }

    /// <summary>One character, or one quoted string.</summary>
    private void SkipOne()
    {
        if (Peek() != '"')
        {
            _at += _at < _text.Length ? 1 : 0;
            return;
        }

        var isLong = string.CompareOrdinal(_text, _at, "\"\"\"", 0, 3) == 0;
        var quote = isLong ? "\"\"\"" : "\"";
        for (_at += quote.Length; _at < _text.Length && string.CompareOrdinal(_text, _at, quote, 0, quote.Length) != 0; _at++)
        {
            _at += !isLong && Peek() == '\\' ? 1 : 0;
        }

        _at = Math.Min(_text.Length, _at + quote.Length);
    }

    private void SkipLine() => _at = _text.IndexOf('\n', _at) is var end and >= 0 ? end : _text.Length;

    private bool AtComment() => _at < _text.Length && IsComment(_text.AsSpan(_at));

    private static bool IsComment(ReadOnlySpan<char> text) => text.StartsWith("#") || text.StartsWith("//");

    private char Peek() => _at < _text.Length ? _text[_at] : '\0';
}
