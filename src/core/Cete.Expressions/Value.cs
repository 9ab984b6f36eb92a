using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Cete.Expressions;

/// <summary>What an expression reads and gives: immutable, compared by kind and content.</summary>
public readonly struct Value : IEquatable<Value>
{
    private readonly long _number;
    private readonly object? _content;

    private Value(ValueKind kind, long number, object? content = null) => (Kind, _number, _content) = (kind, number, content);

    /// <summary>No value.</summary>
    public static Value Null => default;

    /// <summary>True.</summary>
    public static Value True { get; } = new(ValueKind.Bool, 1);

    /// <summary>False.</summary>
    public static Value False { get; } = new(ValueKind.Bool, 0);

    /// <summary>What it is.</summary>
    public ValueKind Kind { get; }

    /// <summary>True when it is no value.</summary>
    public bool IsNull => Kind == ValueKind.Null;

    /// <summary>True for true alone: null counts as false.</summary>
    public bool IsTrue => Kind == ValueKind.Bool && _number != 0;

    /// <summary>The number of all that is kept as one: an int, millionths, microseconds, days, 0 or 1 of a bool; 0 of all else.</summary>
    public long Number => _number;

    /// <summary>The same of an int.</summary>
    public long AsInt => Kind == ValueKind.Int ? _number : 0;

    /// <summary>The text; empty for what is none.</summary>
    public string AsText => _content as string ?? string.Empty;

    /// <summary>The items of a list; none for what is no list.</summary>
    public IReadOnlyList<Value> AsList => _content as IReadOnlyList<Value> ?? [];

    /// <summary>A bool.</summary>
    public static Value Of(bool value) => value ? True : False;

    /// <summary>An int.</summary>
    public static Value Of(long value) => new(ValueKind.Int, value);

    /// <summary>A decimal.</summary>
    public static Value OfDecimal(long millionths) => new(ValueKind.Decimal, millionths);

    /// <summary>A moment, in microseconds since 1970-01-01.</summary>
    public static Value OfTimestamp(long microseconds) => new(ValueKind.Timestamp, microseconds);

    /// <summary>A span of time, in microseconds.</summary>
    public static Value OfDuration(long microseconds) => new(ValueKind.Duration, microseconds);

    /// <summary>A day, counted from 1970-01-01.</summary>
    public static Value OfDate(long days) => new(ValueKind.Date, days);

    /// <summary>
    /// A text; null gives no value. Half a pair of surrogates, NUL, U+001E and U+001F become U+FFFD: no database keeps the first as it is, PostgreSQL
    /// refuses the second and SQLite's length() ends at it, and in columns lists have the others as null and between their items.
    /// </summary>
    public static Value Of(string? text) => text is null ? default : new(ValueKind.Text, 0, TextRules.Clean(text));

    /// <summary>A list; what is beyond <see cref="ExpressionLimits.ListItemsMax"/> is left out.</summary>
    public static Value OfList(IReadOnlyList<Value> items) => new(ValueKind.List, 0, items.Take(ExpressionLimits.ListItemsMax).ToArray());

    /// <summary>A value of a kind that is kept as a number.</summary>
    internal static Value OfNumber(ValueKind kind, long number) => new(kind, number);

    /// <summary>Content and kind alike; an int equals the decimal of the same value.</summary>
    public bool Equals(Value other)
    {
        if (Kind != other.Kind)
        {
            return IsNumber && other.IsNumber && Millionths == other.Millionths;
        }

        return Kind switch
        {
            ValueKind.Text => string.Equals(AsText, other.AsText, StringComparison.Ordinal),
            ValueKind.List => AsList.SequenceEqual(other.AsList),
            _ => _number == other._number,
        };
    }

    public override bool Equals(object? obj) => obj is Value other && Equals(other);

    public override int GetHashCode() => Kind switch
    {
        ValueKind.Text => AsText.GetHashCode(StringComparison.Ordinal),
        ValueKind.List => AsList.Aggregate(17, (hash, item) => unchecked((hash * 31) + item.GetHashCode())),
        _ when IsNumber => unchecked((int)(long)Millionths ^ (int)(long)(Millionths >> 32)),
        _ => unchecked((int)_number ^ (int)(_number >> 32) ^ ((int)Kind << 24)),
    };

    public static bool operator ==(Value left, Value right) => left.Equals(right);

    public static bool operator !=(Value left, Value right) => !left.Equals(right);

    /// <summary>Which comes first: below, at or above 0. Null where there is no order: for null, bools, lists and for kinds that do not go together.</summary>
    public int? CompareTo(Value other)
    {
        if (Kind != other.Kind)
        {
            return IsNumber && other.IsNumber ? Millionths.CompareTo(other.Millionths) : null;
        }

        return Kind switch
        {
            ValueKind.Null or ValueKind.Bool or ValueKind.List => null,
            ValueKind.Text => TextRules.Compare(AsText, other.AsText),
            _ => _number.CompareTo(other._number),
        };
    }

    /// <summary>As it stands in a column and travels as a parameter: a long, a text, or null.</summary>
    public object? ToStored() => Kind switch
    {
        ValueKind.Null => null,
        ValueKind.Text => AsText,
        ValueKind.List => StoredList(),
        _ => _number,
    };

    /// <summary>The value of a column: what <see cref="ToStored"/> gave. Null for what cannot be a value of that type.</summary>
    public static Value FromStored(ExpressionType type, object? stored)
    {
        if (type.Kind == ValueKind.List)
        {
            var isKept = type.Element?.Kind is ValueKind.Text or ValueKind.Null;
            return isKept && stored is string items ? OfList([.. items.Split(TextRules.Mark).Skip(1).SkipLast(1).Select(OfItem)]) : Null;
        }

        return (type.Kind, stored) switch
        {
            (ValueKind.Text, string text) => Of(text),
            (ValueKind.Null or ValueKind.Text, _) => Null,
            (ValueKind.Bool, long number) => Of(number == 1),
            (_, long number) => OfNumber(type.Kind, number),
            _ => Null,
        };
    }

    /// <summary>For people: as it would be written in an expression.</summary>
    public override string ToString() => Kind switch
    {
        ValueKind.Null => "null",
        ValueKind.Bool => IsTrue ? "true" : "false",
        ValueKind.Text => $"\"{AsText}\"",
        ValueKind.List => $"[{string.Join(", ", AsList)}]",
        _ => Running.Conversions.ToText(this) ?? FormattableString.Invariant($"{Kind} {_number}"),
    };

    private bool IsNumber => Kind is ValueKind.Int or ValueKind.Decimal;

    internal Int128 Millionths => Kind == ValueKind.Int ? (Int128)_number * ExpressionLimits.Million : _number;

    private static Value OfItem(string item) => item == TextRules.NullItem ? Null : Of(item);

    private string StoredList()
    {
        var text = new StringBuilder(AsList.Count == 0 ? string.Empty : TextRules.Separator);
        foreach (var item in AsList)
        {
            text.Append(item.IsNull ? TextRules.NullItem : item.AsText).Append(TextRules.Mark);
        }

        return text.ToString();
    }
}

/// <summary>Kinds of values.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "They are the words of the language.")]
public enum ValueKind
{
    /// <summary>No value.</summary>
    Null,

    /// <summary>True or false.</summary>
    Bool,

    /// <summary>A whole number of 64 bits; relations too: the id of the record they point to.</summary>
    Int,

    /// <summary>A number with six digits after the point, kept in millionths.</summary>
    Decimal,

    /// <summary>A text.</summary>
    Text,

    /// <summary>A moment in UTC, in microseconds since 1970-01-01.</summary>
    Timestamp,

    /// <summary>A span of time, in microseconds.</summary>
    Duration,

    /// <summary>A day, counted from 1970-01-01.</summary>
    Date,

    /// <summary>A list of values of one type.</summary>
    List,
}
