using Cete.Expressions.Syntax;

namespace Cete.Expressions.Checking;

/// <summary>
/// Syntax to checked nodes. A part that is wrong comes out as null, its error is told once, and the parts beside it are looked at all the same.
/// </summary>
internal sealed partial class Checker(string text, ExpressionScope scope)
{
    private readonly List<ExpressionError> _errors = [];
    private readonly Dictionary<string, (ExpressionType? Plain, RecordType? Record)> _inner = new(StringComparer.Ordinal);
    private int _macros;

    /// <summary>What is wrong, in the order of the text.</summary>
    public IReadOnlyList<ExpressionError> Errors => [.. _errors.OrderBy(error => error.Offset).Take(ExpressionLimits.ErrorsMax)];

    /// <summary>The whole expression, as a value of the expected type.</summary>
    public Node? CheckRoot(SyntaxNode root, ExpressionType? expected)
    {
        var node = Check(root);
        if (node is null || expected is null)
        {
            return node;
        }

        return As(node, expected) ?? Wrong(root.At, $"{expected.WithArticle} is needed here, and this is {node.Type.WithArticle}");
    }

    private Node? Check(SyntaxNode syntax) => syntax switch
    {
        LiteralSyntax literal => new ConstantNode(literal.At, literal.Type, literal.Value),
        NameSyntax name => CheckName(name),
        MemberSyntax member => CheckMember(member),
        UnarySyntax unary => CheckUnary(unary),
        BinarySyntax { Operator: <= Operator.In } compare => CheckCompare(compare),
        BinarySyntax sum => CheckArithmetic(sum),
        LogicSyntax logic => CheckLogic(logic),
        ChoiceSyntax choice => CheckChoice(choice),
        ListSyntax list => CheckList(list),
        CallSyntax call => CheckCall(call),
        _ => null,
    };

    private Node? CheckName(NameSyntax name)
    {
        if (PlainOf(name.Name) is { } plain)
        {
            return new VariableNode(name.At, plain, name.Name);
        }

        if (RecordOf(name.Name) is { } record)
        {
            var field = record.Fields.Count == 0 ? "id" : record.Fields[0];
            return Wrong(name.At, $"'{name.Name}' has fields and is no value itself; name one of them, as {name.Name}.{field}");
        }

        return scope.Collection(name.Name) is not null
            ? Wrong(name.At, $"'{name.Name}' is a collection; ask it with {name.Name}.exists(x, ...), all, count, sum, min or max")
            : Wrong(name.At, $"there is nothing called '{name.Name}' here{Similar.To(name.Name, Names)}");
    }

    private Node? CheckMember(MemberSyntax member)
    {
        if (member.Target is NameSyntax name && RecordOf(name.Name) is { } record)
        {
            return record.TryFind(member.Name, out var type)
                ? new FieldNode(member.At, type, name.Name, record, member.Name)
                : Wrong(member.At, $"there is no field '{member.Name}' in {record.Name}{Similar.To(member.Name, record.Fields)}");
        }

        if (Check(member.Target) is not { } target)
        {
            return null;
        }

        if (target.Type.Record is not { } related)
        {
            return Wrong(member.At, $"{target.Type.WithArticle} has no fields, so there is no '{member.Name}'");
        }

        if (target.All().Count(node => node is FollowNode) >= ExpressionLimits.HopsMax)
        {
            return Wrong(member.At, FormattableString.Invariant($"more than {ExpressionLimits.HopsMax} relations in a row; keep what is needed in the record"));
        }

        return related.TryFind(member.Name, out var found)
            ? new FollowNode(member.At, found, target, related, member.Name)
            : Wrong(member.At, $"there is no field '{member.Name}' in {related.Name}{Similar.To(member.Name, related.Fields)}");
    }

