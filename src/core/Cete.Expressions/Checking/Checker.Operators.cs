using Cete.Expressions.Syntax;

namespace Cete.Expressions.Checking;

internal sealed partial class Checker
{
    private Node? CheckCompare(BinarySyntax syntax)
    {
        var (left, right) = (Check(syntax.Left), Check(syntax.Right));
        if (left is null || right is null)
        {
            return null;
        }

        var sign = Sign(syntax.Operator);
        if (syntax.Operator == Operator.In)
        {
            return CheckIn(syntax, left, right);
        }

        if (ExpressionType.Common(left.Type, right.Type) is not { } common)
        {
            return Wrong(syntax.At, $"{left.Type.WithArticle} and {right.Type.WithArticle} cannot be compared");
        }

        if (syntax.Operator is Operator.Equal or Operator.NotEqual)
        {
            return new CompareNode(syntax.At, syntax.Operator, left, right);
        }

        if (left.Type.IsNull || right.Type.IsNull)
        {
            return Wrong(syntax.At, $"'{sign}' with null is never true; ask with == null or != null");
        }

        return common.Kind is ValueKind.Bool or ValueKind.List || left.Type.Record is not null || right.Type.Record is not null
            ? Wrong(syntax.At, $"{left.Type.WithArticle} and {right.Type.WithArticle} have no order; there are == and != for them")
            : new CompareNode(syntax.At, syntax.Operator, left, right);
    }

    private Node? CheckIn(BinarySyntax syntax, Node left, Node right)
    {
        if (right.Type.Kind != ValueKind.List)
        {
            return Wrong(syntax.At, right.Type.Kind == ValueKind.Text
                ? "'in' looks into lists; for texts there is contains()"
                : $"'in' needs a list on its right, and this is {right.Type.WithArticle}");
        }

        return left.Type.Kind == ValueKind.List || ExpressionType.Common(left.Type, right.Type.Element!) is null
            ? Wrong(syntax.At, $"{left.Type.WithArticle} cannot be in {right.Type.WithArticle}")
            : new CompareNode(syntax.At, syntax.Operator, left, right);
    }

    private Node? CheckArithmetic(BinarySyntax syntax)
    {
        var (left, right) = (Check(syntax.Left), Check(syntax.Right));
        if (left is null || right is null)
        {
            return null;
        }

        if (left.Type.IsNumber && right.Type.IsNumber)
        {
            return CheckNumbers(syntax, left, right);
        }

        ExpressionType? type = (left.Type.Kind, syntax.Operator, right.Type.Kind) switch
        {
            _ when left.Type.Record is not null || right.Type.Record is not null => null,
            (ValueKind.Text, Operator.Add, ValueKind.Text) => ExpressionType.Text,
            (ValueKind.Timestamp, Operator.Add or Operator.Subtract, ValueKind.Duration) => ExpressionType.Timestamp,
            (ValueKind.Duration, Operator.Add, ValueKind.Timestamp) => ExpressionType.Timestamp,
            (ValueKind.Timestamp, Operator.Subtract, ValueKind.Timestamp) => ExpressionType.Duration,
            (ValueKind.Duration, Operator.Add or Operator.Subtract, ValueKind.Duration) => ExpressionType.Duration,
            (ValueKind.Duration, Operator.Multiply, ValueKind.Int) => ExpressionType.Duration,
            (ValueKind.Int, Operator.Multiply, ValueKind.Duration) => ExpressionType.Duration,
            (ValueKind.Date, Operator.Add or Operator.Subtract, ValueKind.Int) => ExpressionType.Date,
            (ValueKind.Int, Operator.Add, ValueKind.Date) => ExpressionType.Date,
            (ValueKind.Date, Operator.Subtract, ValueKind.Date) => ExpressionType.Int,
            _ => null,
        };
        return type is not null
            ? new ArithmeticNode(syntax.At, type, syntax.Operator, left, right)
            : Wrong(syntax.At, $"there is no '{Sign(syntax.Operator)}' of {left.Type.WithArticle} and {right.Type.WithArticle}{Hint(left.Type, right.Type)}");
    }

    private Node? CheckNumbers(BinarySyntax syntax, Node left, Node right)
    {
        if (left.Type.Kind == ValueKind.Int && right.Type.Kind == ValueKind.Int)
        {
            return new ArithmeticNode(syntax.At, ExpressionType.Int, syntax.Operator, left, right);
        }

        return syntax.Operator switch
        {
            Operator.Remainder => Wrong(syntax.At, "there is no '%' of decimals; use int() first"),

            // These are exact with an int as it is.
            Operator.Multiply => new ArithmeticNode(syntax.At, ExpressionType.Decimal, syntax.Operator, left, right),
            Operator.Divide when right.Type.Kind == ValueKind.Int => new ArithmeticNode(syntax.At, ExpressionType.Decimal, syntax.Operator, left, right),
            _ => new ArithmeticNode(syntax.At, ExpressionType.Decimal, syntax.Operator, Promoted(left), Promoted(right)),
        };
    }

    private static Node Promoted(Node node) => node.Type.Kind == ValueKind.Int ? new PromoteNode(node) : node;

    private static string Hint(ExpressionType left, ExpressionType right) =>
        left.Kind == ValueKind.Text || right.Kind == ValueKind.Text ? "; string() makes texts, int() and decimal() make numbers"
        : left.IsNull || right.IsNull ? "; what is null gives null" : string.Empty;

    private static string Sign(Operator sign) => sign switch
    {
        Operator.Equal => "==",
        Operator.NotEqual => "!=",
        Operator.Less => "<",
        Operator.LessOrEqual => "<=",
        Operator.Greater => ">",
        Operator.GreaterOrEqual => ">=",
        Operator.In => "in",
        Operator.Add => "+",
        Operator.Subtract => "-",
        Operator.Multiply => "*",
        Operator.Divide => "/",
        _ => "%",
    };
}
