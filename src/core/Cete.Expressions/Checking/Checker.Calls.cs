using Cete.Expressions.Running;
using Cete.Expressions.Syntax;

namespace Cete.Expressions.Checking;

internal sealed partial class Checker
{
    private static readonly string[] Globals =
        ["size", "has", "int", "decimal", "string", "timestamp", "date", "duration", "min", "max", "abs", "round"];

    private static readonly string[] Methods =
    [
        "size", "contains", "startsWith", "endsWith", "matches", "lowerAscii", "upperAscii", "trim", "getFullYear", "getMonth", "getDayOfMonth",
        "getDayOfWeek", "getHours", "getMinutes", "exists", "all",
    ];

    private Node? CheckCall(CallSyntax call)
    {
        if (MacroOf(call) is { } macro)
        {
            return CheckMacro(macro);
        }

        if (call is { Name: "filter", Target: NameSyntax name } && scope.Collection(name.Name) is not null)
        {
            return Wrong(call.At, $"what filter() leaves can be counted only; write .size() behind it, or {name.Name}.count(x, CONDITION)");
        }

        return call.Target is null ? CheckGlobal(call) : CheckMethod(call);
    }

    private Node? CheckGlobal(CallSyntax call)
    {
        if (!Globals.Contains(call.Name))
        {
            return Wrong(call.At, $"there is no function '{call.Name}'{Similar.To(call.Name, Globals)}");
        }

        var wanted = call.Name is "min" or "max" ? 2 : 1;
        if (call.Arguments.Count != wanted)
        {
            return Wrong(call.At, FormattableString.Invariant($"{call.Name}() takes {wanted} in its parentheses, not {call.Arguments.Count}"));
        }

        var checkedOnes = call.Arguments.Select(Check).ToList();
        if (checkedOnes.Contains(null))
        {
            return null;
        }

        var argument = checkedOnes[0]!;
        return call.Name switch
        {
            "has" => argument is FieldNode or FollowNode
                ? new CallNode(call.At, ExpressionType.Bool, Function.Has, [argument])
                : Wrong(call.At, "has() needs a field, as has(record.title)"),
            "timestamp" => Constant(call, argument, ExpressionType.Timestamp, Conversions.ParseTimestamp, Value.OfTimestamp, "2026-11-23T10:00:00Z"),
            "duration" => Constant(call, argument, ExpressionType.Duration, Conversions.ParseDuration, Value.OfDuration, "1h30m"),
            "date" when argument.Type.Kind != ValueKind.Timestamp =>
                Constant(call, argument, ExpressionType.Date, Conversions.ParseDate, Value.OfDate, "2026-11-23"),
            "min" or "max" => CheckExtreme(call, argument, checkedOnes[1]!),
            _ => Typed(call, argument, GlobalOf(call.Name, argument.Type)),
        };
    }

    private static (Function Function, ExpressionType Type)? GlobalOf(string name, ExpressionType argument) => (name, argument.Kind) switch
    {
        ("size", ValueKind.Text) => (Function.SizeOfText, ExpressionType.Int),
        ("size", ValueKind.List) => (Function.SizeOfList, ExpressionType.Int),
        ("int", ValueKind.Int or ValueKind.Decimal or ValueKind.Text or ValueKind.Timestamp) => (Function.ToInt, ExpressionType.Int),
        ("decimal", ValueKind.Int or ValueKind.Decimal or ValueKind.Text) => (Function.ToDecimal, ExpressionType.Decimal),
        ("string", not (ValueKind.Null or ValueKind.List)) => (Function.ToText, ExpressionType.Text),
        ("date", ValueKind.Timestamp) => (Function.DayOf, ExpressionType.Date),
        ("abs", ValueKind.Int or ValueKind.Decimal or ValueKind.Duration) when argument.Record is null => (Function.Abs, argument),
        ("round", ValueKind.Decimal) => (Function.Round, ExpressionType.Int),
        _ => null,
    };

    private Node? CheckExtreme(CallSyntax call, Node left, Node right)
    {
        var type = ExpressionType.Common(left.Type, right.Type);
        var hasOrder = type is { Record: null, Kind: not (ValueKind.Null or ValueKind.Bool or ValueKind.List) };
        return hasOrder && As(left, type!) is { } first && As(right, type!) is { } second
            ? new CallNode(call.At, type!, call.Name == "min" ? Function.Min : Function.Max, [first, second])
            : Wrong(call.At, $"{call.Name}() needs two values of one type that has an order; they are {left.Type.WithArticle} and {right.Type.WithArticle}");
    }

