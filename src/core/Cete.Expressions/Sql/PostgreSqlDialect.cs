namespace Cete.Expressions.Sql;

/// <summary>PostgreSQL, which fails where 64 bits are not enough, so that all is calculated in numerics and looked at after every step.</summary>
internal sealed class PostgreSqlDialect : Dialect
{
    private const string Fits = "BETWEEN -9223372036854775808 AND 9223372036854775807";

    public override string Same(string a, string b, bool isNot) => $"{a} {(isNot ? "IS DISTINCT FROM" : "IS NOT DISTINCT FROM")} {b}";

    public override string Ordered(string text) => $"({text} COLLATE \"C\")";

    public override string Calculate(string a, string sign, string b, Once once) => Fitting($"({a}::numeric {sign} {b}::numeric)", once);

    public override string Fitting(string number, Once once) => once(number, v => $"CASE WHEN {v} {Fits} THEN {v}::bigint END");

    public override string Millionths(string number) => $"({number}::numeric * 1000000)";

    public override string Quotient(string a, string b) => $"div({a}::numeric, nullif({b}, 0)::numeric)";

    public override string Remainder(string a, string b, Once once) => $"mod({a}::numeric, nullif({b}, 0)::numeric)";

    public override string TextBytes(string text) => $"octet_length({text})";

    public override string Position(string text, string part) => $"strpos({text}, {part})";

    public override string Number(string condition) => $"({condition})::int";

    public override string EndsWith(string text, string part, Once once) => once(part, p => $"(right({text}, length({p})) = {p})");

    public override string Lower(string text) => $"translate({text}, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')";

    public override string Upper(string text) => $"translate({text}, 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')";

    public override string Trim(string text, string letters) => $"btrim({text}, {letters})";

    public override string Extreme(bool isMin, string a, string b, bool areTexts, Once once) =>
        once(a, x => once(b, y =>
            $"CASE WHEN {(areTexts ? Ordered(x) : x)} {(isMin ? "<=" : ">=")} {y} THEN {x} WHEN {x} IS NOT NULL AND {y} IS NOT NULL THEN {y} END"));

    public override string Sum(string select, Func<string> alias)
    {
        var (rows, sums) = (alias(), alias());
        var sum = $"SELECT coalesce(sum({rows}.v::numeric), 0) AS s FROM ({select}) {rows}";
        return $"(SELECT CASE WHEN {sums}.s {Fits} THEN {sums}.s::bigint END FROM ({sum}) {sums})";
    }
}
