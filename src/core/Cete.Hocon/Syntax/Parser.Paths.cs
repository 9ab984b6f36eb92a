using System.Text;

namespace Cete.Hocon;

/// <summary>Path expressions, in keys and in substitutions (section "Path expressions").</summary>
internal sealed partial class Parser
{
    private readonly Dictionary<string, HoconPath> _singleKeys = new(StringComparer.Ordinal);

    private HoconPath ParsePathExpression(string what)
    {
        SkipSpace();
        var start = _at;
        var isQuoted = Here == '"';
        var end = isQuoted ? EndOfPlainQuoted(start) : EndOfPathWord(start);
        _at = end;
        SkipSpace();
        if (end > start && (AtEnd || Here is ':' or '=' or '{' or '}' or '+' or '\n'))
        {
            return Single(isQuoted ? _text.AsSpan(start + 1, end - start - 2) : _text.AsSpan(start, end - start));
        }

        _at = start;
        return ParseLongPath(what);
    }

    // Most keys are one word, and the same words come again and again.
    private HoconPath Single(ReadOnlySpan<char> word)
    {
        var cache = _singleKeys.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!cache.TryGetValue(word, out var path))
        {
            var key = word.ToString();
            _singleKeys[key] = path = new HoconPath([key]);
        }

        return path;
    }

    private HoconPath ParseLongPath(string what)
    {
        var start = _at;
        var elements = new List<string>();
        var element = new StringBuilder();
        var isEmpty = true;
        while (true)
        {
            var spaceStart = _at;
            SkipSpace();
            var space = _text.AsSpan(spaceStart, _at - spaceStart);
            if (Here == '"')
            {
                element.Append(space).Append(ParseQuotedText());
                isEmpty = false;
            }
            else if (Here == '.')
            {
                elements.Add(isEmpty ? throw EmptyElement() : element.Append(space).ToString());
                element.Clear();
                isEmpty = true;
                _at++;
                CheckLength(start, elements.Count);
            }
            else if (EndOfPathWord(_at) is var end && end > _at)
            {
                element.Append(space).Append(_text, _at, end - _at);
                isEmpty = false;
                _at = end;
            }
            else
            {
                // Whitespace at the end is not part of the path.
                _at = spaceStart;
                break;
            }
        }

        if (isEmpty)
        {
            SkipSpace();
            throw elements.Count > 0 ? EmptyElement() : Error(_at, $"expected {what}, found {ShowHere()}; quote it if it is meant");
        }

        elements.Add(element.ToString());
        return new HoconPath([.. elements]);
    }

    private HoconException EmptyElement()
        => Error(_at, "a path has no empty element: remove the '.', or write \"\" for an empty key");

    private void CheckLength(int start, int elements)
    {
        if (elements >= _limits.Depth)
        {
            throw Error(start, $"a path of more than {_limits.Depth} elements; shorten it");
        }
    }

    // The end of a quoted string without escapes; the start where there is none.
    private int EndOfPlainQuoted(int start)
    {
        var end = Characters.Find(_text, start + 1, Stops.Quoted);
        return end > start + 1 && end < _text.Length && _text[end] == '"' ? end + 1 : start;
    }

    private int EndOfPathWord(int start)
    {
        var at = start;
        while (true)
        {
            at = Characters.Find(_text, at, Stops.Path);
            if (at == _text.Length || _text[at] != '/' || IsComment(at))
            {
                return at;
            }

            at++;
        }
    }
}
