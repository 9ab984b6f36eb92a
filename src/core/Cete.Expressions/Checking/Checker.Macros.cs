using Cete.Expressions.Syntax;

namespace Cete.Expressions.Checking;

internal sealed partial class Checker
{
    private static readonly string[] CollectionMacros = ["exists", "all", "count", "filter", "sum", "min", "max"];

    /// <summary>The call of a macro on a collection's name. `X.filter(l, C).size()` and `size(X.filter(l, C))` are the same as `X.count(l, C)`.</summary>
    private CallSyntax? MacroOf(CallSyntax call)
    {
        var (target, isSize) = call switch
        {
            { Name: "size", Target: CallSyntax inner, Arguments.Count: 0 } => (inner, true),
            { Name: "size", Target: null, Arguments: [CallSyntax inner] } => (inner, true),
            _ => (call, false),
        };
        return target.Target is NameSyntax name && !_inner.ContainsKey(name.Name) && scope.Collection(name.Name) is not null
            && isSize == string.Equals(target.Name, "filter", StringComparison.Ordinal)
                ? target
                : null;
    }

    private Node? CheckMacro(CallSyntax call)
    {
        var (name, record) = (((NameSyntax)call.Target!).Name, scope.Collection(((NameSyntax)call.Target!).Name)!);
        var takesBody = call.Name is "sum" or "min" or "max";
        if (!CollectionMacros.Contains(call.Name))
        {
            return Wrong(call.At, $"there is no '{call.Name}()' of a collection{Similar.To(call.Name, CollectionMacros)}");
        }

        if (call.Arguments.Count != (takesBody ? 3 : 2) || call.Arguments[0] is not NameSyntax variable)
        {
            var parts = takesBody ? "x, NUMBER, CONDITION" : "x, CONDITION";
            return Wrong(call.At, $"{call.Name}() is written as {name}.{call.Name}({parts}), where x stands for each record");
        }

        if (++_macros > ExpressionLimits.CollectionMacrosMax)
        {
            return Wrong(call.At, FormattableString.Invariant($"more than {ExpressionLimits.CollectionMacrosMax} macros over collections in one expression"));
        }

        if (!Enter(variable, null, record))
        {
            return null;
        }

        var body = takesBody ? CheckBody(call) : null;
        var condition = CheckCondition(call.Arguments[^1], "the condition");
        _inner.Remove(variable.Name);
        if (condition is null || (takesBody && body is null))
        {
            return null;
        }

        var (kind, type) = call.Name switch
        {
            "exists" => (MacroKind.Exists, ExpressionType.Bool),
            "all" => (MacroKind.All, ExpressionType.Bool),
            "sum" => (MacroKind.Sum, body!.Type),
            "min" => (MacroKind.Min, body!.Type),
            "max" => (MacroKind.Max, body!.Type),
            _ => (MacroKind.Count, ExpressionType.Int),
        };
        return new MacroNode(call.At, new CollectionMacro(kind, name, record, variable.Name, condition, body, type));
    }

    private Node? CheckBody(CallSyntax call)
    {
        if (Check(call.Arguments[1]) is not { } body)
        {
            return null;
        }

        var canSum = body.Type.IsNumber || body.Type.Kind == ValueKind.Duration;
        var hasOrder = body.Type is { Record: null, Kind: not (ValueKind.Null or ValueKind.Bool or ValueKind.List) };
        return (call.Name == "sum" ? canSum : hasOrder) ? body : Wrong(call.Arguments[1].At, $"there is no {call.Name}() of {body.Type.WithArticle}");
    }

    private Node? CheckListMacro(CallSyntax call)
    {
        if (Check(call.Target!) is not { } list)
        {
            return null;
        }

        if (list.Type.Kind != ValueKind.List || list.Type.Element!.IsNull)
        {
            return Wrong(call.At, $"{call.Name}() needs a collection or a list with items before it, and this is {list.Type.WithArticle}");
        }

        if (call.Arguments.Count != 2 || call.Arguments[0] is not NameSyntax variable)
        {
            return Wrong(call.At, $"{call.Name}() is written as LIST.{call.Name}(x, CONDITION), where x stands for each item");
        }

        if (!Enter(variable, list.Type.Element, null))
        {
            return null;
        }

        var condition = CheckCondition(call.Arguments[1], "the condition");
        _inner.Remove(variable.Name);
        return condition is null ? null : new ListMacroNode(call.At, call.Name == "all", list, variable.Name, condition);
    }

    /// <summary>Makes the variable of a macro known; whoever calls takes it away again.</summary>
    private bool Enter(NameSyntax variable, ExpressionType? plain, RecordType? record)
    {
        if (_inner.ContainsKey(variable.Name) || scope.Knows(variable.Name))
        {
            Wrong(variable.At, $"'{variable.Name}' is already the name of something else; take another");
            return false;
        }

        if (_inner.Count == ExpressionLimits.MacroDepthMax)
        {
            Wrong(variable.At, "a macro within a macro within a macro; one within another is what there may be");
            return false;
        }

        _inner.Add(variable.Name, (plain, record));
        return true;
    }
}
