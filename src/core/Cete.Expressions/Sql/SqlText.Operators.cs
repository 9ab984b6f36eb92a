using Cete.Expressions.Checking;
using Cete.Expressions.Running;
using Cete.Expressions.Syntax;

namespace Cete.Expressions.Sql;

internal sealed partial class SqlText
{
    /// <summary>What trim() takes away.</summary>
    private const string Spaces = " \t\n\v\f\r";

    /// <summary>One side of a comparison.</summary>
    private readonly record struct Side(string Sql, bool IsPresent);

    private string Equal(CompareNode node)
    {
        var isNot = node.Operator == Operator.NotEqual;
        return Equal(SideOf(node.Left, node.Right.Type), SideOf(node.Right, node.Left.Type), isNot);
    }

    private string Equal(Side left, Side right, bool isNot)
    {
        if (left.Sql == "NULL" || right.Sql == "NULL")
        {
            return $"{(left.Sql == "NULL" ? right.Sql : left.Sql)} {(isNot ? "IS NOT" : "IS")} NULL";
        }

        // Of two that may be null `=` alone would say null; of one it says null where the evaluator says false.
        var isPlain = isNot ? left.IsPresent && right.IsPresent : left.IsPresent || right.IsPresent;
        return isPlain ? $"{left.Sql} {(isNot ? "<>" : "=")} {right.Sql}" : _dialect.Same(left.Sql, right.Sql, isNot);
    }

    private string Order(CompareNode node)
    {
        var (left, right) = (SideOf(node.Left, node.Right.Type).Sql, SideOf(node.Right, node.Left.Type).Sql);
        var sign = node.Operator switch
        {
            Operator.Less => "<",
            Operator.LessOrEqual => "<=",
            Operator.Greater => ">",
            _ => ">=",
        };
        return $"{(node.Left.Type.Kind == ValueKind.Text ? _dialect.Ordered(left) : left)} {sign} {right}";
    }

    /// <summary>A side as it is compared with one of the other type: an int beside a decimal is counted in millionths.</summary>
    private Side SideOf(Node node, ExpressionType other)
    {
        var sql = ValueOf(node);
        return new(other.Kind == ValueKind.Decimal && node.Type.Kind == ValueKind.Int && sql != "NULL" ? _dialect.Millionths(sql) : sql, IsPresent(node));
    }

    private string In(CompareNode node)
    {
        if (!ReadsRow(node.Right))
        {
            return InKnown(node.Left, Evaluator.Run(node.Right, known).AsList);
        }

        if (node.Right is ListNode list)
        {
            var items = list.Items;
            var type = node.Right.Type.Element!;
            var needle = SideOf(node.Left, type);
            var found = OnceOf(needle.Sql, v => Either(items.Select(item => Equal(needle with { Sql = v }, SideOf(item, node.Left.Type), isNot: false))));
            return $"{found} = 1";
        }

        var column = ValueOf(node.Right);
        if (ReadsRow(node.Left))
        {
            var mark = writer.Parameter(TextRules.Separator);
            var item = $"coalesce({ValueOf(node.Left)}, {writer.Parameter(TextRules.NullItem)})";
            return $"{_dialect.Position(column, $"({mark} || {item} || {mark})")} > 0";
        }

        var text = Evaluator.Run(node.Left, known);
        var marked = TextRules.Separator + (text.IsNull ? TextRules.NullItem : text.AsText) + TextRules.Separator;
        return $"{_dialect.Position(column, writer.Parameter(marked))} > 0";
    }

    private string InKnown(Node needle, IReadOnlyList<Value> items)
    {
        var stored = items.Where(item => !item.IsNull).Select(item => AsKind(item, needle.Type.Kind)).Where(item => !item.IsNull).Distinct().ToList();
        var hasNull = items.Any(item => item.IsNull);
        if (stored.Count == 0)
        {
            return hasNull ? $"{ValueOf(needle)} IS NULL" : Never;
        }

        var names = string.Join(", ", stored.Select(item => writer.Parameter(item.ToStored())));
        return hasNull
            ? $"{OnceOf(ValueOf(needle), v => Either([$"{v} IS NULL", $"{v} IN ({names})"]))} = 1"
            : $"{ValueOf(needle)} IN ({names})";
    }

