using Cete.Expressions;

namespace Cete.Described;

/// <summary>A description that was read and found right: what the engine and every client interpret. Immutable.</summary>
/// <param name="Name">By which addresses and commands name the service: a-z, 0-9 and '-', a letter first.</param>
/// <param name="Version">As its author counts it (semver).</param>
/// <param name="Title">What people call it.</param>
public sealed record ServiceDescriptor(string Name, string Version, Words Title)
{
    /// <summary>What it is for.</summary>
    public Words About { get; init; } = Words.Of(string.Empty);

    /// <summary>Name of a picture of the clients' own set; empty for none.</summary>
    public string Icon { get; init; } = string.Empty;

    /// <summary>Kinds of records, by name, as they stand in the text.</summary>
    public required IReadOnlyList<RecordKind> Records { get; init; }

    /// <summary>What people can do beyond editing records.</summary>
    public IReadOnlyList<ActionDescriptor> Actions { get; init; } = [];

    /// <summary>What happens by itself.</summary>
    public IReadOnlyList<HookDescriptor> Hooks { get; init; } = [];

    /// <summary>How records are shown; never empty: good ones are made where none are described.</summary>
    public IReadOnlyList<ViewDescriptor> Views { get; init; } = [];

    /// <summary>Its records in formats of other programs.</summary>
    public IReadOnlyList<FeedDescriptor> Feeds { get; init; } = [];

    /// <summary>Interfaces that it offers, as <c>forum/1</c>.</summary>
    public IReadOnlyList<string> Provides { get; init; } = [];

    /// <summary>Interfaces that it asks for.</summary>
    public IReadOnlyList<string> Consumes { get; init; } = [];

    /// <summary>Events of its own, beside those of its records.</summary>
    public IReadOnlyList<string> Emits { get; init; } = [];

    /// <summary>Its JSON form, which is what is published and signed.</summary>
    public required string Json { get; init; }

    /// <summary>A kind of record; null where there is none of that name.</summary>
    public RecordKind? Record(string name) => Records.FirstOrDefault(kind => kind.Name == name);

    /// <summary>A feed; null where there is none of that name.</summary>
    public FeedDescriptor? Feed(string name) => Feeds.FirstOrDefault(feed => feed.Name == name);

    /// <summary>An action; null where there is none of that name.</summary>
    public ActionDescriptor? Action(string name) => Actions.FirstOrDefault(action => action.Name == name);
}

/// <summary>A kind of record: a table with the rules of who may do what to which row.</summary>
/// <param name="Name">a-z, 0-9 and '_', a letter first.</param>
/// <param name="Title">What people call them, in the plural.</param>
/// <param name="Type">What expressions see of it.</param>
public sealed record RecordKind(string Name, Words Title, RecordType Type)
{
    /// <summary>Its fields, in the order of the text.</summary>
    public required IReadOnlyList<FieldDescriptor> Fields { get; init; }

    /// <summary>The field by which a record is called; null where there is no text.</summary>
    public FieldDescriptor? Label { get; init; }

    /// <summary>Who may do what.</summary>
    public required RecordRules Rules { get; init; }

    /// <summary>What it costs to make one by hand; null for nothing.</summary>
    public PriceDescriptor? Price { get; init; }

    /// <summary>The fields whose words records are found by, those first that count most; empty for none.</summary>
    public IReadOnlyList<FieldDescriptor> Search { get; init; } = [];

    /// <summary>Names of fields that are indexed together.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Indexes { get; init; } = [];

    /// <summary>Names of fields that no two records have alike. Empty fields clash with nothing.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Unique { get; init; } = [];

    /// <summary>A field that changes in steps; null where there is none.</summary>
    public StateMachine? States { get; init; }

    /// <summary>Whether each change is kept, with who and when.</summary>
    public bool KeepsHistory { get; init; } = true;

    /// <summary>What it was called in the version before: its records go on under the new name.</summary>
    public string? Was { get; init; }

    /// <summary>Fields of the version before that are given up with all that records have there.</summary>
    public IReadOnlyList<string> Drops { get; init; } = [];

    /// <summary>How long a record stays that was deleted, until it is gone for good.</summary>
    public TimeSpan KeepsDeleted { get; init; } = TimeSpan.FromDays(30);

    /// <summary>A field; null where there is none of that name.</summary>
    public FieldDescriptor? Field(string name) => Fields.FirstOrDefault(field => field.Name == name);
}

