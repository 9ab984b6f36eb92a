using System.Runtime.CompilerServices;

namespace Cete.Hocon;

/// <summary>
/// Text to syntax in one pass, without a list of tokens. An error ends the member or element it is in; the parser then goes on behind
/// it, so that one reading shows as many errors as it can.
/// </summary>
internal sealed partial class Parser
{
    private readonly SourceText _source;
    private readonly string _text;
    private readonly HoconLimits _limits;
    private readonly List<HoconError> _errors = [];
    private int _at;
    private int _depth;
    private int _commentStart = -1;
    private bool _givenUp;

    private Parser(SourceText source, HoconLimits limits)
    {
        _source = source;
        _text = source.Text ?? string.Empty;
        _limits = limits;
    }

    /// <summary>The root of a text: an object or an array.</summary>
    /// <exception cref="HoconException">Everything that is wrong with it.</exception>
    public static ValueSyntax Parse(SourceText source, HoconLimits limits)
    {
        var parser = new Parser(source, limits);
        if (parser._text.Length > limits.InputCharsMax)
        {
            throw new HoconException(source.Error(0, $"the text is longer than {limits.InputCharsMax} characters; raise the bound"));
        }

        var root = parser.ParseRoot();
        return parser._errors.Count == 0 ? root : throw new HoconException(parser._errors);
    }

    /// <summary>A path expression that stands alone.</summary>
    /// <exception cref="HoconException">It is not one.</exception>
    public static HoconPath ParsePath(string text)
    {
        var parser = new Parser(new SourceText("(path)", text), HoconLimits.Default);
        var path = parser.ParsePathExpression("a path");
        parser.SkipSpace();
        return parser._at == text.Length ? path : throw parser.Error(parser._at, $"a path cannot hold {parser.ShowHere()}; quote the key");
    }

    private char Here => _at < _text.Length ? _text[_at] : '\0';

    private bool AtEnd => _at >= _text.Length;

    private ValueSyntax ParseRoot()
    {
        SkipTrivia(atLineStart: true);
        if (AtEnd || Here is not ('{' or '['))
        {
            return ParseMembers(_at, hasBraces: false);
        }

        // Comments above the brace belong to the file, not to the first field.
        _commentStart = -1;
        ValueSyntax root = Here == '{' ? ParseObject() : ParseArray();
        SkipTrivia(atLineStart: false);
        if (!AtEnd)
        {
            Report(Error(_at, $"{ShowHere()} follows the end of the root value; remove it, or what ends the root too early"));
        }

        return root;
    }

    private HoconException Error(int offset, string message) => new(_source.Error(offset, message));

    private void Report(HoconException error)
    {
        if (_givenUp)
        {
            return;
        }

        _errors.AddRange(error.Errors);
        if (_errors.Count >= _limits.ErrorsMax)
        {
            GiveUp();
        }
    }

    // The rest of the text is skipped, and what that leaves unclosed is not reported.
    private void GiveUp()
    {
        _givenUp = true;
        _at = _text.Length;
    }

    private void Enter(int offset, int levels = 1)
    {
        if (_depth + levels > _limits.Depth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            var error = Error(offset, $"nested deeper than {_limits.Depth} levels; flatten it");
            Report(error);
            GiveUp();
            throw error;
        }

        _depth += levels;
    }

    private string ShowHere() => AtEnd ? "the end of the text" : Characters.Show(Here);

    private void SkipSpace()
    {
        while (_at < _text.Length && Characters.IsInlineSpace(_text[_at]))
        {
            _at++;
        }
    }

    // Whitespace, newlines and comments. Remembers the comment block that directly precedes what follows.
    private bool SkipTrivia(bool atLineStart)
    {
        var text = _text;
        var newlines = atLineStart ? 1 : 0;
        var sawNewline = false;
        _commentStart = -1;
        while (_at < text.Length)
        {
            var c = text[_at];
            if (c == '\n')
            {
                sawNewline = true;
                _at++;
                if (++newlines > 1)
                {
                    _commentStart = -1;
                }
            }
            else if (c == ' ' || Characters.IsInlineSpace(c))
            {
                _at++;
            }
            else if (IsComment(_at))
            {
                if (newlines > 0 && _commentStart < 0)
                {
                    _commentStart = _at;
                }

                newlines = 0;
                var end = text.IndexOf('\n', _at);
                _at = end < 0 ? text.Length : end;
            }
            else
            {
                break;
            }
        }

        return sawNewline;
    }

    private bool IsComment(int at)
        => _text[at] == '#' || (_text[at] == '/' && at + 1 < _text.Length && _text[at + 1] == '/');
}