    private Node? CheckMethod(CallSyntax call)
    {
        if (call.Name is "exists" or "all")
        {
            return CheckListMacro(call);
        }

        if (Check(call.Target!) is not { } target)
        {
            return null;
        }

        if (!Methods.Contains(call.Name))
        {
            return Wrong(call.At, $"there is no '{call.Name}()' of {target.Type.WithArticle}{Similar.To(call.Name, Methods)}");
        }

        var wanted = call.Name is "contains" or "startsWith" or "endsWith" or "matches" ? 1 : 0;
        if (call.Arguments.Count != wanted)
        {
            return Wrong(call.At, FormattableString.Invariant($"{call.Name}() takes {wanted} in its parentheses, not {call.Arguments.Count}"));
        }

        if (wanted == 0)
        {
            return Typed(call, target, MethodOf(call.Name, target.Type));
        }

        if (Check(call.Arguments[0]) is not { } argument)
        {
            return null;
        }

        if (target.Type.Kind != ValueKind.Text || argument.Type.Kind != ValueKind.Text)
        {
            var are = $"{target.Type.WithArticle} and {argument.Type.WithArticle}";
            return Wrong(call.At, $"{call.Name}() needs a text before it and in its parentheses; they are {are}");
        }

        var function = call.Name switch
        {
            "contains" => Function.Contains,
            "startsWith" => Function.StartsWith,
            "endsWith" => Function.EndsWith,
            _ => Function.Matches,
        };
        return function == Function.Matches
            ? CheckMatches(call, target, argument)
            : new CallNode(call.At, ExpressionType.Bool, function, [target, argument]);
    }

    private static (Function Function, ExpressionType Type)? MethodOf(string name, ExpressionType target) => (name, target.Kind) switch
    {
        ("size", ValueKind.Text) => (Function.SizeOfText, ExpressionType.Int),
        ("size", ValueKind.List) => (Function.SizeOfList, ExpressionType.Int),
        ("lowerAscii", ValueKind.Text) => (Function.LowerAscii, ExpressionType.Text),
        ("upperAscii", ValueKind.Text) => (Function.UpperAscii, ExpressionType.Text),
        ("trim", ValueKind.Text) => (Function.Trim, ExpressionType.Text),
        ("getFullYear", ValueKind.Timestamp or ValueKind.Date) => (Function.Year, ExpressionType.Int),
        ("getMonth", ValueKind.Timestamp or ValueKind.Date) => (Function.Month, ExpressionType.Int),
        ("getDayOfMonth", ValueKind.Timestamp or ValueKind.Date) => (Function.DayOfMonth, ExpressionType.Int),
        ("getDayOfWeek", ValueKind.Timestamp or ValueKind.Date) => (Function.DayOfWeek, ExpressionType.Int),
        ("getHours", ValueKind.Timestamp) => (Function.Hours, ExpressionType.Int),
        ("getMinutes", ValueKind.Timestamp) => (Function.Minutes, ExpressionType.Int),
        _ => null,
    };

    private Node? CheckMatches(CallSyntax call, Node target, Node argument)
    {
        if (argument is not ConstantNode { Value: var pattern })
        {
            return Wrong(argument.At, "the pattern of matches() must be written here, so that it can be checked now");
        }

        return Patterns.TryMake(pattern.AsText, out var regex, out var fault)
            ? new CallNode(call.At, ExpressionType.Bool, Function.Matches, [target], regex)
            : Wrong(argument.At, fault);
    }

    private Node? Constant(CallSyntax call, Node argument, ExpressionType type, Func<string, long?> parse, Func<long, Value> make, string example)
    {
        if (argument is not ConstantNode { Value.Kind: ValueKind.Text } constant)
        {
            return Wrong(argument.At, $"{call.Name}() needs a text that is written here, as {call.Name}(\"{example}\")");
        }

        return parse(constant.Value.AsText) is { } number
            ? new ConstantNode(call.At, type, make(number))
            : Wrong(argument.At, $"this is no {type}; write it as {call.Name}(\"{example}\")");
    }

    private Node? Typed(CallSyntax call, Node argument, (Function Function, ExpressionType Type)? found) => found is { } function
        ? new CallNode(call.At, function.Type, function.Function, [argument])
        : Wrong(call.At, $"there is no {call.Name}() of {argument.Type.WithArticle}");
}
