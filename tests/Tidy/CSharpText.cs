namespace Cete.Tidy.Tests;

internal enum TextKind : byte
{
    Code,
    Comment,

    /// <summary>Strings and characters with their quotes, and the braces of a hole in an interpolated string; the hole is code.</summary>
    Literal,

    /// <summary>A line that begins with a hash sign, up to its comment.</summary>
    Directive,
}

/// <summary>A C# source, each character sorted into code, comment, literal or directive, so that a rule sees its own only.</summary>
internal sealed class CSharpText
{
    private readonly TextKind[] _kinds;
    private readonly List<int> _lineStarts = [0];
    private readonly Lazy<IReadOnlyList<Member>> _members;

    public CSharpText(string raw)
    {
        Raw = raw;
        _kinds = CSharpLexer.Sort(raw);
        Code = View(TextKind.Code);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] == '\n')
            {
                _lineStarts.Add(i + 1);
            }
        }

        _members = new(() => MemberParser.Parse(Code));
    }

    public string Raw { get; }

    /// <summary>As long as <see cref="Raw"/>, with blanks for all that is not code; line ends stay.</summary>
    public string Code { get; }

    public IReadOnlyList<Member> Members => _members.Value;

    public string View(TextKind kind) => string.Create(Raw.Length, this, (view, text) =>
    {
        for (var i = 0; i < view.Length; i++)
        {
            view[i] = text._kinds[i] == kind || text.Raw[i] is '\n' or '\r' ? text.Raw[i] : ' ';
        }
    });

    /// <summary>Counted from one.</summary>
    public int LineOf(int position)
    {
        var found = _lineStarts.BinarySearch(position);
        return found >= 0 ? found + 1 : ~found;
    }
}
