using Cete.Expressions.Checking;
using Cete.Expressions.Running;
using Cete.Expressions.Syntax;

namespace Cete.Expressions.Sql;

/// <summary>
/// A tree as SQL. There are two forms of each part: a value, which is null where the evaluator's is, and a condition, which may be null where the
/// evaluator says false, so that plain comparisons, hence indexes, are used.
/// </summary>
internal sealed partial class SqlText(SqlWriter writer, IEvaluationScope known)
{
    private const string Always = "1 = 1";
    private const string Never = "1 = 0";

    /// <summary>Texts up to here are written twice rather than computed in a query of their own.</summary>
    private const int ShortMax = 48;

    private readonly Dictionary<string, string> _aliases = new(StringComparer.Ordinal);
    private readonly HashSet<string> _rows = new(StringComparer.Ordinal);
    private readonly Dialect _dialect = Dialect.Of(writer.Dialect);

    /// <summary>Makes a variable the row of a table.</summary>
    public SqlText With(string row, string alias)
    {
        _aliases[row] = alias;
        _rows.Add(row);
        return this;
    }

    /// <summary>True for the rows that the evaluator says true for; false or null for all others.</summary>
    public string Condition(Node node)
    {
        if (!ReadsRow(node))
        {
            return Evaluator.Run(node, known).IsTrue ? Always : Never;
        }

        return node switch
        {
            CompareNode { Operator: Operator.Equal or Operator.NotEqual } equal => Equal(equal),
            CompareNode { Operator: Operator.In } within => In(within),
            CompareNode order => Order(order),
            LogicNode logic => Logic(logic),
            NotNode not => Not(Exact(not.Operand)),
            CallNode { Function: Function.Has } has => $"{Of(has.Arguments[0])} IS NOT NULL",
            CallNode { Function: Function.Contains or Function.StartsWith or Function.EndsWith } call => TextCondition(call),
            MacroNode { Macro.Kind: MacroKind.Exists or MacroKind.All } macro => Exists(macro.Macro),
            _ => $"{ValueOf(node)} = 1",
        };
    }

    /// <summary>The value, null where the evaluator's is.</summary>
    public string ValueOf(Node node)
    {
        var sql = Of(node);
        return !ReadsRow(node) ? sql : node switch
        {
            ArithmeticNode { Type.Kind: ValueKind.Text } =>
                OnceOf(sql, v => FormattableString.Invariant($"CASE WHEN {_dialect.TextBytes(v)} <= {ExpressionLimits.TextBytesMax} THEN {v} END")),
            ArithmeticNode or NegateNode or PromoteNode => _dialect.Fitting(sql, OnceOf),
            CallNode { Function: Function.Abs } => _dialect.Fitting(sql, OnceOf),
            CallNode { Function: Function.ToDecimal, Arguments: [{ Type.Kind: ValueKind.Int }] } => _dialect.Fitting(sql, OnceOf),
            _ => sql,
        };
    }

    /// <summary>The value, where what does not fit is not yet looked for.</summary>
    private string Of(Node node)
    {
        if (!ReadsRow(node))
        {
            var value = Evaluator.Run(node, known);
            return value.IsNull ? "NULL" : writer.Parameter(value.ToStored());
        }

        return node switch
        {
            FieldNode field => $"{_aliases[field.Variable]}.{writer.Names.Column(field.Record, field.Field)}",
            FollowNode follow => Follow(follow),
            ArithmeticNode sum => Calculate(sum),
            NegateNode negate => _dialect.Calculate("0", "-", Of(negate.Operand), OnceOf),
            PromoteNode promote => _dialect.Calculate(Of(promote.Operand), "*", "1000000", OnceOf),
            ChoiceNode choice => $"CASE WHEN {Condition(choice.Condition)} THEN {ValueOf(choice.Then)} ELSE {ValueOf(choice.Else)} END",
            CallNode { Function: Function.Contains or Function.StartsWith or Function.EndsWith } call => _dialect.Number(TextCondition(call)),
            CallNode { Function: not Function.Has } call => Call(call),
            MacroNode { Macro.Kind: not (MacroKind.Exists or MacroKind.All) } macro => Aggregate(macro.Macro),
            _ => $"CASE WHEN {Condition(node)} THEN 1 ELSE 0 END",
        };
    }

    /// <summary>The condition, never null.</summary>
    private string Exact(Node node)
    {
        var condition = Condition(node);
        return condition is Always or Never || IsExact(node) ? condition : $"({condition}) IS TRUE";
    }

