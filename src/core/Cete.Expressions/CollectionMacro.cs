using Cete.Expressions.Checking;
using Cete.Expressions.Running;
using Cete.Expressions.Sql;

namespace Cete.Expressions;

/// <summary>A macro over a collection, as `loans.exists(l, l.book == record.id)`: what <see cref="IEvaluationScope.Aggregate"/> is asked.</summary>
public sealed class CollectionMacro
{
    internal CollectionMacro(MacroKind kind, string collection, RecordType record, string variable, Node condition, Node? body, ExpressionType type) =>
        (Kind, Collection, Record, Variable, Condition, Body, Type) = (kind, collection, record, variable, condition, body, type);

    /// <summary>What it asks.</summary>
    public MacroKind Kind { get; }

    /// <summary>The name of the collection in the scope.</summary>
    public string Collection { get; }

    /// <summary>The type of its records.</summary>
    public RecordType Record { get; }

    /// <summary>What its records are called within.</summary>
    public string Variable { get; }

    /// <summary>The type of what it gives.</summary>
    public ExpressionType Type { get; }

    /// <summary>Which records count.</summary>
    internal Node Condition { get; }

    /// <summary>What is summed up or compared; null for those that look at the condition alone.</summary>
    internal Node? Body { get; }

    /// <summary>Answers it by going through all records of the collection, each a function from the name of a field to its value.</summary>
    public Value Evaluate(IEnumerable<Func<string, Value>> rows, IEvaluationScope scope)
    {
        var (count, sum, best) = (0L, (Int128)0, Value.Null);
        foreach (var row in rows)
        {
            var inner = new InnerScope(scope, Variable, row);
            if (Evaluator.Run(Condition, inner).IsTrue == (Kind == MacroKind.All))
            {
                continue;
            }

            count++;
            if (Kind is MacroKind.Exists or MacroKind.All)
            {
                break;
            }

            var value = Body is null ? Value.Null : Evaluator.Run(Body, inner);
            sum += value.Number;
            best = !value.IsNull && (best.IsNull || (Kind == MacroKind.Min ? value.CompareTo(best) < 0 : value.CompareTo(best) > 0)) ? value : best;
        }

        return Kind switch
        {
            MacroKind.Exists => Value.Of(count > 0),
            MacroKind.All => Value.Of(count == 0),
            MacroKind.Count => Value.Of(count),
            MacroKind.Sum => Arithmetic.Fitting(Type.Kind, sum),
            _ => best,
        };
    }

    /// <summary>Why it cannot become SQL; null when it can.</summary>
    /// <param name="text">The text of its expression.</param>
    public ExpressionError? WhyNotSql(string text) => SqlCheck.Why(this) is { } why ? ExpressionError.At(text, why.At, why.Message) : null;

    /// <summary>Writes it as a value, to be selected and read by <see cref="Value.FromStored"/>. Only after <see cref="WhyNotSql"/> gave null.</summary>
    public void WriteSql(SqlWriter writer, IEvaluationScope known)
    {
        Core.Check.That(SqlCheck.Why(this) is null, "a macro that cannot be SQL");
        writer.Text.Append(new SqlText(writer, known).ValueOf(new MacroNode(0, this)));
    }
}

/// <summary>What a macro asks of a collection.</summary>
public enum MacroKind
{
    /// <summary>Whether there is a record that the condition holds for.</summary>
    Exists,

    /// <summary>Whether it holds for all of them; so it does when there are none.</summary>
    All,

    /// <summary>For how many it holds.</summary>
    Count,

    /// <summary>The sum over those; 0 of nothing, null when it has more than 64 bits. Null values count as nothing.</summary>
    Sum,

    /// <summary>The smallest value of those; null of nothing.</summary>
    Min,

    /// <summary>The largest value of those; null of nothing.</summary>
    Max,
}
