using System.Diagnostics.CodeAnalysis;
using Cete.Expressions;

namespace Cete.Described;

/// <summary>What a field holds. How it is edited and shown is said apart.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "The names are those of the language.")]
public enum FieldType
{
    /// <summary>A line of text.</summary>
    Text,

    /// <summary>Text with CommonMark in it.</summary>
    Markdown,

    /// <summary>A whole number of 64 bits.</summary>
    Integer,

    /// <summary>A number with up to six digits behind the point.</summary>
    Decimal,

    /// <summary>Yes or no.</summary>
    Boolean,

    /// <summary>A day of the calendar, without a time zone.</summary>
    Date,

    /// <summary>A moment, in UTC.</summary>
    DateTime,

    /// <summary>A length of time.</summary>
    Duration,

    /// <summary>One of the field's options.</summary>
    Select,

    /// <summary>Some of the field's options.</summary>
    MultiSelect,

    /// <summary>Another record of the service.</summary>
    Relation,

    /// <summary>An account of the community.</summary>
    Account,

    /// <summary>A content of the file index, by its root: who shows the record can download it from the community.</summary>
    File,

    /// <summary>An address (http, https, mailto, magnet or cete).</summary>
    Link,

    /// <summary>An e-mail address.</summary>
    Email,

    /// <summary>A telephone number (E.164, with spaces as people write them).</summary>
    Phone,

    /// <summary>A place: latitude and longitude in degrees, as <c>52.52,13.405</c>.</summary>
    Geo,

    /// <summary>1 to 5, or to the field's <c>max</c>.</summary>
    Rating,

    /// <summary>When something comes again: a rule of RFC 5545, with exceptions and dates in lines below it.</summary>
    Recurrence,

    /// <summary>A time zone by its name of IANA's, as <c>Europe/Berlin</c>.</summary>
    TimeZone,

    /// <summary>An amount of credits.</summary>
    Credits,

    /// <summary>Bytes for named devices, as base64: no rule, search or hook looks inside.</summary>
    Sealed,

    /// <summary>Computed of the record's other fields and of records that point to it, whenever it is read.</summary>
    Formula,
}

/// <summary>The names of field types, and what expressions see of them.</summary>
public static class FieldTypes
{
    private static readonly Dictionary<string, FieldType> Names = new(StringComparer.Ordinal)
    {
        ["text"] = FieldType.Text,
        ["markdown"] = FieldType.Markdown,
        ["integer"] = FieldType.Integer,
        ["decimal"] = FieldType.Decimal,
        ["boolean"] = FieldType.Boolean,
        ["date"] = FieldType.Date,
        ["date-time"] = FieldType.DateTime,
        ["duration"] = FieldType.Duration,
        ["select"] = FieldType.Select,
        ["multi-select"] = FieldType.MultiSelect,
        ["relation"] = FieldType.Relation,
        ["account"] = FieldType.Account,
        ["file"] = FieldType.File,
        ["link"] = FieldType.Link,
        ["e-mail"] = FieldType.Email,
        ["phone"] = FieldType.Phone,
        ["geo"] = FieldType.Geo,
        ["rating"] = FieldType.Rating,
        ["recurrence"] = FieldType.Recurrence,
        ["time-zone"] = FieldType.TimeZone,
        ["credits"] = FieldType.Credits,
        ["sealed"] = FieldType.Sealed,
        ["formula"] = FieldType.Formula,
    };

    /// <summary>All names, in the order of the reference.</summary>
    public static IReadOnlyCollection<string> All => Names.Keys;

    /// <summary>The type of a name; null where there is none.</summary>
    public static FieldType? Find(string name) => Names.TryGetValue(name, out var type) ? type : null;

    /// <summary>The name of a type.</summary>
    public static string NameOf(FieldType type) => Names.First(pair => pair.Value == type).Key;

    /// <summary>Whether it is kept as text.</summary>
    public static bool IsText(FieldType type) => type is FieldType.Text or FieldType.Markdown or FieldType.Select or FieldType.Account or FieldType.File
        or FieldType.Link or FieldType.Email or FieldType.Phone or FieldType.Geo or FieldType.Sealed
        or FieldType.Recurrence or FieldType.TimeZone;

    /// <summary>Whether it holds words that somebody wrote, by which a record may be found.</summary>
    public static bool IsWords(FieldType type) => type is FieldType.Text or FieldType.Markdown or FieldType.Link or FieldType.Email or FieldType.Phone;

    /// <summary>Whether it is a number that can be counted up.</summary>
    public static bool IsNumber(FieldType type) =>
        type is FieldType.Integer or FieldType.Decimal or FieldType.Rating or FieldType.Credits or FieldType.Duration;

    /// <summary>What expressions see; null for what they see nothing of.</summary>
    /// <param name="type">The type.</param>
    /// <param name="to">What a relation points to.</param>
    public static ExpressionType? ToExpressionType(FieldType type, RecordType? to) => type switch
    {
        FieldType.Sealed or FieldType.Formula => null,
        FieldType.Integer or FieldType.Rating => ExpressionType.Int,
        FieldType.Decimal or FieldType.Credits => ExpressionType.Decimal,
        FieldType.Boolean => ExpressionType.Bool,
        FieldType.Date => ExpressionType.Date,
        FieldType.DateTime => ExpressionType.Timestamp,
        FieldType.Duration => ExpressionType.Duration,
        FieldType.MultiSelect => ExpressionType.ListOf(ExpressionType.Text),
        FieldType.Relation => to is null ? ExpressionType.Int : ExpressionType.RelationTo(to),
        _ => ExpressionType.Text,
    };
}
