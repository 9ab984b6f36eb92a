namespace Cete.Hocon;

/// <summary>Objects: fields, their separators, and how the parser goes on after an error in one of them.</summary>
internal sealed partial class Parser
{
    private ObjectSyntax ParseObject()
    {
        var start = _at++;
        Enter(start);
        var parsed = ParseMembers(start, hasBraces: true);
        _depth--;
        return parsed;
    }

    private ObjectSyntax ParseMembers(int start, bool hasBraces)
    {
        var members = new List<MemberSyntax>();
        var separated = true;
        if (hasBraces)
        {
            SkipTrivia(atLineStart: false);
        }

        // Here, and after each member, all trivia is behind and the comment block above what follows is known.
        while (true)
        {
            if (AtEnd || Here == '}')
            {
                CloseObject(start, hasBraces);
                if (hasBraces || AtEnd)
                {
                    return new ObjectSyntax(start, _at, members, hasBraces);
                }

                SkipTrivia(atLineStart: false);
                continue;
            }

            if (!separated)
            {
                Report(Error(_at, $"expected a comma or a new line before {ShowHere()}"));
            }

            if (ParseMemberOrRecover() is { } member)
            {
                members.Add(member);
                separated = ParseComma(out var comma);
                member.Comma = comma;
            }
            else
            {
                separated = ParseComma(out _) || AtEnd || Here == '\n';
            }
        }
    }

    private void CloseObject(int start, bool hasBraces)
    {
        if (AtEnd)
        {
            if (hasBraces)
            {
                Report(Error(start, "this '{' is never closed; add a '}'"));
            }
        }
        else
        {
            if (!hasBraces)
            {
                Report(Error(_at, "this '}' closes nothing; remove it or add the '{' that it belongs to"));
            }

            _at++;
        }
    }

    private MemberSyntax? ParseMemberOrRecover()
    {
        var (depth, comment) = (_depth, _commentStart);
        try
        {
            MemberSyntax member = IsInclude() ? ParseInclude() : ParseField();
            member.CommentStart = comment;
            return member;
        }
        catch (HoconException error)
        {
            Report(error);
            _depth = depth;
            while (!AtEnd && Here is not ('\n' or ',' or '}'))
            {
                _at++;
            }

            return null;
        }
    }

    // Skips the trivia behind a member or element and its comma, if there is one; false when nothing separates it from what follows.
    private bool ParseComma(out int comma)
    {
        var separated = SkipTrivia(atLineStart: false);
        comma = -1;
        if (AtEnd || Here != ',')
        {
            return separated;
        }

        comma = _at++;
        SkipTrivia(atLineStart: false);
        if (!AtEnd && Here == ',')
        {
            Report(Error(_at, "two commas in a row; remove one"));
            _at = Math.Min(_at + 1, _text.Length);
            SkipTrivia(atLineStart: false);
        }

        return true;
    }

    private FieldSyntax ParseField()
    {
        var start = _at;
        var path = ParsePathExpression("a key");
        SkipTrivia(atLineStart: false);
        var append = false;
        var separator = Here == '{' ? -1 : _at;
        switch (Here)
        {
            case ':' or '=':
                _at++;
                break;
            case '+' when _at + 1 < _text.Length && _text[_at + 1] == '=':
                append = true;
                _at += 2;
                break;
            case '{':
                break;
            default:
                throw Error(_at, $"expected ':', '=', '+=' or '{{' after the key {path}, found {ShowHere()}");
        }

        SkipTrivia(atLineStart: false);
        var inner = path.Keys.Length - 1;
        Enter(start, inner);
        var value = ParseValue("a value");
        _depth -= inner;
        return new FieldSyntax(start, path, separator, append, value);
    }
}