/// <summary>A field that changes in steps: from each state to some others.</summary>
/// <param name="Field">A select whose options are the states.</param>
/// <param name="Start">How every record begins.</param>
/// <param name="Moves">To which states each may change.</param>
public sealed record StateMachine(string Field, string Start, IReadOnlyDictionary<string, IReadOnlyList<string>> Moves);

/// <summary>Who may do what to which records.</summary>
/// <param name="List">Which records one finds in lists.</param>
/// <param name="View">Which ones one may look at.</param>
/// <param name="Create">Who may make them; <c>record</c> is what it would be.</param>
/// <param name="Update">Who may change which; <c>record</c> is as it was, <c>new</c> as it would be.</param>
/// <param name="Delete">Who may take away which, and bring them back.</param>
public sealed record RecordRules(Rule List, Rule View, Rule Create, Rule Update, Rule Delete);

/// <summary>A rule: nobody where it is absent, everybody where it is empty, else an expression.</summary>
public sealed record Rule
{
    private Rule(Expression? condition, bool isOpen) => (Condition, IsOpen) = (condition, isOpen);

    /// <summary>It lets nobody do it.</summary>
    public static Rule Nobody { get; } = new(null, false);

    /// <summary>It lets everybody do it.</summary>
    public static Rule Everybody { get; } = new(null, true);

    /// <summary>What must be true; null for nobody and everybody.</summary>
    public Expression? Condition { get; }

    /// <summary>Everybody may.</summary>
    public bool IsOpen { get; }

    /// <summary>Nobody may.</summary>
    public bool IsClosed => !IsOpen && Condition is null;

    /// <summary>It lets those do it for whom this is true.</summary>
    public static Rule When(Expression condition) => new(condition, false);
}

/// <summary>A choice of a select.</summary>
/// <param name="Name">What is stored.</param>
/// <param name="Title">What people read.</param>
public sealed record FieldOption(string Name, Words Title);

/// <summary>What happens to a record when the one that it points to is deleted.</summary>
public enum OnDelete
{
    /// <summary>It goes on pointing there, and shows that it is gone.</summary>
    Keep,

    /// <summary>It points nowhere.</summary>
    Clear,

    /// <summary>It is deleted too.</summary>
    Cascade,

    /// <summary>The other one cannot be deleted.</summary>
    Deny,
}

/// <summary>A field of a record, or of an action's form.</summary>
/// <param name="Name">a-z, 0-9 and '_', a letter first.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Title">What people call it.</param>
public sealed record FieldDescriptor(string Name, FieldType Type, Words Title)
{
    /// <summary>A sentence beside it in a form.</summary>
    public Words Help { get; init; } = Words.Of(string.Empty);

    /// <summary>It must have a value.</summary>
    public bool IsRequired { get; init; }

    /// <summary>What it has when nothing is said; null for nothing.</summary>
    public Operand? Default { get; init; }

    /// <summary>The least value, or the fewest characters; as the values are kept (<see cref="Value"/>). Null for none.</summary>
    public long? Min { get; init; }

    /// <summary>The greatest value, or the most characters or choices.</summary>
    public long? Max { get; init; }

    /// <summary>A regular expression that texts match as a whole; null for none.</summary>
    public string? Pattern { get; init; }

    /// <summary>The choices of a select.</summary>
    public IReadOnlyList<FieldOption> Options { get; init; } = [];

    /// <summary>The kind of record that a relation points to.</summary>
    public string? To { get; init; }

    /// <summary>What happens when that is deleted.</summary>
    public OnDelete OnDelete { get; init; }

    /// <summary>Only the service itself sets it, by defaults and steps.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Clients do not show it by themselves.</summary>
    public bool IsHidden { get; init; }

    /// <summary>Who sees it; null for whoever sees the record.</summary>
    public Rule? Read { get; init; }

    /// <summary>Who may set it; null for whoever may change the record.</summary>
    public Rule? Write { get; init; }

    /// <summary>How it is edited, where that is not what the type suggests.</summary>
    public string Editor { get; init; } = string.Empty;

    /// <summary>How it is shown, where that is not what the type suggests.</summary>
    public string Display { get; init; } = string.Empty;

    /// <summary>Of a formula: what it comes to.</summary>
    public Expression? Formula { get; init; }

    /// <summary>What it was called in the version before.</summary>
    public string? Was { get; init; }

    /// <summary>The table has a column for it.</summary>
    public bool IsStored => Type != FieldType.Formula;
}

/// <summary>A value as a description gives it: written out, or an expression (a text that begins with '=').</summary>
/// <param name="Value">The value, where it is written out.</param>
/// <param name="Expression">What gives it.</param>
public sealed record Operand(Value Value, Expression? Expression);