    private Node? CheckUnary(UnarySyntax unary)
    {
        if (unary.IsNot)
        {
            return CheckCondition(unary.Operand, "behind '!'") is { } condition ? new NotNode(unary.At, condition) : null;
        }

        if (Check(unary.Operand) is not { } operand)
        {
            return null;
        }

        return operand.Type.IsNumber || operand.Type.Kind == ValueKind.Duration
            ? new NegateNode(unary.At, operand)
            : Wrong(unary.At, $"'-' needs a number or a duration behind it, and this is {operand.Type.WithArticle}");
    }

    private Node? CheckLogic(LogicSyntax logic)
    {
        var sign = logic.IsAnd ? "beside '&&'" : "beside '||'";
        var operands = logic.Operands.Select(operand => CheckCondition(operand, sign)).ToList();
        return operands.Contains(null) ? null : new LogicNode(logic.At, logic.IsAnd, operands!);
    }

    private Node? CheckChoice(ChoiceSyntax choice)
    {
        var condition = CheckCondition(choice.Condition, "before '?'");
        var (then, otherwise) = (Check(choice.Then), Check(choice.Else));
        if (condition is null || then is null || otherwise is null)
        {
            return null;
        }

        return ExpressionType.Common(then.Type, otherwise.Type) is { } type && As(then, type) is { } first && As(otherwise, type) is { } second
            ? new ChoiceNode(choice.At, type, condition, first, second)
            : Wrong(choice.At, $"both sides of ':' must have one type; they are {then.Type.WithArticle} and {otherwise.Type.WithArticle}");
    }

    private Node? CheckList(ListSyntax list)
    {
        var items = list.Items.Select(Check).ToList();
        if (items.Contains(null))
        {
            return null;
        }

        var type = ExpressionType.Null;
        foreach (var item in items)
        {
            var common = ExpressionType.Common(type, item!.Type);
            if (common is null || item.Type.Kind == ValueKind.List)
            {
                var mixed = $"items of a list must have one type; here is {item.Type.WithArticle} among {type}s";
                return Wrong(item.At, common is null ? mixed : "a list cannot hold lists");
            }

            type = common;
        }

        var typed = items.Select(item => As(item!, type)).ToList();
        return typed.Contains(null) ? null : new ListNode(list.At, ExpressionType.ListOf(type), typed!);
    }

    /// <summary>A bool; null is one too.</summary>
    private Node? CheckCondition(SyntaxNode syntax, string where)
    {
        if (Check(syntax) is not { } node)
        {
            return null;
        }

        return node.Type.Kind is ValueKind.Bool or ValueKind.Null
            ? node
            : Wrong(syntax.At, $"{where} must be a bool, and this is {node.Type.WithArticle}; compare it");
    }

    /// <summary>The node as a value of that type: an int becomes a decimal, null becomes anything. Null when it is none.</summary>
    private static Node? As(Node node, ExpressionType type)
    {
        if (type.Kind == ValueKind.Decimal && node.Type.Kind == ValueKind.Int && node.Type.IsNumber)
        {
            return new PromoteNode(node);
        }

        if (node is ListNode list && type.Element is { Kind: not ValueKind.Null } element && list.Items.Select(item => As(item, element)).ToList() is var items)
        {
            return items.Contains(null) ? null : list with { Type = type, Items = items! };
        }

        return ExpressionType.Common(node.Type, type)?.Kind == type.Kind && (type.Element is null || IsAlike(node.Type, type)) ? node : null;
    }

    /// <summary>Lists are taken as they are: nobody turns their items into others.</summary>
    private static bool IsAlike(ExpressionType list, ExpressionType type) => list.IsNull || list.Element!.IsNull || list.Element.Kind == type.Element!.Kind;

    private ExpressionType? PlainOf(string name) => _inner.TryGetValue(name, out var found) ? found.Plain : scope.Plain(name);

    private RecordType? RecordOf(string name) => _inner.TryGetValue(name, out var found) ? found.Record : scope.Record(name);

    private IEnumerable<string> Names => _inner.Keys.Concat(scope.Variables).Concat(scope.Collections);

    private Node? Wrong(int at, string message)
    {
        _errors.Add(ExpressionError.At(text, at, message));
        return null;
    }
}
