using System.Globalization;
using Cete.Core;

namespace Cete.Expressions.Tests;

/// <summary>Random expressions of a given type over <see cref="Library"/>, most of which can become SQL.</summary>
internal sealed class ExpressionGenerator(Prng chance)
{
    private static readonly ExpressionType[] Ordered =
    [
        ExpressionType.Int, ExpressionType.Decimal, ExpressionType.Text, ExpressionType.Timestamp, ExpressionType.Duration, ExpressionType.Date,
    ];

    private static readonly ExpressionType TextList = ExpressionType.ListOf(ExpressionType.Text);

    private readonly List<(string Name, RecordType Record)> _rows = [("input", Library.Books), ("record", Library.Books)];
    private int _macros;

    /// <summary>Types that have an order, and bool, more often.</summary>
    public ExpressionType AnyType() => chance.Chance(1, 2) ? ExpressionType.Bool : chance.Chance(1, 12) ? TextList : AnyOrdered();

    public string Of(ExpressionType type, int depth)
    {
        if (depth <= 0 || (type.Kind != ValueKind.Bool && chance.Chance(1, 4)))
        {
            return chance.Chance(1, 6) ? Literal(type) : Field(type);
        }

        return chance.Chance(1, 14) ? $"({Bool(depth - 1)} ? {Of(type, depth - 1)} : {Of(type, depth - 1)})" : type.Kind switch
        {
            ValueKind.Bool => Bool(depth),
            ValueKind.Int => Int(depth - 1),
            ValueKind.Decimal => Decimal(depth - 1),
            ValueKind.Text => Text(depth - 1),
            ValueKind.Timestamp => Timestamp(depth - 1),
            ValueKind.Duration => Duration(depth - 1),
            ValueKind.Date => Date(depth - 1),
            _ => Field(type),
        };
    }

    private string Bool(int depth)
    {
        if (depth <= 0)
        {
            return Field(ExpressionType.Bool);
        }

        var next = depth - 1;
        return chance.Next(21) switch
        {
            0 or 1 or 2 => $"({Bool(next)} && {Bool(next)})",
            3 or 4 or 5 => $"({Bool(next)} || {Bool(next)} || {Bool(next)})",
            6 or 7 => $"!{Bool(next)}",
            8 => $"({Bool(next)} == {Bool(next)})",
            9 => $"({Relation()} {Pick("==", "!=")} {Pick("1", "2", "null", Relation())})",
            10 => TextQuestion(next),
            11 => $"({Of(ExpressionType.Text, next)} in {Of(TextList, next)})",
            12 => Within(next),
            13 => $"has({FieldOnly()})",
            14 => Macro(next),
            15 => $"({Of(AnyOrdered(), next)} {Pick("==", "!=")} null)",
            16 => $"({Of(TextList, next)} {Pick("==", "!=")} {Pick(Of(TextList, next), Literal(TextList), "null", "['a', null]", "[]")})",
            _ => Comparison(next),
        };
    }

    private string Comparison(int depth)
    {
        var type = AnyOrdered();
        var other = type.Kind is ValueKind.Int or ValueKind.Decimal && chance.Chance(1, 3) ? Pick(ExpressionType.Int, ExpressionType.Decimal) : type;
        return $"({Of(type, depth)} {Pick("==", "!=", "<", "<=", ">", ">=")} {Of(other, depth)})";
    }

    private string TextQuestion(int depth) => chance.Chance(1, 10)
        ? $"{Of(ExpressionType.Text, depth)}.matches('^[a-z]+$')"
        : $"{Of(ExpressionType.Text, depth)}.{Pick("contains", "startsWith", "endsWith")}({Of(ExpressionType.Text, depth)})";

    private string Within(int depth)
    {
        var type = AnyOrdered();
        var items = Enumerable.Range(0, chance.Next(4)).Select(_ => chance.Chance(1, 8) ? "null" : chance.Chance(1, 3) ? Of(type, depth - 1) : Literal(type));
        return $"({Of(type, depth)} in [{string.Join(", ", items)}])";
    }

    private string Macro(int depth) => Collection((name, _) => $"{name}.{Pick("exists", "all")}", _ => string.Empty, depth);

