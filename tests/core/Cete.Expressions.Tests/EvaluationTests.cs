namespace Cete.Expressions.Tests;

/// <summary>Expressions and what they give.</summary>
public sealed class EvaluationTests
{
    [Theory]
    [InlineData("1 + 2 * 3", "7")]
    [InlineData("(1 + 2) * 3", "9")]
    [InlineData("7 / 2", "3")]
    [InlineData("-7 / 2", "-3")]
    [InlineData("-7 % 2", "-1")]
    [InlineData("1 / 0", "null")]
    [InlineData("1 % 0", "null")]
    [InlineData("9223372036854775807 + 1", "null")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    [InlineData("-9223372036854775808 / -1", "null")]
    [InlineData("-9223372036854775808 % -1", "0")]
    [InlineData("-(-9223372036854775808)", "null")]
    [InlineData("abs(-9223372036854775808)", "null")]
    [InlineData("1.5 + 1", "2.5")]
    [InlineData("1.5 * 1.5", "2.25")]
    [InlineData("1.000001 * 1.000001", "1.000002")]
    [InlineData("1.0 / 3.0", "0.333333")]
    [InlineData("1 / 3.0", "0.333333")]
    [InlineData("9223372036854.775807 + 0.000001", "null")]
    [InlineData("9223372036854775807 + 0.0", "null")]
    [InlineData("1 == 1.0", "true")]
    [InlineData("1 < 1.000001", "true")]
    [InlineData("9223372036854775807 > 1.0", "true")]
    [InlineData("round(2.5)", "3")]
    [InlineData("round(-2.5)", "-3")]
    [InlineData("round(2.499999)", "2")]
    [InlineData("min(1, 2.5)", "1")]
    [InlineData("max('a', 'b')", "\"b\"")]
    public void Numbers(string text, string expected) => Gives(text, expected);

    [Theory]
    [InlineData("null == null", "true")]
    [InlineData("record.title == null", "true")]
    [InlineData("record.pages < 5", "false")]
    [InlineData("!(record.pages < 5)", "true")]
    [InlineData("record.pages + 1", "null")]
    [InlineData("record.lent", "null")]
    [InlineData("!record.lent", "true")]
    [InlineData("record.lent || true", "true")]
    [InlineData("record.lent || record.lent", "false")]
    [InlineData("record.lent ? 1 : 2", "2")]
    [InlineData("record.lent == false", "false")]
    [InlineData("record.title.contains('a')", "null")]
    [InlineData("!record.title.contains('a')", "true")]
    [InlineData("has(record.title)", "false")]
    [InlineData("has(input.title)", "true")]
    [InlineData("null in [1, null]", "true")]
    [InlineData("record.tags == null", "true")]
    [InlineData("'x' in record.tags", "false")]
    [InlineData("true ? null : 1", "null")]
    [InlineData("null && true", "false")]
    public void Nothing(string text, string expected) => Gives(text, expected);

    [Theory]
    [InlineData("'a' + \"b\"", "\"ab\"")]
    [InlineData("size('a\U0001F600b')", "3")]
    [InlineData("'\U0001F600' > '\uFFFD'", "true")]
    [InlineData("'abc'.contains('')", "true")]
    [InlineData("'abc'.startsWith('ab')", "true")]
    [InlineData("'abc'.endsWith('ab')", "false")]
    [InlineData("'\u0130\u00C4aB'.lowerAscii()", "\"\u0130\u00C4ab\"")]
    [InlineData("'\u0131\u00E4aB'.upperAscii()", "\"\u0131\u00E4AB\"")]
    [InlineData("' \\ta '.trim()", "\"a\"")]
    [InlineData("'a1b'.matches('[0-9]')", "true")]
    [InlineData("'a1b'.matches(r'^\\d+$')", "false")]
    [InlineData("'\\u0041\\x42\\103\\n' == 'ABC\\n'", "true")]
    [InlineData("string(1.50)", "\"1.5\"")]
    [InlineData("string(-0.000001)", "\"-0.000001\"")]
    [InlineData("int('-12')", "-12")]
    [InlineData("int('12x')", "null")]
    [InlineData("int('9223372036854775808')", "null")]
    [InlineData("int(-1.9)", "-1")]
    [InlineData("decimal('1.25')", "1.25")]
    [InlineData("'b' in ['a', 'b']", "true")]
    [InlineData("[1, 2] == [1.0, 2.0]", "true")]
    [InlineData("size([1, 2])", "2")]
    [InlineData("[1, 2, 3].exists(x, x > 2)", "true")]
    [InlineData("[1, 2, 3].all(x, x > 2)", "false")]
    [InlineData("[1, 2].exists(x, [2, 3].exists(y, x == y))", "true")]
    public void TextsAndLists(string text, string expected) => Gives(text, expected);

    [Theory]
    [InlineData("string(timestamp('2026-11-23T10:00:00Z'))", "\"2026-11-23T10:00:00Z\"")]
    [InlineData("string(timestamp('2026-11-23T10:00:00.5+02:00'))", "\"2026-11-23T08:00:00.5Z\"")]
    [InlineData("string(timestamp('2026-11-23T10:00:00Z') + duration('1h30m'))", "\"2026-11-23T11:30:00Z\"")]
    [InlineData("date(timestamp('1969-12-31T23:59:59Z')) == date('1969-12-31')", "true")]
    [InlineData("date('2026-03-01') - date('2024-02-29')", "731")]
    [InlineData("string(date('2024-02-28') + 1)", "\"2024-02-29\"")]
    [InlineData("duration('1d') == duration('24h')", "true")]
    [InlineData("string(duration('-1.5s') * 2)", "\"-3s\"")]
    [InlineData("date('2026-11-23').getDayOfWeek()", "1")]
    [InlineData("date('0001-01-01').getDayOfWeek()", "1")]
    [InlineData("date('2026-11-23').getMonth()", "10")]
    [InlineData("date('2026-11-23').getDayOfMonth()", "22")]
    [InlineData("timestamp('1969-12-31T23:59:59Z').getFullYear()", "1969")]
    [InlineData("timestamp('1969-12-31T23:59:59Z').getHours()", "23")]
    [InlineData("timestamp('2026-11-23T10:34:00Z').getMinutes()", "34")]
    [InlineData("int(timestamp('1970-01-01T00:01:00Z'))", "60")]
    public void Times(string text, string expected) => Gives(text, expected);

    [Theory]
    [InlineData("input.author.name", "\"Ann\"")]
    [InlineData("input.author.mentor.name", "\"Ben\"")]
    [InlineData("input.author.mentor.mentor.name", "null")]
    [InlineData("input.author == 1", "true")]
    [InlineData("loans.exists(l, l.book == input.id)", "true")]
    [InlineData("loans.all(l, l.days > 3)", "false")]
    [InlineData("loans.count(l, l.days > 3)", "1")]
    [InlineData("loans.filter(l, l.days > 3).size()", "1")]
    [InlineData("size(loans.filter(l, l.days > 3))", "1")]
    [InlineData("loans.sum(l, l.days, true)", "12")]
    [InlineData("loans.sum(l, l.fee, l.days > 100)", "0")]
    [InlineData("loans.max(l, l.days, true)", "9")]
    [InlineData("loans.min(l, l.days, l.days > 100)", "null")]
    [InlineData("loans.exists(l, l.book.author.name == 'Ann')", "true")]
    [InlineData("authors.exists(a, loans.exists(l, l.book.author == a.id))", "true")]
    public void RelationsAndCollections(string text, string expected) => Gives(text, expected);

    private static void Gives(string text, string expected)
    {
        var result = Expression.Compile(text, Library.Scope);
        Assert.True(result.Succeeded, string.Join('\n', result.Errors));
        var value = result.Expression.Evaluate(Some());
        Assert.True(value.IsNull || result.Expression.Type.IsNull || value.Kind == result.Expression.Type.Kind, $"{value.Kind} is no {result.Expression.Type}");
        Assert.Equal(expected, value.ToString());
    }

    private static MemoryLibrary Some()
    {
        var library = new MemoryLibrary();
        library.Tables["authors"] =
        [
            new() { ["id"] = Value.Of(1), ["name"] = Value.Of("Ann"), ["mentor"] = Value.Of(2) },
            new() { ["id"] = Value.Of(2), ["name"] = Value.Of("Ben"), ["mentor"] = Value.Of(77) },
        ];
        library.Tables["books"] = [new() { ["id"] = Value.Of(5), ["title"] = Value.Of("T"), ["author"] = Value.Of(1) }];
        library.Tables["loans"] =
        [
            new() { ["id"] = Value.Of(1), ["book"] = Value.Of(5), ["days"] = Value.Of(3) },
            new() { ["id"] = Value.Of(2), ["book"] = Value.Of(6), ["days"] = Value.Of(9), ["fee"] = Value.OfDecimal(1_500_000) },
        ];
        library.Records["input"] = library.Tables["books"][0];
        return library;
    }
}