    private bool IsExact(Node node) => node switch
    {
        CompareNode { Operator: Operator.Equal } equal => IsPresent(equal.Left) == IsPresent(equal.Right),
        CompareNode { Operator: Operator.NotEqual } or NotNode or CallNode { Function: Function.Has } => true,
        MacroNode { Macro.Kind: MacroKind.Exists or MacroKind.All } => true,
        LogicNode logic => logic.Operands.All(operand => !ReadsRow(operand) || IsExact(operand)),
        _ => false,
    };

    /// <summary>Whether the value is never null.</summary>
    private bool IsPresent(Node node) => ReadsRow(node)
        ? node is FieldNode { Field: "id" } or LogicNode or NotNode or CompareNode
            or MacroNode { Macro.Kind: MacroKind.Exists or MacroKind.All or MacroKind.Count }
        : !Evaluator.Run(node, known).IsNull;

    private bool ReadsRow(Node node) => SqlCheck.ReadsRow(node, _rows);

    private static string Not(string condition) => condition switch
    {
        Always => Never,
        Never => Always,
        _ => $"NOT ({condition})",
    };

    private string Logic(LogicNode logic)
    {
        var (deciding, idle) = logic.IsAnd ? (Never, Always) : (Always, Never);
        var conditions = logic.Operands.Select(Condition).Where(condition => condition != idle).ToList();
        if (conditions.Count == 0 || conditions.Contains(deciding))
        {
            return conditions.Count == 0 ? idle : deciding;
        }

        return conditions.Count == 1 ? conditions[0] : $"({string.Join(logic.IsAnd ? " AND " : " OR ", conditions.Select(Enclosed))})";
    }

    private static string Enclosed(string condition) => condition.StartsWith('(') ? condition : $"({condition})";

    /// <summary>Something short is written as often as it is needed; something long is computed in a query without a table.</summary>
    private string OnceOf(string sql, Func<string, string> use)
    {
        if (sql.Length <= ShortMax)
        {
            return $"({use(sql)})";
        }

        var alias = writer.Alias();
        return $"(SELECT {use($"{alias}.v")} FROM (SELECT {sql} AS v) {alias})";
    }

    private string Follow(FollowNode follow)
    {
        var (names, alias) = (writer.Names, writer.Alias());
        var id = $"{alias}.{names.Column(follow.Record, "id")} = {ValueOf(follow.Id)}";
        var from = $"{names.Table(follow.Record)} {alias} WHERE {id}{Alive(follow.Record, alias)}";
        return $"(SELECT {alias}.{names.Column(follow.Record, follow.Field)} FROM {from})";
    }

    private string Alive(RecordType record, string alias) => writer.Names.Alive(record, alias) is { } alive ? $" AND ({alive})" : string.Empty;

    private string Exists(CollectionMacro macro)
    {
        var isAll = macro.Kind == MacroKind.All;
        var rows = Within(macro, "1", condition => isAll ? Not(Exact(condition)) : Condition(condition));
        return isAll ? $"NOT EXISTS ({rows})" : $"EXISTS ({rows})";
    }

    private string Aggregate(CollectionMacro macro)
    {
        if (macro.Kind == MacroKind.Sum)
        {
            return _dialect.Sum(Within(macro, null, Condition), writer.Alias);
        }

        if (macro.Kind == MacroKind.Count)
        {
            return $"({Within(macro, "count(*)", Condition)})";
        }

        var rows = writer.Alias();
        var value = macro.Type.Kind == ValueKind.Text ? _dialect.Ordered($"{rows}.v") : $"{rows}.v";
        return $"(SELECT {(macro.Kind == MacroKind.Min ? "min" : "max")}({value}) FROM ({Within(macro, null, Condition)}) {rows})";
    }

    /// <summary>The rows of a macro, and something of each: its body where nothing else is said.</summary>
    private string Within(CollectionMacro macro, string? what, Func<Node, string> condition)
    {
        var alias = writer.Alias();
        _ = With(macro.Variable, alias);
        what ??= $"{ValueOf(macro.Body!)} AS v";
        var where = condition(macro.Condition);
        _rows.Remove(macro.Variable);
        return $"SELECT {what} FROM {writer.Names.Table(macro.Record)} {alias} WHERE ({where}){Alive(macro.Record, alias)}";
    }
}
