using Cete.Expressions.Checking;

namespace Cete.Expressions.Sql;

internal sealed class SqlText(SqlWriter writer, IEvaluationScope known)
{
    public SqlText With(string row, string alias) => this;
    public string Condition(Node node) => ValueOf(node);
    public string ValueOf(Node node) => writer.Parameter(Running.Evaluator.Run(node, known).ToStored());
}
