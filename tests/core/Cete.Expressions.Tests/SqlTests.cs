using Cete.Core;

namespace Cete.Expressions.Tests;

/// <summary>How rules look as SQL, where that matters: for indexes, for the other database, and where there is none.</summary>
public sealed class SqlTests
{
    [Theory]
    [InlineData("record.owner == auth.id", "r.\"c_owner\" = @p1")]
    [InlineData("record.owner != auth.id", "r.\"c_owner\" IS NOT @p1")]
    [InlineData("record.owner == record.title", "r.\"c_owner\" IS r.\"c_title\"")]
    [InlineData("record.owner == null", "r.\"c_owner\" IS NULL")]
    [InlineData("record.pages > auth.level && record.lent", "((r.\"c_pages\" > @p1) AND (r.\"c_lent\" = 1))")]
    [InlineData("!(record.pages > 3)", "NOT ((r.\"c_pages\" > @p1) IS TRUE)")]
    [InlineData("record.owner == auth.id || auth.level > 100", "r.\"c_owner\" = @p1")]
    [InlineData("record.owner == auth.id || auth.level == 7", "1 = 1")]
    [InlineData("record.owner in ['a', 'b', 'a']", "r.\"c_owner\" IN (@p1, @p2)")]
    [InlineData("'a' in record.tags", "instr(r.\"c_tags\", @p1) > 0")]
    [InlineData("record.created + duration('1d') > now", "(CASE WHEN typeof((r.\"c_created\" + @p1)) = 'integer'")]
    [InlineData("record.author.name == 'x'", "(SELECT x1.\"c_name\" FROM t_authors x1 WHERE x1.\"c_id\" = r.\"c_author\") = @p1")]
    [InlineData("loans.exists(l, l.book == record.id)", "EXISTS (SELECT 1 FROM t_loans x1 WHERE (x1.\"c_book\" = r.\"c_id\") AND (x1.deleted IS NULL))")]
    [InlineData("loans.exists(l, l.borrower == auth.id)", "EXISTS (SELECT 1 FROM t_loans x1 WHERE (x1.\"c_borrower\" = @p1)")]
    [InlineData("now > timestamp('2020-01-01T00:00:00Z')", "1 = 1")]
    public void InSqlite(string text, string sql) => Assert.StartsWith(sql, Written(text, SqlDialect.Sqlite).Text.ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("record.owner == record.title", "r.\"c_owner\" IS NOT DISTINCT FROM r.\"c_title\"")]
    [InlineData("record.owner < 'b'", "(r.\"c_owner\" COLLATE \"C\") < @p1")]
    [InlineData("record.pages / auth.level > 1", "div(r.\"c_pages\"::numeric, nullif(@p1, 0)::numeric)")]
    [InlineData("record.pages + 1 > 1", "BETWEEN -9223372036854775808 AND 9223372036854775807")]
    [InlineData("record.title.endsWith('x')", "(right(r.\"c_title\", length(@p1)) = @p1)")]
    [InlineData("'a' in record.tags", "strpos(r.\"c_tags\", @p1) > 0")]
    [InlineData("record.lent == record.title.contains('x')", "(strpos(r.\"c_title\", @p1) > 0)::int")]
    [InlineData("loans.sum(l, l.days, true) > 1", "sum(x2.v::numeric)")]
    public void InPostgreSql(string text, string sql) => Assert.Contains(sql, Written(text, SqlDialect.PostgreSql).Text.ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("true && record.title.matches('a')", 1, 22, "matches() of a record's field cannot become SQL")]
    [InlineData("record.created.getHours() > 1", 1, 16, "getHours()")]
    [InlineData("int(record.title) > 1", 1, 1, "int()")]
    [InlineData("string(record.price) == ''", 1, 1, "string()")]
    [InlineData("record.price * record.price > 1", 1, 14, "decimals")]
    [InlineData("record.tags.exists(x, x == 'a')", 1, 13, "exists() over a list")]
    [InlineData("auth.roles.exists(x, x == record.title)", 1, 12, "exists() over a list")]
    [InlineData("[record.title] == record.tags", 1, 1, "behind 'in' alone")]
    [InlineData("loans.exists(l,\n l.borrower.matches('a'))", 2, 13, "matches()")]
    [InlineData("record.author.born.getFullYear() > 1", 1, 20, "getFullYear()")]
    [InlineData("(record.lent ? [1] : [2]) == [1]", 1, 14, "a list of int that depends on a record")]
    public void WhatCannotIsRefused(string text, int line, int column, string message)
    {
        var why = Compiled(text).WhyNotSql("record");
        Assert.NotNull(why);
        Assert.Contains(message, why.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (why.Line, why.Column));
        if (!text.Contains("loans", StringComparison.Ordinal))
        {
            Assert.Null(Compiled(text.Replace("record", "input", StringComparison.Ordinal)).WhyNotSql("record"));
        }
    }

