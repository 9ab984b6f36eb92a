using System.Collections.Frozen;

namespace Cete.Tidy.Tests;

/// <summary>What a declaration says of itself before its body: modifiers, kind and name, told from its tokens alone.</summary>
internal sealed class MemberHeader
{
    private static readonly FrozenSet<string> AllModifiers = FrozenSet.Create(
        "public", "internal", "protected", "private", "file", "static", "sealed", "abstract", "partial", "readonly", "ref", "unsafe",
        "new", "virtual", "override", "async", "extern", "volatile", "const", "fixed", "required", "scoped", "implicit", "explicit");

    private static readonly FrozenSet<string> Statements = FrozenSet.Create(
        "if", "else", "for", "foreach", "while", "do", "switch", "try", "catch", "finally", "using", "lock", "return", "throw", "await",
        "yield", "goto", "break", "continue", "checked", "unchecked", "var", "this", "base");

    private readonly List<string> _words;

    public MemberHeader(IEnumerable<string> tokens, string owner)
    {
        var words = tokens.ToList();
        var modifiers = words.TakeWhile(AllModifiers.Contains).ToList();
        Modifiers = modifiers.ToHashSet(StringComparer.Ordinal);
        _words = words[modifiers.Count..];
        (Kind, Name) = Tell(owner);
    }

    public IReadOnlySet<string> Modifiers { get; }

    public MemberKind Kind { get; }

    public string Name { get; }

    /// <summary>What kind of type or block it opens: class, enum, namespace and so on.</summary>
    public string Keyword => First;

    private string First => _words.Count > 0 ? _words[0] : string.Empty;

    private (MemberKind Kind, string Name) Tell(string owner)
    {
        if (First.Length == 0 || Statements.Contains(First) || (First == "global" && Word(1) == "using"))
        {
            return (MemberKind.Statement, First);
        }

        switch (First)
        {
            case "namespace":
                return (MemberKind.Namespace, string.Concat(_words.Skip(1)));
            case "class" or "struct" or "interface" or "enum":
                return (MemberKind.Type, Word(1));
            case "record" when IsName(Word(1)):
                return (MemberKind.Type, Word(1) is "class" or "struct" ? Word(2) : Word(1));
            case "extension" when Word(1) is "(" or "<":
                return (MemberKind.Type, First);
            case "delegate" when Word(1) != "*":
                return (MemberKind.Type, MethodName());
            case "event":
                return (MemberKind.Event, _words.FindLast(IsName)!);
        }

        if (_words.Contains("operator"))
        {
            return (MemberKind.Operator, "operator " + Word(_words.IndexOf("operator") + 1));
        }

        var method = MethodName();
        if (method.Length > 0)
        {
            return (method == owner ? MemberKind.Constructor : MemberKind.Method, method);
        }

        return _words.Contains("this") ? (MemberKind.Property, "this") : (MemberKind.Field, _words.FindLast(IsName) ?? First);
    }

    /// <summary>The name before the parameters, or nothing. They follow a name or its type parameters; a tuple type does not.</summary>
    private string MethodName()
    {
        for (int i = 0, depth = 0; i < _words.Count; i++)
        {
            if (_words[i] == "(" && depth == 0 && i > 0 && (IsName(_words[i - 1]) || _words[i - 1] == ">"))
            {
                return NameBefore(i);
            }

            depth += _words[i] is "(" or "[" ? 1 : _words[i] is ")" or "]" ? -1 : 0;
        }

        return string.Empty;
    }

    private string NameBefore(int parenthesis)
    {
        var i = parenthesis - 1;
        for (var depth = 0; i > 0 && (depth > 0 || _words[i] == ">"); i--)
        {
            depth += _words[i] == ">" ? 1 : _words[i] == "<" ? -1 : 0;
        }

        return _words[i];
    }

    private string Word(int index) => index < _words.Count ? _words[index] : string.Empty;

    private static bool IsName(string word) => word.Length > 0 && (char.IsLetter(word[0]) || word[0] is '_' or '@');
}
