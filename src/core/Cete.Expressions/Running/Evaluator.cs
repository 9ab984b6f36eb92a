using Cete.Expressions.Checking;
using Cete.Expressions.Syntax;

namespace Cete.Expressions.Running;

/// <summary>Evaluates a tree. It never throws: what has no result is null, and null as a condition is false.</summary>
internal sealed class Evaluator
{
    private int _listSteps;

    private Evaluator()
    {
    }

    public static Value Run(Node node, IEvaluationScope scope) => new Evaluator().Evaluate(node, scope);

    private Value Evaluate(Node node, IEvaluationScope scope) => node switch
    {
        ConstantNode constant => constant.Value,
        FieldNode field => scope.Get(field.Variable, field.Field),
        VariableNode variable => scope.Get(variable.Name),
        CompareNode compare => Value.Of(Compare(compare, scope)),
        LogicNode logic => Value.Of(Holds(logic, scope)),
        NotNode not => Value.Of(!Evaluate(not.Operand, scope).IsTrue),
        ChoiceNode choice => Evaluate(Evaluate(choice.Condition, scope).IsTrue ? choice.Then : choice.Else, scope),
        ArithmeticNode sum => Arithmetic.Apply(sum.Operator, sum.Type.Kind, Evaluate(sum.Left, scope), Evaluate(sum.Right, scope)),
        NegateNode negate => Arithmetic.Negate(Evaluate(negate.Operand, scope)),
        PromoteNode promote => Arithmetic.Promote(Evaluate(promote.Operand, scope)),
        FollowNode follow => Evaluate(follow.Id, scope) is { Kind: ValueKind.Int } id ? scope.Follow(follow.Record, id.Number, follow.Field) : Value.Null,
        ListNode list => Value.OfList([.. list.Items.Select(item => Evaluate(item, scope))]),
        CallNode call => Functions.Call(call, [.. call.Arguments.Select(argument => Evaluate(argument, scope))]),
        ListMacroNode macro => Evaluate(macro, scope),
        MacroNode macro => scope.Aggregate(macro.Macro, scope),
        _ => Value.Null,
    };

    private bool Compare(CompareNode node, IEvaluationScope scope)
    {
        var left = Evaluate(node.Left, scope);
        var right = Evaluate(node.Right, scope);
        return node.Operator switch
        {
            Operator.Equal => left == right,
            Operator.NotEqual => left != right,
            Operator.Less => left.CompareTo(right) < 0,
            Operator.LessOrEqual => left.CompareTo(right) <= 0,
            Operator.Greater => left.CompareTo(right) > 0,
            Operator.GreaterOrEqual => left.CompareTo(right) >= 0,
            _ => right.AsList.Any(item => Step() && item == left),
        };
    }

    private bool Holds(LogicNode node, IEvaluationScope scope)
    {
        foreach (var operand in node.Operands)
        {
            if (Evaluate(operand, scope).IsTrue != node.IsAnd)
            {
                return !node.IsAnd;
            }
        }

        return node.IsAnd;
    }

    private Value Evaluate(ListMacroNode node, IEvaluationScope scope)
    {
        var list = Evaluate(node.List, scope);
        if (list.IsNull)
        {
            return list;
        }

        foreach (var item in list.AsList)
        {
            if (!Step())
            {
                return Value.Null;
            }

            if (Evaluate(node.Condition, new InnerScope(scope, node.Variable, null, item)).IsTrue != node.IsAll)
            {
                return Value.Of(!node.IsAll);
            }
        }

        return Value.Of(node.IsAll);
    }

    private bool Step() => _listSteps++ < ExpressionLimits.ListStepsMax;
}
