namespace Cete.Expressions.Tests;

/// <summary>What is wrong with a text, and where: the line and column, and the words that tell what to do.</summary>
public sealed class ErrorTests
{
    [Theory]
    [InlineData("", 1, 1, "something is missing at the end")]
    [InlineData("1 +", 1, 4, "something is missing at the end")]
    [InlineData("1 2", 1, 3, "'2' was not expected here; an operator or the end was")]
    [InlineData("(1", 1, 3, "')' was expected here, to close what was opened; the end was found")]
    [InlineData("true ? 1", 1, 9, "':' was expected here")]
    [InlineData("size(1 2)", 1, 8, "')' was expected here, or ',' and one more; '2' was found")]
    [InlineData("[1,", 1, 4, "something is missing at the end")]
    [InlineData("record.", 1, 8, "the end cannot stand after a point")]
    [InlineData("record.tags[0]", 1, 12, "items of a list have no numbers here")]
    [InlineData("in [1]", 1, 1, "'in' needs a value before it")]
    [InlineData("1 = 1", 1, 3, "write '==' to compare")]
    [InlineData("true & true", 1, 6, "write '&&'")]
    [InlineData("1 == #", 1, 6, "'#' means nothing outside of a text")]
    [InlineData("'abc", 1, 1, "the text that begins here does not end")]
    [InlineData("'abc\ndef'", 1, 1, "the text that begins here does not end")]
    [InlineData("'a\\q'", 1, 3, "no such escape")]
    [InlineData("'\\ud800'", 1, 2, "no such escape")]
    [InlineData("'\\U00110000'", 1, 2, "no such escape")]
    [InlineData("'\\u00", 1, 2, "no such escape")]
    [InlineData("12abc", 1, 3, "a letter in a number")]
    [InlineData("1.5e3", 1, 4, "a letter in a number")]
    [InlineData("1.1234567", 1, 1, "six digits after the point at most")]
    [InlineData("9223372036854775808", 1, 1, "a number of more than 64 bits")]
    [InlineData("-9223372036854775809", 1, 2, "a number of more than 64 bits")]
    [InlineData("9223372036854.775808", 1, 1, "too large for six digits after the point")]
    public void OfWords(string text, int line, int column, string message) => Fails(text, line, column, message);

    [Theory]
    [InlineData("record.titel == 'x'", 1, 8, "there is no field 'titel' in books; did you mean 'title'?")]
    [InlineData("true &&\n  record.Title == 'x'", 2, 10, "did you mean 'title'?")]
    [InlineData("true &&\r\n\r\n  recrod.title == 'x'", 3, 3, "there is nothing called 'recrod' here; did you mean 'record'?")]
    [InlineData("record.author.nam == ''", 1, 15, "there is no field 'nam' in authors; did you mean 'name'?")]
    [InlineData("record.zzzzzz == 1", 1, 8, "there is no field 'zzzzzz' in books")]
    [InlineData("record == 1", 1, 1, "'record' has fields and is no value itself; name one of them, as record.id")]
    [InlineData("loans == 1", 1, 1, "'loans' is a collection")]
    [InlineData("record.title.x == 1", 1, 14, "a text has no fields")]
    [InlineData("record.next.next.next.next.title == ''", 1, 28, "more than 3 relations in a row")]
    [InlineData("sise(record.title) > 1", 1, 1, "there is no function 'sise'; did you mean 'size'?")]
    [InlineData("record.title.startWith('a')", 1, 14, "there is no 'startWith()' of a text; did you mean 'startsWith'?")]
    public void OfNames(string text, int line, int column, string message) => Fails(text, line, column, message);

