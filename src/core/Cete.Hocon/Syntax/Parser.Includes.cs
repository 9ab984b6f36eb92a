namespace Cete.Hocon;

/// <summary>Include statements (section "Include syntax").</summary>
internal sealed partial class Parser
{
    private const string Include = "include";

    // "include" is special only as the whole first word of a key.
    private bool IsInclude()
    {
        if (!_text.AsSpan(_at).StartsWith(Include))
        {
            return false;
        }

        var after = _at + Include.Length;
        return after == _text.Length || (_text[after] != '.' && EndOfPathWord(after) == after);
    }

    private IncludeSyntax ParseInclude()
    {
        var start = _at;
        _at += Include.Length;
        SkipTrivia(atLineStart: false);
        var isRequired = TakeWord("required");
        if (isRequired)
        {
            OpenParenthesis("required");
        }

        var kind = ParseIncludeKind();
        if (Here != '"')
        {
            throw Error(
                start,
                "'include' needs \"name\", file(\"name\"), classpath(\"name\") or required(...) behind it; quote a key of that name");
        }

        var name = ParseQuotedText();
        if (kind != IncludeKind.Any)
        {
            CloseParenthesis();
        }

        if (isRequired)
        {
            CloseParenthesis();
        }

        return new IncludeSyntax(start, _at, kind, name, isRequired);
    }

    private IncludeKind ParseIncludeKind()
    {
        if (TakeWord("file"))
        {
            OpenParenthesis("file");
            return IncludeKind.File;
        }

        if (TakeWord("classpath"))
        {
            OpenParenthesis("classpath");
            return IncludeKind.Classpath;
        }

        if (string.CompareOrdinal(_text, _at, "url(", 0, 4) == 0)
        {
            throw Error(_at, "url(...) is not supported: a configuration is not fetched over the network; include a local file");
        }

        return IncludeKind.Any;
    }

    private bool TakeWord(string word)
    {
        var after = _at + word.Length;
        if (string.CompareOrdinal(_text, _at, word, 0, word.Length) != 0 || after >= _text.Length || _text[after] != '(')
        {
            return false;
        }

        _at = after;
        return true;
    }

    private void OpenParenthesis(string word)
    {
        Core.Check.That(Here == '(', word);
        _at++;
        SkipSpace();
    }

    private void CloseParenthesis()
    {
        SkipSpace();
        if (Here != ')')
        {
            throw Error(_at, $"expected ')' at the end of the include, found {ShowHere()}");
        }

        _at++;
    }
}
