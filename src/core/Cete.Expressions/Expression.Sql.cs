using Cete.Expressions.Sql;

namespace Cete.Expressions;

public sealed partial class Expression
{
    /// <summary>
    /// Why it cannot become SQL with <paramref name="row"/> being the table's row and all other variables known; null when it can.
    /// </summary>
    public ExpressionError? WhyNotSql(string row) => SqlCheck.Why(_root, row) is { } why ? ExpressionError.At(Text, why.At, why.Message) : null;

    /// <summary>
    /// Writes it as the condition of a WHERE, true for exactly those rows that <see cref="Evaluate"/> is true for; or, when it gives no bool, as a value.
    /// Only after <see cref="WhyNotSql"/> gave null.
    /// </summary>
    /// <param name="writer">Where to.</param>
    /// <param name="row">The variable that is the table's row.</param>
    /// <param name="rowAlias">How the statement calls the table; not x and a number.</param>
    /// <param name="known">All other variables.</param>
    public void WriteSql(SqlWriter writer, string row, string rowAlias, IEvaluationScope known)
    {
        Core.Check.That(WhyNotSql(row) is null, "an expression that cannot be SQL");
        var sql = new SqlText(writer, known).With(row, rowAlias);
        writer.Text.Append(Type.Kind == ValueKind.Bool ? sql.Condition(_root) : sql.ValueOf(_root));
    }
}