    [Theory]
    [InlineData("record.title == 1", 1, 14, "a text and an int cannot be compared")]
    [InlineData("record.title < null", 1, 14, "'<' with null is never true")]
    [InlineData("record.lent < true", 1, 13, "have no order")]
    [InlineData("record.author < 3", 1, 15, "a relation to authors and an int have no order")]
    [InlineData("record.author == record.next", 1, 15, "a relation to authors and a relation to books cannot be compared")]
    [InlineData("record.title + 1 == ''", 1, 14, "there is no '+' of a text and an int; string() makes texts")]
    [InlineData("now + now == now", 1, 5, "there is no '+' of a timestamp and a timestamp")]
    [InlineData("null + 1 == 1", 1, 6, "there is no '+' of null and an int")]
    [InlineData("1.5 % 2 == 1", 1, 5, "there is no '%' of decimals")]
    [InlineData("!record.title", 1, 9, "behind '!' must be a bool, and this is a text; compare it")]
    [InlineData("record.title && true", 1, 8, "beside '&&' must be a bool")]
    [InlineData("1 ? 2 : 3", 1, 1, "before '?' must be a bool")]
    [InlineData("true ? 1 : 'a'", 1, 6, "both sides of ':' must have one type; they are an int and a text")]
    [InlineData("-record.title == 1", 1, 1, "'-' needs a number or a duration behind it")]
    [InlineData("'a' in record.title", 1, 5, "'in' looks into lists; for texts there is contains()")]
    [InlineData("1 in record.tags", 1, 3, "an int cannot be in a list of text")]
    [InlineData("1 in [1, 'a']", 1, 10, "items of a list must have one type; here is a text among ints")]
    [InlineData("[[1]] == [[1]]", 1, 2, "a list cannot hold lists")]
    [InlineData("size(1) == 1", 1, 1, "there is no size() of an int")]
    [InlineData("size() == 1", 1, 1, "size() takes 1 in its parentheses, not 0")]
    [InlineData("record.title.contains(1)", 1, 14, "contains() needs a text before it and in its parentheses; they are a text and an int")]
    [InlineData("has(1)", 1, 1, "has() needs a field")]
    [InlineData("record.title.matches(record.owner)", 1, 29, "the pattern of matches() must be written here")]
    [InlineData("record.title.matches('(')", 1, 22, "this is no regular expression")]
    [InlineData("record.title.matches('(a)\\\\1')", 1, 22, "matched without backtracking")]
    [InlineData("record.title.matches('((a{100}){100}){100}')", 1, 22, "the repetitions in the pattern come to more than 1000")]
    [InlineData("timestamp('yesterday') < now", 1, 11, "this is no timestamp; write it as timestamp(\"2026-11-23T10:00:00Z\")")]
    [InlineData("timestamp('2026-11-23T10:00:00') < now", 1, 11, "this is no timestamp")]
    [InlineData("timestamp(record.title) < now", 1, 18, "timestamp() needs a text that is written here")]
    [InlineData("date('2026-02-30') == null", 1, 6, "this is no date")]
    [InlineData("duration('1 h') == null", 1, 10, "this is no duration")]
    [InlineData("min(1, 'a') == 1", 1, 1, "they are an int and a text")]
    public void OfTypes(string text, int line, int column, string message) => Fails(text, line, column, message);

    [Theory]
    [InlineData("loans.exists(now, true)", 1, 14, "'now' is already the name of something else")]
    [InlineData("loans.exists(l, loans.exists(l, true))", 1, 30, "'l' is already the name of something else")]
    [InlineData("loans.exists(l.book, true)", 1, 7, "exists() is written as loans.exists(x, CONDITION)")]
    [InlineData("loans.sum(l, true)", 1, 7, "sum() is written as loans.sum(x, NUMBER, CONDITION)")]
    [InlineData("loans.sum(l, l.borrower, true) == 1", 1, 16, "there is no sum() of a text")]
    [InlineData("loans.filter(l, true)", 1, 7, "write .size() behind it")]
    [InlineData("loans.frist(l, true)", 1, 7, "there is no 'frist()' of a collection")]
    [InlineData("loans.exists(l, l.days)", 1, 19, "the condition must be a bool")]
    [InlineData("loans.exists(a, loans.exists(b, loans.exists(c, true)))", 1, 46, "a macro within a macro within a macro")]
    [InlineData("record.title.exists(x, true)", 1, 14, "exists() needs a collection or a list with items before it")]
    [InlineData("l.days > 1 && loans.exists(l, true)", 1, 1, "there is nothing called 'l' here")]
    public void OfMacros(string text, int line, int column, string message) => Fails(text, line, column, message);

    [Fact]
    public void AllErrorsAreToldAtOnce()
    {
        var result = Expression.Compile("record.titel == 1 ||\n record.pages == 'x' &&\n !record.owner", Library.Scope);
        Assert.Null(result.Expression);
        Assert.Equal(["1:8", "2:15", "3:10"], result.Errors.Select(error => $"{error.Line}:{error.Column}"));
    }

    [Fact]
    public void WhatIsExpectedIsWhatComesOut()
    {
        var error = Assert.Single(Expression.Compile("5", Library.Scope, ExpressionType.Bool).Errors);
        Assert.Equal("1:1: a bool is needed here, and this is an int", error.ToString());
        Assert.Equal(ExpressionType.Decimal, Expression.Compile("5", Library.Scope, ExpressionType.Decimal).Expression?.Type);
        Assert.True(Expression.Compile("null", Library.Scope, ExpressionType.Bool).Succeeded);
        Assert.True(Expression.Compile("record.author", Library.Scope, ExpressionType.RelationTo(Library.Authors)).Succeeded);
        Assert.False(Expression.Compile("record.author", Library.Scope, ExpressionType.RelationTo(Library.Books)).Succeeded);
        Assert.True(Expression.Compile("[]", Library.Scope, ExpressionType.ListOf(ExpressionType.Text)).Succeeded);
        Assert.False(Expression.Compile("[1]", Library.Scope, ExpressionType.ListOf(ExpressionType.Text)).Succeeded);
    }

    [Fact]
    public void WhatItReadsIsKnown()
    {
        var expression = Expression.Compile(
            "record.owner == auth.id && now > record.created && loans.exists(l, l.book == record.id) && 'a' in auth.roles || auth.roles.exists(x, x == 'b')",
            Library.Scope).Expression!;
        Assert.Equal(
            [("record", "owner"), ("auth", "id"), ("record", "created"), ("record", "id"), ("auth", "roles"), ("now", string.Empty)], expression.Reads);
        Assert.Equal(["loans"], expression.Collections);
    }

    private static void Fails(string text, int line, int column, string message)
    {
        var result = Expression.Compile(text, Library.Scope);
        Assert.Null(result.Expression);
        var error = result.Errors[0];
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (error.Line, error.Column));
    }
}
