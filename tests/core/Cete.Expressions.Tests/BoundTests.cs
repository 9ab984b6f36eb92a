namespace Cete.Expressions.Tests;

/// <summary>Texts of strangers: whatever they are, an answer comes, and soon.</summary>
public sealed class BoundTests
{
    [Theory]
    [InlineData("(")]
    [InlineData("[")]
    [InlineData("!")]
    [InlineData("-")]
    [InlineData("- ")]
    [InlineData("size(")]
    [InlineData("true?1:")]
    [InlineData("true?")]
    [InlineData("record.title.contains(")]
    [InlineData("1+")]
    [InlineData("loans.exists(a,")]
    [InlineData(".a")]
    [InlineData("'")]
    [InlineData("\\")]
    [InlineData("&&")]
    public void RowsOfOneThingAreRefused(string thing)
    {
        foreach (var count in (int[])[1_000, 20_000])
        {
            var text = string.Concat(Enumerable.Repeat(thing, count));
            Assert.NotEmpty(Expression.Compile(text, Library.Scope).Errors);
            Assert.NotEmpty(Expression.Compile(text[..Math.Min(text.Length, ExpressionLimits.TextCharsMax)], Library.Scope).Errors);
        }
    }

    [Fact]
    public void TheBoundsThemselvesAreWithin()
    {
        Assert.True(Compiles(new string('(', ExpressionLimits.DepthMax - 1) + "1" + new string(')', ExpressionLimits.DepthMax - 1)));
        Fails(new string('(', ExpressionLimits.DepthMax) + "1" + new string(')', ExpressionLimits.DepthMax), "more than 20 expressions within each other");
        Assert.True(Compiles(string.Join(" + ", Enumerable.Repeat("1", ExpressionLimits.NodesMax / 2))));
        Fails(string.Join(" + ", Enumerable.Repeat("1", (ExpressionLimits.NodesMax / 2) + 1)), "more than 200 parts");
        Assert.True(Compiles(string.Join(" && ", Enumerable.Repeat("true", ExpressionLimits.NodesMax - 1))));
        Assert.True(Compiles("1" + new string(' ', ExpressionLimits.TextCharsMax - 1)));
        Fails("1" + new string(' ', ExpressionLimits.TextCharsMax), "longer than 4096 characters");
        Assert.True(Compiles($"1 in [{string.Join(",", Enumerable.Repeat("1", ExpressionLimits.ListLiteralMax))}]"));
        Fails($"1 in [{string.Join(",", Enumerable.Repeat("1", ExpressionLimits.ListLiteralMax + 1))}]", "a list of more than 100 items");
        Assert.True(Compiles(string.Join(" && ", Enumerable.Repeat("loans.exists(l, true)", ExpressionLimits.CollectionMacrosMax))));
        Fails(string.Join(" && ", Enumerable.Repeat("loans.exists(l, true)", ExpressionLimits.CollectionMacrosMax + 1)), "more than 4 macros");
        Fails($"'a'.matches('{new string('a', ExpressionLimits.PatternCharsMax + 1)}')", "longer than 200 characters");
    }

    [Fact]
    public void ErrorsAreBounded() =>
        Assert.Equal(ExpressionLimits.ErrorsMax, Expression.Compile(string.Join(" || ", Enumerable.Repeat("a.b", 60)), Library.Scope).Errors.Count);

    [Fact]
    public void ATextThatGrowsTooLongIsNothing()
    {
        var library = new MemoryLibrary();
        library.Records["record"] = new() { ["title"] = Value.Of(new string('\u00E9', 30_000)), ["owner"] = Value.Of(new string('x', 5_536)) };
        Assert.Equal("true", Run("size(record.title + record.owner) == 35536", library).ToString());
        Assert.True(Run("record.title + record.owner + 'x'", library).IsNull);
        Assert.True(Run("record.title + record.title + record.title", library).IsNull);
    }

    [Fact]
    public void LongListsWithinEachOtherEnd()
    {
        var library = new MemoryLibrary();
        var many = Value.OfList([.. Enumerable.Range(0, 5_000).Select(i => Value.Of($"r{i}"))]);
        Assert.Equal(ExpressionLimits.ListItemsMax, many.AsList.Count);
        library.Records["auth"] = new() { ["roles"] = many };
        library.Records["record"] = new() { ["tags"] = many };
        Assert.True(Run("auth.roles.exists(x, record.tags.exists(y, x == y + '?'))", library).IsNull);
        Assert.True(Run("auth.roles.exists(x, record.tags.exists(y, x + y in record.tags))", library).IsNull);
        Assert.True(Run("auth.roles.all(x, x in record.tags)", library) is { IsNull: true } or { IsTrue: false });
    }

    [Fact]
    public void PatternsTakeNoLongerThanTheirTexts()
    {
        var library = new MemoryLibrary();
        library.Records["record"] = new() { ["title"] = Value.Of(new string('a', 60_000) + "!") };
        Assert.False(Run("record.title.matches('^(a+)+$')", library).IsTrue);
        Assert.False(Run("record.title.matches('^(a|aa|a?){30}$')", library).IsTrue);
    }

    [Fact]
    public void ALongRowOfEachKindBecomesSql()
    {
        using var library = new SqlLibrary(new Core.Prng(1));
        foreach (var (part, sign) in ((string, string)[])[("record.pages", " + "), ("record.pages", " * "), ("record.title", " + "), ("record.lent", " || ")])
        {
            var text = string.Join(sign, Enumerable.Repeat(part, 66));
            var writer = new SqlWriter(library);
            Expression.Compile(text, Library.Scope).Expression!.WriteSql(writer, "record", "r", library.Memory);
            Assert.NotEmpty(library.Select("1", $"({writer.Text}) IS NULL OR 1", writer.Values));
        }

        // Each level of these writes its operand more than once.
        foreach (var (head, tail) in ((string, string)[])[("abs(", ")"), ("(record.pages - ", ")"), ("abs(1 + ", ")"), ("round(0.5 + ", ")"), ("min(", ", 7)")])
        {
            var text = string.Concat(Enumerable.Repeat(head, 18)) + "record.pages" + string.Concat(Enumerable.Repeat(tail, 18));
            var writer = new SqlWriter(library);
            Expression.Compile(text, Library.Scope).Expression!.WriteSql(writer, "record", "r", library.Memory);
            Assert.InRange(writer.Text.Length, 1, 16_000);
            Assert.NotEmpty(library.Select("1", $"({writer.Text}) IS NULL OR 1", writer.Values));
        }
    }

    private static bool Compiles(string text) => Expression.Compile(text, Library.Scope).Succeeded;

    private static Value Run(string text, MemoryLibrary library) => Expression.Compile(text, Library.Scope).Expression!.Evaluate(library);

    private static void Fails(string text, string message) =>
        Assert.Contains(message, Assert.Single(Expression.Compile(text, Library.Scope).Errors).Message, StringComparison.Ordinal);
}
