using Cete.Expressions.Checking;
using Cete.Expressions.Syntax;

namespace Cete.Expressions.Sql;

/// <summary>What of a tree cannot become SQL. All that reads no row can: it is evaluated before.</summary>
internal static class SqlCheck
{
    /// <summary>Why an expression cannot; null when it can.</summary>
    public static (int At, string Message)? Why(Node root, string row) => IsOtherList(root.Type)
        ? (root.At, $"a {root.Type} is no value of a database; a list of text is")
        : Why(root, new HashSet<string>(StringComparer.Ordinal) { row });

    /// <summary>Why a macro by itself cannot; null when it can.</summary>
    public static (int At, string Message)? Why(CollectionMacro macro) => Why(new MacroNode(0, macro), new HashSet<string>(StringComparer.Ordinal));

    /// <summary>Whether the value of the node depends on rows that the database alone knows.</summary>
    public static bool ReadsRow(Node node, IReadOnlySet<string> rows) =>
        node is MacroNode || (node is FieldNode field && rows.Contains(field.Variable)) || node.Parts().Any(part => ReadsRow(part, rows));

    private static (int At, string Message)? Why(Node node, HashSet<string> rows)
    {
        if (!ReadsRow(node, rows))
        {
            return null;
        }

        if (node is MacroNode macro)
        {
            var inner = new HashSet<string>(rows, StringComparer.Ordinal) { macro.Macro.Variable };
            return node.Parts().Select(part => Why(part, inner)).FirstOrDefault(why => why is not null);
        }

        if (OwnFault(node) is { } fault)
        {
            return (node.At, fault);
        }

        // A list that is written out may stand behind `in`, and nowhere else.
        var parts = node is CompareNode { Operator: Operator.In, Right: ListNode list } compare ? list.Items.Prepend(compare.Left) : node.Parts();
        return parts.Select(part => Why(part, rows)).FirstOrDefault(why => why is not null);
    }

    private static string? OwnFault(Node node) => node switch
    {
        FieldNode or FollowNode or ChoiceNode when IsOtherList(node.Type) =>
            $"a {node.Type} that depends on a record cannot become SQL; a list of text can",
        ListNode => "a list of a record's fields can become SQL behind 'in' alone",
        ListMacroNode macro => $"{(macro.IsAll ? "all" : "exists")}() over a list that comes from a record, or looks at one, cannot become SQL; use 'in'",
        ArithmeticNode { Operator: Operator.Multiply or Operator.Divide, Left.Type.Kind: ValueKind.Decimal, Right.Type.Kind: ValueKind.Decimal } =>
            "decimals times or through decimals cannot become SQL, for want of digits; make one of them an int, or keep the result in a field",
        CallNode call when !IsSql(call) => $"{Said(call.Function)}() of a record's field cannot become SQL; keep its result in a field",
        _ => null,
    };

    /// <summary>A list that no column holds.</summary>
    private static bool IsOtherList(ExpressionType type) => type.Element is { Kind: not (ValueKind.Text or ValueKind.Null) };

    private static bool IsSql(CallNode call) => (call.Function, call.Arguments[0].Type.Kind) switch
    {
        (Function.Matches or Function.Year or Function.Month or Function.DayOfMonth or Function.DayOfWeek or Function.Hours or Function.Minutes, _) => false,
        (Function.ToInt or Function.ToDecimal, ValueKind.Text) => false,
        (Function.ToText, not (ValueKind.Int or ValueKind.Text)) => false,
        _ => true,
    };

    private static string Said(Function function) => function switch
    {
        Function.Matches => "matches",
        Function.Year => "getFullYear",
        Function.Month => "getMonth",
        Function.DayOfMonth => "getDayOfMonth",
        Function.DayOfWeek => "getDayOfWeek",
        Function.Hours => "getHours",
        Function.Minutes => "getMinutes",
        Function.ToInt => "int",
        Function.ToDecimal => "decimal",
        _ => "string",
    };
}
