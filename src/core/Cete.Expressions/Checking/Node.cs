using System.Text.RegularExpressions;
using Cete.Expressions.Syntax;

namespace Cete.Expressions.Checking;

/// <summary>A checked part of an expression: the one tree that is evaluated and becomes SQL.</summary>
internal abstract record Node(int At, ExpressionType Type);

internal sealed record ConstantNode(int At, ExpressionType Type, Value Value) : Node(At, Type);

/// <summary>A variable that is one value.</summary>
internal sealed record VariableNode(int At, ExpressionType Type, string Name) : Node(At, Type);

/// <summary>A field of a variable that has fields.</summary>
internal sealed record FieldNode(int At, ExpressionType Type, string Variable, RecordType Record, string Field) : Node(At, Type);

/// <summary>A field of the record that a relation points to.</summary>
internal sealed record FollowNode(int At, ExpressionType Type, Node Id, RecordType Record, string Field) : Node(At, Type);

internal sealed record NotNode(int At, Node Operand) : Node(At, ExpressionType.Bool);

internal sealed record NegateNode(int At, Node Operand) : Node(At, Operand.Type);

/// <summary>An int as a decimal.</summary>
internal sealed record PromoteNode(Node Operand) : Node(Operand.At, ExpressionType.Decimal);

/// <summary>Addition and the like.</summary>
internal sealed record ArithmeticNode(int At, ExpressionType Type, Operator Operator, Node Left, Node Right) : Node(At, Type);

/// <summary>What compares, `in` too.</summary>
internal sealed record CompareNode(int At, Operator Operator, Node Left, Node Right) : Node(At, ExpressionType.Bool);

internal sealed record LogicNode(int At, bool IsAnd, IReadOnlyList<Node> Operands) : Node(At, ExpressionType.Bool);

internal sealed record ChoiceNode(int At, ExpressionType Type, Node Condition, Node Then, Node Else) : Node(At, Type);

internal sealed record ListNode(int At, ExpressionType Type, IReadOnlyList<Node> Items) : Node(At, Type);

internal sealed record CallNode(int At, ExpressionType Type, Function Function, IReadOnlyList<Node> Arguments, Regex? Pattern = null) : Node(At, Type);

/// <summary>exists() or all() over the items of a list.</summary>
internal sealed record ListMacroNode(int At, bool IsAll, Node List, string Variable, Node Condition) : Node(At, ExpressionType.Bool);

/// <summary>A macro over a collection.</summary>
internal sealed record MacroNode(int At, CollectionMacro Macro) : Node(At, Macro.Type);

/// <summary>What calls do, once types have told which one is meant.</summary>
internal enum Function
{
    Has,
    SizeOfText,
    SizeOfList,
    Contains,
    StartsWith,
    EndsWith,
    Matches,
    LowerAscii,
    UpperAscii,
    Trim,
    ToInt,
    ToDecimal,
    ToText,
    DayOf,
    Year,
    Month,
    DayOfMonth,
    DayOfWeek,
    Hours,
    Minutes,
    Min,
    Max,
    Abs,
    Round,
}