    [Theory]
    [InlineData("record.owner == auth.id", "SEARCH r USING INDEX by_owner")]
    [InlineData("record.owner == auth.id || record.title == 'x' && auth.level == 0", "SEARCH r USING INDEX by_owner")]
    [InlineData("record.owner in auth.roles", "SEARCH r USING INDEX by_owner")]
    [InlineData("record.owner in ['a', 'b'] && record.pages > 3", "SEARCH r USING INDEX by_owner")]
    [InlineData("record.price > 3", "SEARCH r USING INDEX by_price")]
    [InlineData("loans.exists(l, l.book == record.id)", "SEARCH x1 USING INDEX by_book")]
    [InlineData("record.author.name == 'x'", "SEARCH x1 USING INTEGER PRIMARY KEY")]
    public void IndexesAreUsed(string text, string plan)
    {
        using var library = new SqlLibrary(new Prng(1));
        library.Run("CREATE INDEX by_owner ON t_books (c_owner); CREATE INDEX by_price ON t_books (c_price); CREATE INDEX by_book ON t_loans (c_book)");
        var writer = new SqlWriter(library);
        Compiled(text).WriteSql(writer, "record", "r", Known(library));
        var carriedOut = library.Plan(writer.Text.ToString(), writer.Values).Replace("COVERING ", string.Empty, StringComparison.Ordinal);
        Assert.Contains(plan, carriedOut, StringComparison.Ordinal);
    }

    [Fact]
    public void ParametersGoOnBehindThoseOfOthers()
    {
        using var library = new SqlLibrary(new Prng(1));
        var writer = new SqlWriter(library, SqlDialect.Sqlite, 4);
        writer.Text.Append("SELECT 1 WHERE ");
        Compiled("record.pages > 5").WriteSql(writer, "record", "r", Known(library));
        Assert.Equal("SELECT 1 WHERE r.\"c_pages\" > @p4", writer.Text.ToString());
        Assert.Equal([5L], writer.Values);
    }

    /// <summary>A node that has a database answers macros in rules for single records with it: the same as going through all of them.</summary>
    [Fact]
    public void AMacroAloneIsAskedOfTheDatabase()
    {
        using var library = new SqlLibrary(new Prng(5));
        library.Memory.Records["record"] = library.Books[0];
        string[] texts =
            ["loans.count(l, l.days > 1)", "loans.sum(l, l.days, l.days < 9)", "loans.exists(l, l.book == input.id)", "loans.max(l, l.borrower, true)"];
        foreach (var text in texts)
        {
            var asking = new Asking(library);
            Assert.Equal(Compiled(text).Evaluate(library.Memory), Compiled(text).Evaluate(asking));
            Assert.Equal(1, asking.Asked);
        }
    }

    private static Expression Compiled(string text)
    {
        var result = Expression.Compile(text, Library.Scope);
        Assert.True(result.Succeeded, string.Join('\n', result.Errors));
        return result.Expression;
    }

    private static SqlWriter Written(string text, SqlDialect dialect)
    {
        using var library = new SqlLibrary(new Prng(1));
        var writer = new SqlWriter(library, dialect);
        Compiled(text).WriteSql(writer, "record", "r", Known(library));
        return writer;
    }

    private static MemoryLibrary Known(SqlLibrary library)
    {
        library.Memory.Records["auth"] = new()
        {
            ["id"] = Value.Of("ann"),
            ["level"] = Value.Of(7),
            ["roles"] = Value.OfList([Value.Of("a"), Value.Of("b")]),
        };
        return library.Memory;
    }

    private sealed class Asking(SqlLibrary library) : IEvaluationScope
    {
        public int Asked { get; private set; }

        public Value Get(string variable) => library.Memory.Get(variable);

        public Value Get(string variable, string field) => library.Memory.Get(variable, field);

        public Value Follow(RecordType type, long id, string field) => library.Memory.Follow(type, id, field);

        public Value Aggregate(CollectionMacro macro, IEvaluationScope scope)
        {
            Asked++;
            Assert.Null(macro.WhyNotSql(string.Empty));
            var writer = new SqlWriter(library);
            macro.WriteSql(writer, scope);
            return Value.FromStored(macro.Type, library.Select(writer.Text.ToString(), "true", writer.Values)[0].Value);
        }
    }
}
