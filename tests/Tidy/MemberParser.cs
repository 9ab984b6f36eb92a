using System.Text.RegularExpressions;

namespace Cete.Tidy.Tests;

/// <summary>
/// Finds declarations by matching brackets: types, their members, accessors, and lambdas with a block that stand outside functions.
/// What stands inside a function is part of it. Works on text whose comments, literals and directives are blank: both branches of a
/// condition are read, so each must close the brackets it opens.
/// </summary>
internal sealed class MemberParser
{
    private static readonly Regex TokenShape = new(@"@?[\p{L}_]\w*|\d[\w.]*|=>|[=!<>+\-*/%&|^?]+=|\S", RegexOptions.CultureInvariant);
    private static readonly HashSet<string> NoModifiers = [];

    private readonly List<Match> _tokens;
    private readonly List<Member> _found = [];
    private int _at;

    private MemberParser(string code) => _tokens = [.. TokenShape.Matches(code).Cast<Match>()];

    private sealed record Owner(string Keyword, string Name, bool IsPublic);

    /// <summary>In the order of their beginnings.</summary>
    public static IReadOnlyList<Member> Parse(string code)
    {
        var parser = new MemberParser(code);
        while (parser._at < parser._tokens.Count)
        {
            parser.Body(new Owner("namespace", string.Empty, IsPublic: true));
            parser._at++;
        }

        return [.. parser._found.OrderBy(member => member.Start)];
    }

    private void Body(Owner owner)
    {
        while (_at < _tokens.Count && Word(_at) != "}")
        {
            Declaration(owner);
        }
    }

    private void Declaration(Owner owner)
    {
        var start = _at;
        var head = AfterAttributes(start);
        var stop = Seek(head, "; { } = =>");
        var header = new MemberHeader(_tokens[head..stop].Select(token => token.Value), owner.Name);
        var isOpen = Word(stop) == "{";
        if (isOpen && header.Kind is MemberKind.Type or MemberKind.Namespace)
        {
            Container(owner, header, start, stop);
            return;
        }

        var isValue = header.Kind is MemberKind.Field or MemberKind.Property or MemberKind.Event;
        var isFunction = Word(stop) == "=>" || (isOpen && !isValue && header.Kind != MemberKind.Statement);
        if (isOpen && isValue)
        {
            Accessors(header.Name, stop);
        }

        _at = Math.Max(AfterDeclaration(stop), start + 1);
        var kind = header.Kind == MemberKind.Field && (isFunction || isOpen) ? MemberKind.Property : header.Kind;
        Add(kind, header.Name, header.Modifiers, start, _at - 1, IsPublic(header, owner), isFunction);
        if (!isFunction)
        {
            Lambdas(head, _at);
        }
    }

    private void Container(Owner owner, MemberHeader header, int start, int open)
    {
        var end = Close(open);
        var isPublic = IsPublic(header, owner);
        Add(header.Kind, header.Name, header.Modifiers, start, end, isPublic, isFunction: false);
        if (header.Keyword != "enum")
        {
            _at = open + 1;
            Body(new Owner(header.Keyword, header.Name, isPublic));
        }

        _at = Word(end + 1) == ";" ? end + 2 : end + 1;
    }

    private void Accessors(string owner, int open)
    {
        var end = Close(open);
        for (var i = open + 1; i < end; i++)
        {
            var start = i;
            var stop = Seek(i, "; { } =>");
            i = Word(stop) switch { "{" => Close(stop), "=>" => Seek(stop, ";"), _ => stop };
            if (i > stop)
            {
                Add(MemberKind.Accessor, $"{owner}.{Word(stop - 1)}", NoModifiers, start, i, isPublic: false, isFunction: true);
            }
        }
    }

    private void Lambdas(int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (Word(i) == "=>" && Word(i + 1) == "{")
            {
                var end = Close(i + 1);
                Add(MemberKind.Lambda, "lambda", NoModifiers, i, end, isPublic: false, isFunction: true);
                i = end;
            }
        }
    }

    /// <summary>A block ends a declaration unless an initialiser follows it; all else ends with a semicolon.</summary>
    private int AfterDeclaration(int stop)
    {
        var at = Word(stop) == "{" ? Close(stop) + 1 : stop;
        return Word(at) is "=" or "=>" ? Seek(at, ";") + 1 : Word(at) == ";" ? at + 1 : at;
    }

    private int AfterAttributes(int at)
    {
        while (Word(at) == "[")
        {
            at = Close(at) + 1;
        }

        return Math.Min(at, _tokens.Count);
    }

    /// <summary>The first of the marks that stands in no bracket, or the end.</summary>
    private int Seek(int from, string marks)
    {
        var wanted = marks.Split(' ');
        for (int i = from, depth = 0; i < _tokens.Count; i++)
        {
            if (depth == 0 && wanted.Contains(Word(i)))
            {
                return i;
            }

            depth += Depth(i);
            if (depth < 0)
            {
                return i;
            }
        }

        return _tokens.Count;
    }

    /// <summary>The bracket that closes the one at <paramref name="open"/>, or the end.</summary>
    private int Close(int open)
    {
        for (int i = open, depth = 0; i < _tokens.Count; i++)
        {
            depth += Depth(i);
            if (depth == 0)
            {
                return i;
            }
        }

        return _tokens.Count;
    }

    private int Depth(int at) => Word(at) is "(" or "[" or "{" ? 1 : Word(at) is ")" or "]" or "}" ? -1 : 0;

    private string Word(int at) => at < _tokens.Count ? _tokens[at].Value : string.Empty;

    private static bool IsPublic(MemberHeader header, Owner owner)
    {
        var isOpenByDefault = header.Kind == MemberKind.Namespace || header.Keyword == "extension"
            || (owner.Keyword == "interface" && !header.Modifiers.Overlaps(["private", "protected", "internal"]));
        return owner.IsPublic && (isOpenByDefault || header.Modifiers.Contains("public"));
    }

    private void Add(
        MemberKind kind, string name, IReadOnlySet<string> modifiers, int start, int last, bool isPublic, bool isFunction)
    {
        var end = _tokens[Math.Min(last, _tokens.Count - 1)];
        var head = _tokens[Math.Min(AfterAttributes(start), _tokens.Count - 1)];
        _found.Add(new Member(kind, name, modifiers, _tokens[start].Index, head.Index, end.Index, isPublic, isFunction));
    }
}