    private string Number(ExpressionType type, int depth) => Collection(
        (name, _) => $"{name}.{Pick("sum", "min", "max")}", inner => $", {Of(type, Math.Min(inner, 1))}", depth);

    private string Collection(Func<string, RecordType, string> head, Func<int, string> body, int depth)
    {
        if (_macros >= ExpressionLimits.CollectionMacrosMax || _rows.Count > 3)
        {
            return "record.lent";
        }

        _macros++;
        var (name, record) = Pick(("loans", Library.Loans), ("loans", Library.Loans), ("books", Library.Books), ("authors", Library.Authors));
        var variable = string.Create(CultureInfo.InvariantCulture, $"v{_macros}");
        _rows.Add((variable, record));
        var own = chance.Chance(1, 2) && name == "loans" ? $"{variable}.book == record.id && " : string.Empty;
        var text = $"{head(name, record)}({variable}{body(depth)}, {own}{Bool(depth)})";
        _rows.RemoveAt(_rows.Count - 1);
        return text;
    }

    private bool MayAsk => _macros < ExpressionLimits.CollectionMacrosMax && _rows.Count <= 3;

    private string Int(int depth) => chance.Next(14) switch
    {
        0 => $"size({Of(ExpressionType.Text, depth)})",
        1 => $"{Of(TextList, depth)}.size()",
        2 => $"int({Of(Pick(ExpressionType.Decimal, ExpressionType.Int, ExpressionType.Timestamp), depth)})",
        3 => $"round({Of(ExpressionType.Decimal, depth)})",
        4 => $"{Pick("min", "max")}({Of(ExpressionType.Int, depth)}, {Of(ExpressionType.Int, depth)})",
        5 => $"abs({Of(ExpressionType.Int, depth)})",
        6 => $"(-{Of(ExpressionType.Int, depth)})",
        7 => $"({Of(ExpressionType.Date, depth)} - {Of(ExpressionType.Date, depth)})",
        8 when MayAsk => Collection((name, _) => $"{name}.count", _ => string.Empty, depth),
        9 when MayAsk => Number(ExpressionType.Int, depth),
        _ => $"({Of(ExpressionType.Int, depth)} {Pick("+", "-", "*", "/", "%")} {Of(ExpressionType.Int, depth)})",
    };

    private string Decimal(int depth) => chance.Next(10) switch
    {
        0 => $"decimal({Of(Pick(ExpressionType.Decimal, ExpressionType.Int), depth)})",
        1 => $"{Pick("min", "max")}({Of(ExpressionType.Decimal, depth)}, {Of(ExpressionType.Int, depth)})",
        2 => $"abs({Of(ExpressionType.Decimal, depth)})",
        3 => $"(-{Of(ExpressionType.Decimal, depth)})",
        4 when MayAsk => Number(ExpressionType.Decimal, depth),
        5 => $"({Of(ExpressionType.Decimal, depth)} {Pick("*", "/")} {Of(ExpressionType.Int, depth)})",
        6 => $"({Of(ExpressionType.Decimal, depth)} {Pick("*", "/")} {Of(ExpressionType.Decimal, depth)})",
        _ => $"({Of(ExpressionType.Decimal, depth)} {Pick("+", "-")} {Of(Pick(ExpressionType.Decimal, ExpressionType.Int), depth)})",
    };

    private string Text(int depth) => chance.Next(8) switch
    {
        0 => $"{Of(ExpressionType.Text, depth)}.lowerAscii()",
        1 => $"{Of(ExpressionType.Text, depth)}.upperAscii()",
        2 => $"{Of(ExpressionType.Text, depth)}.trim()",
        3 => $"string({Of(Pick(ExpressionType.Int, ExpressionType.Int, ExpressionType.Text, ExpressionType.Decimal), depth)})",
        4 => $"{Pick("min", "max")}({Of(ExpressionType.Text, depth)}, {Of(ExpressionType.Text, depth)})",
        5 when MayAsk => Collection((name, _) => $"{name}.{Pick("min", "max")}", _ => $", {Of(ExpressionType.Text, 1)}", depth),
        _ => $"({Of(ExpressionType.Text, depth)} + {Of(ExpressionType.Text, depth)})",
    };

    private string Timestamp(int depth) => $"({Of(ExpressionType.Timestamp, depth)} {Pick("+", "-")} {Of(ExpressionType.Duration, depth)})";

