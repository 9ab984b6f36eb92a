namespace Cete.Hocon;

/// <summary>A value as written: the text from <see cref="Start"/> to below <see cref="End"/>.</summary>
internal abstract class ValueSyntax(int start, int end)
{
    public int Start => start;

    public int End => end;
}

/// <summary>A quoted, multi-line or unquoted string, a number, a boolean or null.</summary>
internal sealed class LiteralSyntax(int start, int end, HoconKind kind, string text, bool isSpace = false) : ValueSyntax(start, end)
{
    public HoconKind Kind => kind;

    public string Text => text;

    /// <summary>Unquoted whitespace between two other pieces of a concatenation.</summary>
    public bool IsSpace => isSpace;
}

/// <summary><c>${path}</c>, <c>${?path}</c>, <c>${path[]}</c>.</summary>
internal sealed class SubstitutionSyntax(int start, int end, HoconPath path, bool isOptional, bool isList) : ValueSyntax(start, end)
{
    public HoconPath Path => path;

    public bool IsOptional => isOptional;

    public bool IsList => isList;
}

/// <summary>Two or more values in a row, with the whitespace between them as literals.</summary>
internal sealed class ConcatenationSyntax(List<ValueSyntax> pieces) : ValueSyntax(pieces[0].Start, pieces[^1].End)
{
    public IReadOnlyList<ValueSyntax> Pieces => pieces;
}

/// <summary><c>[ ... ]</c>.</summary>
internal sealed class ArraySyntax(int start, int end, List<ValueSyntax> elements) : ValueSyntax(start, end)
{
    public IReadOnlyList<ValueSyntax> Elements => elements;
}
