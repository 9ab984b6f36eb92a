namespace Cete.Hocon;

/// <summary><c>{ ... }</c>, or the whole text when the root braces are left out.</summary>
internal sealed class ObjectSyntax(int start, int end, List<MemberSyntax> members, bool hasBraces) : ValueSyntax(start, end)
{
    public IReadOnlyList<MemberSyntax> Members => members;

    public bool HasBraces => hasBraces;
}

/// <summary>A field or an include. <see cref="End"/> is before its comma and its trailing comment.</summary>
internal abstract class MemberSyntax(int start, int end)
{
    public int Start => start;

    public int End => end;

    /// <summary>Where the comment block directly above begins, or -1.</summary>
    public int CommentStart { get; set; } = -1;

    /// <summary>The comma that follows, or -1.</summary>
    public int Comma { get; set; } = -1;
}

/// <summary><c>path : value</c>, or <c>path += value</c> when <see cref="Append"/>.</summary>
internal sealed class FieldSyntax(int start, HoconPath path, int separator, bool append, ValueSyntax value) : MemberSyntax(start, value.End)
{
    /// <summary>Where the <c>:</c>, <c>=</c> or <c>+=</c> is, or -1 when an object follows without one.</summary>
    public int Separator => separator;

    public HoconPath Path => path;

    public bool Append => append;

    public ValueSyntax Value => value;
}

/// <summary><c>include "name"</c> and its other forms.</summary>
internal sealed class IncludeSyntax(int start, int end, IncludeKind kind, string name, bool isRequired) : MemberSyntax(start, end)
{
    public IncludeKind Kind => kind;

    public string Name => name;

    public bool IsRequired => isRequired;
}