    /// <summary>The same number as an int or a decimal, as the other side is; null when there is none.</summary>
    private static Value AsKind(Value item, ValueKind kind) => (item.Kind, kind) switch
    {
        (ValueKind.Int, ValueKind.Decimal) => Arithmetic.Promote(item),
        (ValueKind.Decimal, ValueKind.Int) => item.Number % ExpressionLimits.Million == 0 ? Value.Of(item.Number / ExpressionLimits.Million) : Value.Null,
        _ => item,
    };

    private static string Either(IEnumerable<string> conditions) => $"CASE WHEN {string.Join(" OR ", conditions.Select(Enclosed))} THEN 1 ELSE 0 END";

    private string Calculate(ArithmeticNode node)
    {
        var (left, right) = (Of(node.Left), Of(node.Right));
        return node switch
        {
            { Type.Kind: ValueKind.Text } => $"({left} || {right})",
            { Operator: Operator.Divide } => _dialect.Quotient(left, right),
            { Operator: Operator.Remainder } => _dialect.Remainder(left, right, OnceOf),
            { Operator: Operator.Add } => _dialect.Calculate(left, "+", right, OnceOf),
            { Operator: Operator.Subtract } => _dialect.Calculate(left, "-", right, OnceOf),
            _ => _dialect.Calculate(left, "*", right, OnceOf),
        };
    }

    private string TextCondition(CallNode call)
    {
        var (text, part) = (ValueOf(call.Arguments[0]), ValueOf(call.Arguments[1]));
        return call.Function switch
        {
            Function.Contains => $"{_dialect.Position(text, part)} > 0",
            Function.StartsWith => $"{_dialect.Position(text, part)} = 1",
            _ => _dialect.EndsWith(text, part, OnceOf),
        };
    }

    private string Call(CallNode call)
    {
        var first = ValueOf(call.Arguments[0]);
        var kind = call.Arguments[0].Type.Kind;
        return call.Function switch
        {
            Function.SizeOfText => $"length({first})",
            Function.SizeOfList => SizeOfList(first),
            Function.LowerAscii => _dialect.Lower(first),
            Function.UpperAscii => _dialect.Upper(first),
            Function.Trim => _dialect.Trim(first, writer.Parameter(Spaces)),
            Function.Min or Function.Max => _dialect.Extreme(call.Function == Function.Min, first, ValueOf(call.Arguments[1]), kind == ValueKind.Text, OnceOf),
            Function.Abs => OnceOf(first, v => $"CASE WHEN {v} < 0 THEN {_dialect.Calculate("0", "-", v, OnceOf)} ELSE {v} END"),
            Function.Round => OnceOf(first, v => $"{v} / 1000000 + CASE WHEN {v} % 1000000 >= 500000 THEN 1 WHEN {v} % 1000000 <= -500000 THEN -1 ELSE 0 END"),
            Function.ToInt when kind == ValueKind.Decimal => $"({first} / 1000000)",
            Function.ToInt when kind == ValueKind.Timestamp => FloorDivide(first, "1000000"),
            Function.DayOf => FloorDivide(first, "86400000000"),
            Function.ToDecimal when kind == ValueKind.Int => _dialect.Calculate(first, "*", "1000000", OnceOf),
            Function.ToText when kind == ValueKind.Int => $"CAST({first} AS TEXT)",
            _ => first,
        };
    }

    private string SizeOfList(string column)
    {
        var mark = writer.Parameter(TextRules.Separator);
        return OnceOf(column, v => $"CASE WHEN {v} = '' THEN 0 ELSE length({v}) - length(replace({v}, {mark}, '')) - 1 END");
    }

    private string FloorDivide(string number, string by) =>
        OnceOf(number, v => $"{v} / {by} - CASE WHEN {v} % {by} < 0 THEN 1 ELSE 0 END");
}
