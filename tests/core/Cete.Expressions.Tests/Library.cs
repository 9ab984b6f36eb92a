namespace Cete.Expressions.Tests;

/// <summary>The service that tests speak of: books, their authors, and who has lent what.</summary>
internal static class Library
{
    public static RecordType Authors { get; } = new("authors");

    public static RecordType Books { get; } = new("books");

    public static RecordType Loans { get; } = new("loans");

    public static RecordType Auth { get; } = new RecordType("auth")
        .Add("id", ExpressionType.Text).Add("roles", ExpressionType.ListOf(ExpressionType.Text)).Add("level", ExpressionType.Int);

    public static ExpressionScope Scope { get; }

    static Library()
    {
        Authors.Add("id", ExpressionType.Int).Add("name", ExpressionType.Text).Add("born", ExpressionType.Date)
            .Add("mentor", ExpressionType.RelationTo(Authors));
        Books.Add("id", ExpressionType.Int).Add("title", ExpressionType.Text).Add("owner", ExpressionType.Text).Add("pages", ExpressionType.Int)
            .Add("price", ExpressionType.Decimal).Add("created", ExpressionType.Timestamp).Add("length", ExpressionType.Duration)
            .Add("printed", ExpressionType.Date).Add("lent", ExpressionType.Bool).Add("tags", ExpressionType.ListOf(ExpressionType.Text))
            .Add("author", ExpressionType.RelationTo(Authors)).Add("next", ExpressionType.RelationTo(Books));
        Loans.Add("id", ExpressionType.Int).Add("book", ExpressionType.RelationTo(Books)).Add("borrower", ExpressionType.Text)
            .Add("due", ExpressionType.Timestamp).Add("fee", ExpressionType.Decimal).Add("days", ExpressionType.Int);
        Scope = new ExpressionScope().Add("record", Books).Add("input", Books).Add("auth", Auth).Add("now", ExpressionType.Timestamp)
            .AddCollection("books", Books).AddCollection("loans", Loans).AddCollection("authors", Authors);
    }
}

/// <summary>Records in memory.</summary>
internal sealed class MemoryLibrary : IEvaluationScope
{
    public Dictionary<string, Dictionary<string, Value>> Records { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Value> Plain { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, List<Dictionary<string, Value>>> Tables { get; } = new(StringComparer.Ordinal);

    public Value Get(string variable) => Plain.GetValueOrDefault(variable);

    public Value Get(string variable, string field) => Records.TryGetValue(variable, out var record) ? record.GetValueOrDefault(field) : Value.Null;

    public Value Follow(RecordType type, long id, string field) =>
        Tables[type.Name].FirstOrDefault(row => row["id"].Number == id)?.GetValueOrDefault(field) ?? Value.Null;

    public Value Aggregate(CollectionMacro macro, IEvaluationScope scope) =>
        macro.Evaluate(Tables[macro.Collection].Select(row => (Func<string, Value>)(field => row.GetValueOrDefault(field))), scope);
}
