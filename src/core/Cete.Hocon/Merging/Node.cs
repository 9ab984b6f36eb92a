namespace Cete.Hocon;

/// <summary>A value of the merged tree, not yet evaluated.</summary>
internal abstract class Node(HoconOrigin origin)
{
    public HoconOrigin Origin => origin;

    /// <summary>
    /// Whatever stands below it does not matter: it is no object, and the substitutions inside an array do not look back (section
    /// "Self-Referential Substitutions").
    /// </summary>
    public bool HidesEarlier => this is ScalarHead or ArrayHead or ArrayNode;
}

/// <summary>
/// A value whose kind is known: a scalar, an array whose elements are known, or an object whose keys are known while its fields are
/// not. That fields stay unevaluated is what lets <c>${bar.foo}</c> stand inside <c>bar</c>.
/// </summary>
internal abstract class Head(HoconOrigin origin) : Node(origin)
{
    /// <summary>The finished value, once it was asked for.</summary>
    public HoconValue? Finished { get; set; }

    public abstract HoconKind Kind { get; }
}

internal sealed class ScalarHead(HoconScalar scalar) : Head(scalar.Origin)
{
    public HoconScalar Scalar => scalar;

    public override HoconKind Kind => scalar.Kind;
}

internal sealed class ArrayHead(HoconOrigin origin, List<Head> elements) : Head(origin)
{
    public List<Head> Elements => elements;

    public override HoconKind Kind => HoconKind.Array;
}

internal sealed class ObjectHead(HoconOrigin origin) : Head(origin)
{
    public OrderedDictionary<string, Slot> Fields { get; } = new(StringComparer.Ordinal);

    public override HoconKind Kind => HoconKind.Object;

    /// <summary>Set while its fields are being finished: meeting it again means that it contains itself.</summary>
    public bool IsFinishing { get; set; }
}

internal sealed class ArrayNode(HoconOrigin origin, List<Node> elements) : Node(origin)
{
    public List<Node> Elements => elements;
}

/// <summary>Pieces in a row; null stands for whitespace, whose text is in <see cref="Spaces"/>.</summary>
internal sealed class ConcatenationNode(HoconOrigin origin, List<Node> pieces, List<string?> spaces) : Node(origin)
{
    public List<Node> Pieces => pieces;

    /// <summary>At the index of a piece: its text if the piece is unquoted whitespace, else null.</summary>
    public List<string?> Spaces => spaces;
}

internal sealed class SubstitutionNode(HoconOrigin origin, SubstitutionSyntax syntax, HoconPath[] prefixes) : Node(origin)
{
    public SubstitutionSyntax Syntax => syntax;

    /// <summary>Where the including objects sit, the innermost first: the path is looked up behind each, then alone.</summary>
    public HoconPath[] Prefixes => prefixes;
}

/// <summary>The right side of <c>+=</c>.</summary>
internal sealed class AppendNode(HoconOrigin origin, Node element) : Node(origin)
{
    public Node Element => element;
}

/// <summary>Another field's value, as a layer of a field that merges two objects made.</summary>
internal sealed class FieldNode(HoconOrigin origin, Slot slot) : Node(origin)
{
    public Slot Slot => slot;
}
