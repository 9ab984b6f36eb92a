using System.Diagnostics.CodeAnalysis;
using Cete.Core;

namespace Cete.Expressions;

/// <summary>The type of a value. (Not called ValueType: every file that has `using System` would have two of them.)</summary>
[SuppressMessage("Naming", "CA1720", Justification = "They are the words of the language.")]
public sealed class ExpressionType
{
    private ExpressionType(ValueKind kind, ExpressionType? element = null, RecordType? record = null) =>
        (Kind, Element, Record) = (kind, element, record);

    /// <summary>The type of `null` alone; it goes with every other.</summary>
    public static ExpressionType Null { get; } = new(ValueKind.Null);

    /// <summary>True or false.</summary>
    public static ExpressionType Bool { get; } = new(ValueKind.Bool);

    /// <summary>Whole numbers.</summary>
    public static ExpressionType Int { get; } = new(ValueKind.Int);

    /// <summary>Numbers with six digits after the point.</summary>
    public static ExpressionType Decimal { get; } = new(ValueKind.Decimal);

    /// <summary>Texts.</summary>
    public static ExpressionType Text { get; } = new(ValueKind.Text);

    /// <summary>Moments.</summary>
    public static ExpressionType Timestamp { get; } = new(ValueKind.Timestamp);

    /// <summary>Spans of time.</summary>
    public static ExpressionType Duration { get; } = new(ValueKind.Duration);

    /// <summary>Days.</summary>
    public static ExpressionType Date { get; } = new(ValueKind.Date);

    /// <summary>The kind of its values; null is a value of every type.</summary>
    public ValueKind Kind { get; }

    /// <summary>The type of a list's items; null for all else.</summary>
    public ExpressionType? Element { get; }

    /// <summary>What a relation points to; null for all else.</summary>
    public RecordType? Record { get; }

    /// <summary>The type of `null` alone.</summary>
    public bool IsNull => Kind == ValueKind.Null;

    /// <summary>Lists of that type.</summary>
    public static ExpressionType ListOf(ExpressionType element)
    {
        Check.That(element.Kind != ValueKind.List, "a list of lists");
        return new(ValueKind.List, element);
    }

    /// <summary>The id of a record of that type.</summary>
    public static ExpressionType RelationTo(RecordType record) => new(ValueKind.Int, record: record);

    /// <summary>For messages: `list of text`, `relation to books`.</summary>
    public override string ToString() => this switch
    {
        { Record: { } record } => $"relation to {record.Name}",
        { Kind: ValueKind.List, Element.IsNull: true } => "empty list",
        { Element: { } element } => $"list of {element}",
        { Kind: ValueKind.Null } => "null",
        { Kind: ValueKind.Bool } => "bool",
        { Kind: ValueKind.Int } => "int",
        { Kind: ValueKind.Decimal } => "decimal",
        { Kind: ValueKind.Text } => "text",
        { Kind: ValueKind.Timestamp } => "timestamp",
        { Kind: ValueKind.Duration } => "duration",
        _ => "date",
    };

    /// <summary>The same with its article: `an int`.</summary>
    internal string WithArticle => this switch
    {
        { IsNull: true } => "null",
        { Kind: ValueKind.Int, Record: null } or { Kind: ValueKind.List, Element.IsNull: true } => $"an {this}",
        _ => $"a {this}",
    };

    internal bool IsNumber => Kind is ValueKind.Int or ValueKind.Decimal && Record is null;

    /// <summary>The type that holds the values of both; null when there is none.</summary>
    internal static ExpressionType? Common(ExpressionType a, ExpressionType b)
    {
        if (a.IsNull || b.IsNull)
        {
            return a.IsNull ? b : a;
        }

        if (a.Kind == ValueKind.List && b.Kind == ValueKind.List)
        {
            return Common(a.Element!, b.Element!) is { } element ? ListOf(element) : null;
        }

        if (a.Kind == b.Kind)
        {
            return a.Record == b.Record ? a : a.Record is null || b.Record is null ? Int : null;
        }

        return a.IsNumber && b.IsNumber ? Decimal : null;
    }
}

/// <summary>The fields of one type of records. Types may refer to each other in circles, so fields are added afterwards.</summary>
public sealed class RecordType(string name)
{
    private readonly Dictionary<string, ExpressionType> _fields = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];

    /// <summary>What records of it are called, in the plural: `books`.</summary>
    public string Name { get; } = name;

    /// <summary>The fields, in the order in which they were added.</summary>
    public IReadOnlyList<string> Fields => _names;

    /// <summary>Adds a field. Nothing is here by itself: `id`, `owner` and the like are added as others are.</summary>
    /// <exception cref="CheckFailedException">It has one of that name.</exception>
    public RecordType Add(string field, ExpressionType type)
    {
        Check.That(_fields.TryAdd(field, type), $"two fields {field}");
        _names.Add(field);
        return this;
    }

    /// <summary>The type of a field.</summary>
    public bool TryFind(string field, [MaybeNullWhen(false)] out ExpressionType type) => _fields.TryGetValue(field, out type);
}
