using System.Globalization;
using Cete.Core;

namespace Cete.Expressions.Tests;

/// <summary>The rule of the whole: what is true in memory is found by the database, and nothing else is.</summary>
public sealed class SqlPropertyTests
{
    private const int Expressions = 6_000;

    private readonly ITestOutputHelper _output;

    public SqlPropertyTests(ITestOutputHelper output) => _output = output;

    [Fact]
    public void MemoryAndTheDatabaseGiveTheSame()
    {
        var tally = new Tally();
        Run(new Prng(26), Expressions, tally);
        _output.WriteLine(tally.ToString());
        Assert.True(tally.Sql > Expressions * 3 / 4, $"too few became SQL: {tally}");
        Assert.True(tally.Telling > tally.Conditions * 2 / 5, $"too few tell rows apart: {tally}");
    }

    /// <summary>More of the same, by hand: CETE_EXPRESSION_SEEDS says how many thousands.</summary>
    [Fact]
    public void MoreSeedsByHand()
    {
        var seeds = int.Parse(Environment.GetEnvironmentVariable("CETE_EXPRESSION_SEEDS") ?? "0", CultureInfo.InvariantCulture);
        var tally = new Tally();
        for (var seed = 0; seed < seeds; seed++)
        {
            Run(new Prng((ulong)(1_000 + seed)), 1_000, tally);
        }

        _output.WriteLine(tally.ToString());
    }

    private static void Run(Prng chance, int count, Tally tally)
    {
        SqlLibrary? library = null;
        for (var i = 0; i < count; i++)
        {
            if (i % 250 == 0)
            {
                library?.Dispose();
                library = new SqlLibrary(chance);
            }

            var generator = new ExpressionGenerator(chance.Split());
            var type = generator.AnyType();
            var text = generator.Of(type, 1 + chance.Next(4));
            var result = Expression.Compile(text, Library.Scope);
            if (result.Succeeded)
            {
                Compare(result.Expression, library!, tally);
            }
            else
            {
                tally.Refused++;
                Assert.All(result.Errors, error => Assert.Contains("more than", error.Message, StringComparison.Ordinal));
            }
        }

        library?.Dispose();
    }

    private static void Compare(Expression expression, SqlLibrary library, Tally tally)
    {
        var expected = new List<(long Id, Value Value)>();
        foreach (var book in library.Books)
        {
            library.Memory.Records["record"] = book;
            expected.Add((book["id"].Number, expression.Evaluate(library.Memory)));
        }

        if (expression.WhyNotSql("record") is not null)
        {
            tally.NoSql++;
            return;
        }

        // What SQL is made of must not look at a record: it has none.
        library.Memory.Records.Remove("record");
        tally.Sql++;
        var writer = new SqlWriter(library);
        expression.WriteSql(writer, "record", "r", library.Memory);
        var sql = writer.Text.ToString();
        try
        {
            Assert.True(sql.Length < 100 * expression.Text.Length + 1_000, "it grew");
            if (expression.Type.Kind == ValueKind.Bool)
            {
                var ids = expected.Where(row => row.Value.IsTrue).Select(row => row.Id).ToList();
                Assert.Equal(ids, library.Select("1", sql, writer.Values).Select(row => row.Id));
                tally.Conditions++;
                tally.Telling += ids.Count > 0 && ids.Count < expected.Count ? 1 : 0;
            }
            else
            {
                Assert.Equal(expected, library.Select(sql, "true", writer.Values).Select(row => (row.Id, Value.FromStored(expression.Type, row.Value))));
                tally.Values++;
                tally.Different += expected.Select(row => row.Value).Distinct().Count() > 1 ? 1 : 0;
            }
        }
        catch (Exception fault)
        {
            throw new InvalidOperationException($"{expression.Text}\n{sql}\n{string.Join(", ", writer.Values)}\n{fault.Message}", fault);
        }
    }

    private sealed class Tally
    {
        public int Sql { get; set; }

        public int NoSql { get; set; }

        public int Refused { get; set; }

        public int Conditions { get; set; }

        public int Telling { get; set; }

        public int Values { get; set; }

        public int Different { get; set; }

        public override string ToString() => FormattableString.Invariant(
            $"{Sql} SQL, {NoSql} not, {Refused} refused; of {Conditions} conditions {Telling} tell rows apart, of {Values} values {Different} differ");
    }
}
