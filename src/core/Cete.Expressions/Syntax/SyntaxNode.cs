namespace Cete.Expressions.Syntax;

/// <summary>A part of a text, not yet checked. <paramref name="At"/> is where an error about it points.</summary>
internal abstract record SyntaxNode(int At);

internal sealed record LiteralSyntax(int At, Value Value, ExpressionType Type) : SyntaxNode(At);

internal sealed record NameSyntax(int At, string Name) : SyntaxNode(At);

internal sealed record MemberSyntax(int At, SyntaxNode Target, string Name) : SyntaxNode(At);

/// <summary>A call of a function, or of a method where there is a target.</summary>
internal sealed record CallSyntax(int At, SyntaxNode? Target, string Name, IReadOnlyList<SyntaxNode> Arguments) : SyntaxNode(At);

internal sealed record UnarySyntax(int At, bool IsNot, SyntaxNode Operand) : SyntaxNode(At);

internal sealed record BinarySyntax(int At, Operator Operator, SyntaxNode Left, SyntaxNode Right) : SyntaxNode(At);

/// <summary>A row of `&amp;&amp;` or of `||`: one node, so that a long row is not a deep tree.</summary>
internal sealed record LogicSyntax(int At, bool IsAnd, IReadOnlyList<SyntaxNode> Operands) : SyntaxNode(At);

internal sealed record ChoiceSyntax(int At, SyntaxNode Condition, SyntaxNode Then, SyntaxNode Else) : SyntaxNode(At);

internal sealed record ListSyntax(int At, IReadOnlyList<SyntaxNode> Items) : SyntaxNode(At);

/// <summary>Operators with two sides, but for those of <see cref="LogicSyntax"/>.</summary>
internal enum Operator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}
