namespace Cete.Hocon;

/// <summary>Values: concatenations and their pieces (sections "Unquoted strings", "Value concatenation", "Substitutions").</summary>
internal sealed partial class Parser
{
    private ValueSyntax ParseValue(string what)
    {
        if (AtEnd || Here is '\n' or ',' or '}' or ']')
        {
            throw Error(_at, $"expected {what}, found {ShowHere()}; write \"\" for an empty string");
        }

        var first = ParsePiece();
        List<ValueSyntax>? pieces = null;
        while (true)
        {
            var spaceStart = _at;
            SkipSpace();
            if (AtEnd || Here is '\n' or ',' or '}' or ']' || IsComment(_at))
            {
                return pieces is null ? first : new ConcatenationSyntax(pieces);
            }

            pieces ??= [first];
            if (_at > spaceStart)
            {
                pieces.Add(new LiteralSyntax(spaceStart, _at, HoconKind.String, _text[spaceStart.._at], isSpace: true));
            }

            pieces.Add(ParsePiece());
        }
    }

    private ValueSyntax ParsePiece() => Here switch
    {
        '"' => ParseQuoted(),
        '{' => ParseObject(),
        '[' => ParseArray(),
        '$' => ParseSubstitution(),
        _ => ParseUnquoted(),
    };

    private ArraySyntax ParseArray()
    {
        var start = _at++;
        Enter(start);
        var elements = new List<ValueSyntax>();
        var separated = true;
        SkipTrivia(atLineStart: false);
        while (true)
        {
            if (AtEnd || Here == ']')
            {
                if (AtEnd)
                {
                    Report(Error(start, "this '[' is never closed; add a ']'"));
                }
                else
                {
                    _at++;
                }

                _depth--;
                return new ArraySyntax(start, _at, elements);
            }

            if (!separated)
            {
                Report(Error(_at, $"expected a comma or a new line before {ShowHere()}"));
            }

            if (ParseElementOrRecover() is { } element)
            {
                elements.Add(element);
            }

            separated = ParseComma(out _);
        }
    }

    private ValueSyntax? ParseElementOrRecover()
    {
        var depth = _depth;
        try
        {
            return ParseValue("an element");
        }
        catch (HoconException error)
        {
            Report(error);
            _depth = depth;
            if (!AtEnd && Here == '}')
            {
                // A stray brace would stop the search where it began.
                _at++;
            }

            while (!AtEnd && Here is not ('\n' or ',' or ']'))
            {
                _at++;
            }

            return null;
        }
    }

    // Words with whitespace between them are one string whose inner whitespace stays as it is, so the run is one literal.
    private LiteralSyntax ParseUnquoted()
    {
        var start = _at;
        var end = EndOfWord(start);
        if (end == start)
        {
            throw Error(_at, $"{ShowHere()} cannot stand in an unquoted string; put the string in quotes"
                + (Here is ':' or '=' ? ", or start the next field on a new line" : string.Empty));
        }

        while (true)
        {
            var next = end;
            while (next < _text.Length && Characters.IsInlineSpace(_text[next]))
            {
                next++;
            }

            if (next == end || next == _text.Length)
            {
                break;
            }

            var nextEnd = EndOfWord(next);
            if (nextEnd == next)
            {
                break;
            }

            end = nextEnd;
        }

        _at = end;
        var text = _text.AsSpan(start, end - start);
        return text switch
        {
            "true" => new LiteralSyntax(start, end, HoconKind.Boolean, "true"),
            "false" => new LiteralSyntax(start, end, HoconKind.Boolean, "false"),
            "null" => new LiteralSyntax(start, end, HoconKind.Null, "null"),
            _ => new LiteralSyntax(start, end, Characters.IsNumber(text) ? HoconKind.Number : HoconKind.String, text.ToString()),
        };
    }

    private int EndOfWord(int start)
    {
        var at = start;
        while (true)
        {
            at = Characters.Find(_text, at, Stops.Word);
            if (at == _text.Length)
            {
                return at;
            }

            var isInside = _text[at] switch
            {
                '/' => !IsComment(at),
                // The '+' of an exponent is the one reserved character that a number may hold.
                '+' => at > start && at + 1 < _text.Length && _text[at - 1] is 'e' or 'E'
                    && char.IsAsciiDigit(_text[at + 1]) && Characters.IsNumber(_text.AsSpan(start, at - 1 - start)),
                _ => false,
            };
            if (!isInside)
            {
                return at;
            }

            at++;
        }
    }

    private SubstitutionSyntax ParseSubstitution()
    {
        var start = _at;
        if (start + 1 >= _text.Length || _text[start + 1] != '{')
        {
            throw Error(start, "'$' begins a substitution and needs a '{' directly behind it; put the string in quotes to mean a '$'");
        }

        _at += 2;
        var isOptional = Here == '?';
        _at += isOptional ? 1 : 0;
        var path = ParsePathExpression("the path of a substitution");
        SkipSpace();
        var isList = _at + 1 < _text.Length && _text[_at] == '[' && _text[_at + 1] == ']';
        _at += isList ? 2 : 0;
        SkipSpace();
        if (Here != '}')
        {
            throw Error(_at, $"expected '}}' at the end of the substitution of {path}, found {ShowHere()}");
        }

        _at++;
        return new SubstitutionSyntax(start, _at, path, isOptional, isList);
    }
}
