namespace Cete.Expressions.Sql;

/// <summary>
/// SQLite. Integers that overflow become floats there, and stay floats in all that is calculated with them; so one look at the end of a calculation is
/// enough.
/// </summary>
internal sealed class SqliteDialect : Dialect
{
    public override string Same(string a, string b, bool isNot) => $"{a} {(isNot ? "IS NOT" : "IS")} {b}";

    public override string Ordered(string text) => text;

    public override string Calculate(string a, string sign, string b, Once once) => $"({a} {sign} {b})";

    public override string Fitting(string number, Once once) => once(number, v => $"CASE WHEN typeof({v}) = 'integer' THEN {v} END");

    /// <summary>As a float where it overflows, which is then at least 200,000 away from all that has 64 bits, so that comparing stays right.</summary>
    public override string Millionths(string number) => $"({number} * 1000000)";

    public override string Quotient(string a, string b) => $"({a} / {b})";

    public override string Remainder(string a, string b, Once once) => $"({a} % {b})";

    public override string TextBytes(string text) => $"length(CAST({text} AS BLOB))";

    public override string Position(string text, string part) => $"instr({text}, {part})";

    public override string Number(string condition) => $"({condition})";

    public override string EndsWith(string text, string part, Once once) =>
        once(text, t => once(part, p => $"(substr({t}, length({t}) - length({p}) + 1) = {p})"));

    public override string Lower(string text) => $"lower({text})";

    public override string Upper(string text) => $"upper({text})";

    public override string Trim(string text, string letters) => $"trim({text}, {letters})";

    public override string Extreme(bool isMin, string a, string b, bool areTexts, Once once) => $"{(isMin ? "min" : "max")}({a}, {b})";

    /// <summary>SQLite's own sum fails where it overflows, also on the way; in two halves it cannot.</summary>
    public override string Sum(string select, Func<string> alias)
    {
        var (rows, halves) = (alias(), alias());
        var high = $"{halves}.h + ({halves}.l >> 32)";
        return $"(SELECT CASE WHEN {high} BETWEEN -2147483648 AND 2147483647 THEN ({high}) * 4294967296 + ({halves}.l & 4294967295) END "
            + $"FROM (SELECT coalesce(sum({rows}.v >> 32), 0) AS h, coalesce(sum({rows}.v & 4294967295), 0) AS l FROM ({select}) {rows}) {halves})";
    }
}
