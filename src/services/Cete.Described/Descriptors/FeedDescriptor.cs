using Cete.Expressions;

namespace Cete.Described;

/// <summary>Records in a format of other programs: which fields play which part of it.</summary>
/// <param name="Name">a-z, 0-9 and '-', a letter first.</param>
/// <param name="Format">One of <see cref="FeedFormats.All"/>.</param>
/// <param name="Title">What people call it.</param>
public sealed record FeedDescriptor(string Name, string Format, Words Title)
{
    /// <summary>Of which records.</summary>
    public string Of { get; init; } = string.Empty;

    /// <summary>What the format calls them: of iCalendar <c>event</c> or <c>todo</c>; empty where there is but one thing.</summary>
    public string As { get; init; } = string.Empty;

    /// <summary>Which of them; null for all.</summary>
    public Expression? Filter { get; init; }

    /// <summary>In which order: names of fields, '-' before those that fall.</summary>
    public IReadOnlyList<string> Sort { get; init; } = [];

    /// <summary>The field that plays each part.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();

    /// <summary>What the format calls the choices of the field that is the part <c>status</c>.</summary>
    public IReadOnlyDictionary<string, string> Status { get; init; } = new Dictionary<string, string>();

    /// <summary>Files of the format can be read, too.</summary>
    public bool IsImported => Format != FeedFormats.Atom;

    /// <summary>The field of a part; null where none plays it.</summary>
    public string? FieldOf(string part) => Fields.GetValueOrDefault(part);
}

/// <summary>A part of a format.</summary>
/// <param name="Name">What descriptions call it.</param>
/// <param name="Types">The types of field that can play it.</param>
/// <param name="IsNeeded">Without it there is nothing to write.</param>
/// <param name="IsGuessed">Where but one field can be meant, it need not be named.</param>
public sealed record FeedPart(string Name, IReadOnlyList<FieldType> Types, bool IsNeeded = false, bool IsGuessed = true);

/// <summary>Formats of feeds, and their parts.</summary>
public static class FeedFormats
{
    /// <summary>What is new (RFC 4287); written alone.</summary>
    public const string Atom = "atom";

    /// <summary>Events and to-dos (RFC 5545).</summary>
    public const string Calendar = "icalendar";

    /// <summary>People (RFC 6350).</summary>
    public const string Card = "vcard";

    /// <summary>Bookmarks, as browsers write them.</summary>
    public const string Bookmarks = "bookmarks";

    /// <summary>Outlines (OPML 2.0).</summary>
    public const string Opml = "opml";

    /// <summary>An object of JSON a line.</summary>
    public const string JsonLines = "jsonl";

    private static readonly FieldType[] Line = [FieldType.Text];
    private static readonly FieldType[] Moment = [FieldType.Date, FieldType.DateTime];
    private static readonly FieldType[] Group = [FieldType.Text, FieldType.Select, FieldType.MultiSelect, FieldType.Relation];

    private static readonly FeedPart Title = new("title", Line, IsNeeded: true);
    private static readonly FeedPart Headline = new("title", [FieldType.Text, FieldType.Markdown, FieldType.Relation], IsNeeded: true);
    private static readonly FeedPart Summary = new("summary", [FieldType.Markdown, FieldType.Text]);
    private static readonly FeedPart Link = new("link", [FieldType.Link]);
    private static readonly FeedPart Geo = new("geo", [FieldType.Geo]);
    private static readonly FeedPart Category = new("category", Group, IsGuessed: false);
    private static readonly FeedPart Uid = new("uid", Line, IsGuessed: false);

    private static readonly FeedPart[] OfBoth =
    [
        Title, Summary, new("place", Line, IsGuessed: false), Geo, Link, Category, new("status", [FieldType.Select], IsGuessed: false),
        new("priority", [FieldType.Integer], IsGuessed: false), new("recurrence", [FieldType.Recurrence]), new("zone", [FieldType.TimeZone]),
        new("whole-day", [FieldType.Boolean], IsGuessed: false), Uid,
    ];

    /// <summary>All formats, in the order of the reference.</summary>
    public static IReadOnlyList<string> All { get; } = [Atom, Calendar, Card, Bookmarks, Opml, JsonLines];

    /// <summary>What iCalendar can call records.</summary>
    public static IReadOnlyList<string> Components { get; } = ["event", "todo"];

    /// <summary>What iCalendar calls how events and to-dos stand.</summary>
    public static IReadOnlyList<string> StatusWords(string component) =>
        component == "todo" ? ["needs-action", "in-process", "completed", "cancelled"] : ["tentative", "confirmed", "cancelled"];

    /// <summary>The parts of a format.</summary>
    public static IReadOnlyList<FeedPart> Parts(string format, string component) => (format, component) switch
    {
        (Atom, _) =>
        [
            Headline, Summary, Link, new("published", [FieldType.DateTime], IsGuessed: false), new("updated", [FieldType.DateTime], IsGuessed: false),
            new("author", [FieldType.Account], IsGuessed: false), Category,
        ],
        (Calendar, "todo") =>
        [
            .. OfBoth, new("start", Moment, IsGuessed: false), new("due", Moment), new("completed", [FieldType.DateTime], IsGuessed: false),
        ],
        (Calendar, _) => [.. OfBoth, new("start", Moment, IsNeeded: true), new("end", Moment, IsGuessed: false)],
        (Card, _) =>
        [
            new("name", Line, IsNeeded: true), new("mail", [FieldType.Email]), new("phone", [FieldType.Phone]), Link, Geo,
            new("birthday", [FieldType.Date]), Summary, new("organization", Line, IsGuessed: false), new("role", Line, IsGuessed: false),
            new("address", Line, IsGuessed: false), new("nickname", Line, IsGuessed: false), Category, Uid,
        ],
        (Bookmarks, _) =>
        [
            Title, new("link", [FieldType.Link], IsNeeded: true), Summary, Category, new("tags", [FieldType.MultiSelect, FieldType.Text], IsGuessed: false),
        ],
        (Opml, _) => [Title, Link, new("feed", [FieldType.Link], IsGuessed: false), Summary, Category],
        _ => [Uid],
    };
}