    private string Duration(int depth) => chance.Next(4) switch
    {
        0 => $"({Of(ExpressionType.Timestamp, depth)} - {Of(ExpressionType.Timestamp, depth)})",
        1 => $"({Of(ExpressionType.Duration, depth)} * {Of(ExpressionType.Int, depth)})",
        2 => $"abs({Of(ExpressionType.Duration, depth)})",
        _ => $"({Of(ExpressionType.Duration, depth)} {Pick("+", "-")} {Of(ExpressionType.Duration, depth)})",
    };

    private string Date(int depth) => chance.Chance(1, 2)
        ? $"date({Of(ExpressionType.Timestamp, depth)})"
        : $"({Of(ExpressionType.Date, depth)} {Pick("+", "-")} {Of(ExpressionType.Int, depth)})";

    private string Field(ExpressionType type)
    {
        if (chance.Chance(1, 10) && type.Kind is ValueKind.Text or ValueKind.Int or ValueKind.Timestamp or ValueKind.List)
        {
            return type.Kind switch
            {
                ValueKind.Text => "auth.id",
                ValueKind.Int => "auth.level",
                ValueKind.Timestamp => "now",
                _ => "auth.roles",
            };
        }

        for (var tries = 0; tries < 20; tries++)
        {
            var (path, record) = Path();
            var fits = record.Fields.Where(field => record.TryFind(field, out var found) && IsAlike(found, type)).ToList();
            if (fits.Count > 0)
            {
                return $"{path}.{fits[chance.Next(fits.Count)]}";
            }
        }

        return type.Kind == ValueKind.List ? "record.tags" : Literal(type);
    }

    private string FieldOnly()
    {
        var (path, record) = Path();
        return $"{path}.{record.Fields[chance.Next(record.Fields.Count)]}";
    }

    private string Relation() => chance.Chance(1, 2) ? "record.author" : Pick("record.next.author", "input.author", "record.author.mentor");

    private (string Path, RecordType Record) Path()
    {
        var (path, record) = _rows[chance.Chance(2, 3) ? _rows.Count - 1 : chance.Next(_rows.Count)];
        for (var hops = 0; hops < 2 && chance.Chance(1, 5); hops++)
        {
            var relations = record.Fields.Where(field => record.TryFind(field, out var found) && found.Record is not null).ToList();
            var relation = relations[chance.Next(relations.Count)];
            Check.That(record.TryFind(relation, out var type));
            (path, record) = ($"{path}.{relation}", type.Record!);
        }

        return (path, record);
    }

    private static bool IsAlike(ExpressionType found, ExpressionType type) => found.Kind == type.Kind && found.Record is null;

    private string Literal(ExpressionType type) => type.Kind switch
    {
        ValueKind.Bool => Pick("true", "false"),
        ValueKind.Int => SampleValues.Int(chance).ToString(CultureInfo.InvariantCulture),
        ValueKind.Decimal => Pick("0.0", "1.5", "-1.5", "0.000001", "2.5", "9223372036854.775807", "-9223372036854.775808", "100.25"),
        ValueKind.Text => Quoted(SampleValues.Text(chance) is { Length: < 100 } text ? text : "long"),
        ValueKind.Timestamp => Pick("timestamp('2026-11-23T10:00:00Z')", "timestamp('1969-12-31T23:59:59.5Z')", "now"),
        ValueKind.Duration => Pick("duration('1h30m')", "duration('-1d')", "duration('0s')", "duration('100000000d')"),
        ValueKind.Date => Pick("date('2026-11-23')", "date('1969-12-31')", "date('0001-01-01')"),
        _ => Pick("[]", "['a']", "['a', 'b', '']", "[null]", "['']", "[null, 'a']"),
    };

    private static string Quoted(string text) =>
        "'" + string.Concat(text.Select(c => c is '\'' or '\\' ? $"\\{c}" : c is < ' ' ? $"\\x{(int)c:x2}" : c.ToString())) + "'";

    private ExpressionType AnyOrdered() => chance.Chance(1, 3) ? ExpressionType.Int : Ordered[chance.Next(Ordered.Length)];

    private T Pick<T>(params T[] choices) => choices[chance.Next(choices.Length)];
}
