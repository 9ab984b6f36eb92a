using Cete.Expressions.Syntax;

namespace Cete.Expressions.Running;

/// <summary>Arithmetic of values: what does not fit into 64 bits, and what is divided by zero, is null.</summary>
internal static class Arithmetic
{
    /// <summary>The number as a value, or null when it does not fit.</summary>
    public static Value Fitting(ValueKind kind, Int128 number) =>
        number >= long.MinValue && number <= long.MaxValue ? Value.OfNumber(kind, (long)number) : Value.Null;

    /// <summary>An int as a decimal.</summary>
    public static Value Promote(Value value) => value.Kind == ValueKind.Int ? Fitting(ValueKind.Decimal, value.Millionths) : Value.Null;

    public static Value Negate(Value value) => value.IsNull ? value : Fitting(value.Kind, -(Int128)value.Number);

    public static Value Apply(Operator sign, ValueKind result, Value left, Value right)
    {
        if (left.IsNull || right.IsNull)
        {
            return Value.Null;
        }

        if (result == ValueKind.Text)
        {
            var text = left.AsText + right.AsText;
            return TextRules.IsTooLong(text) ? Value.Null : Value.Of(text);
        }

        Int128 a = left.Number, b = right.Number;
        var areDecimals = left.Kind == ValueKind.Decimal && right.Kind == ValueKind.Decimal;
        return sign switch
        {
            Operator.Add => Fitting(result, a + b),
            Operator.Subtract => Fitting(result, a - b),
            Operator.Multiply => Fitting(result, areDecimals ? a * b / ExpressionLimits.Million : a * b),
            _ when b == 0 => Value.Null,
            Operator.Divide => Fitting(result, areDecimals ? a * ExpressionLimits.Million / b : a / b),
            _ => Fitting(result, a % b),
        };
    }

    /// <summary>Half away from zero.</summary>
    public static Value Round(Value value)
    {
        var (whole, rest) = Math.DivRem(value.Number, ExpressionLimits.Million);
        return value.IsNull ? value : Value.Of(whole + (rest >= ExpressionLimits.Million / 2 ? 1 : rest <= -ExpressionLimits.Million / 2 ? -1 : 0));
    }
}
