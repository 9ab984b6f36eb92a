using Cete.Expressions;

namespace Cete.Described;

/// <summary>Something that people can do: a form, a guard, steps.</summary>
/// <param name="Name">a-z, 0-9 and '-', a letter first.</param>
/// <param name="Title">What its button says.</param>
public sealed record ActionDescriptor(string Name, Words Title)
{
    /// <summary>The kind of record that it is done to; null for none.</summary>
    public string? On { get; init; }

    /// <summary>Who may do it (to which record).</summary>
    public required Rule Who { get; init; }

    /// <summary>When it makes sense; null for always. Clients show the button by it.</summary>
    public Expression? When { get; init; }

    /// <summary>What the form asks.</summary>
    public IReadOnlyList<FieldDescriptor> Input { get; init; } = [];

    /// <summary>What it costs; null for nothing.</summary>
    public PriceDescriptor? Price { get; init; }

    /// <summary>What is asked before it is done; empty for nothing.</summary>
    public Words Confirm { get; init; } = Words.Of(string.Empty);

    /// <summary>What is done.</summary>
    public required IReadOnlyList<Step> Steps { get; init; }
}

/// <summary>What sets off a hook.</summary>
public enum HookTrigger
{
    /// <summary>A record was made.</summary>
    Created,

    /// <summary>A record was changed.</summary>
    Updated,

    /// <summary>A record was deleted.</summary>
    Deleted,

    /// <summary>A service emitted an event.</summary>
    Event,

    /// <summary>Time went by.</summary>
    Schedule,
}

/// <summary>What happens by itself.</summary>
/// <param name="Name">Its place in the text, or the name that it was given: errors and the log name it.</param>
/// <param name="Trigger">What sets it off.</param>
/// <param name="Service">Of which service; null for its own.</param>
/// <param name="Source">The kind of record, or the name of the event; empty for a schedule.</param>
public sealed record HookDescriptor(string Name, HookTrigger Trigger, string? Service, string Source)
{
    /// <summary>How often, of a schedule.</summary>
    public TimeSpan Every { get; init; }

    /// <summary>Only then; null for always.</summary>
    public Expression? When { get; init; }

    /// <summary>What is done.</summary>
    public required IReadOnlyList<Step> Steps { get; init; }

    /// <summary>What is done when one of them failed, and all of them were undone.</summary>
    public IReadOnlyList<Step> OnError { get; init; } = [];
}

/// <summary>One step of an action or hook. It is done by the service, whatever its records' rules say; constraints and states hold.</summary>
public abstract record Step
{
    /// <summary>Only then; null for always.</summary>
    public Expression? When { get; init; }

    /// <summary>Makes a record.</summary>
    /// <param name="Record">Of which kind.</param>
    /// <param name="With">Its fields.</param>
    /// <param name="As">The name by which later steps call it; null for none.</param>
    public sealed record Create(string Record, IReadOnlyList<KeyValuePair<string, Operand>> With, string? As) : Step;

    /// <summary>Changes a record.</summary>
    /// <param name="Record">Of which kind.</param>
    /// <param name="Target">What gives its id.</param>
    /// <param name="Set">Its fields.</param>
    public sealed record Update(string Record, Expression Target, IReadOnlyList<KeyValuePair<string, Operand>> Set) : Step;

    /// <summary>Deletes a record.</summary>
    /// <param name="Record">Of which kind.</param>
    /// <param name="Target">As of <see cref="Update"/>.</param>
    public sealed record Delete(string Record, Expression Target) : Step;

    /// <summary>Goes through records, at most <see cref="DescriptorLimits.EachMax"/>, the oldest first.</summary>
    /// <param name="Record">Of which kind.</param>
    /// <param name="As">What the steps call each.</param>
    /// <param name="Where">Which ones; null for all.</param>
    /// <param name="Steps">What is done with each.</param>
    public sealed record Each(string Record, string As, Expression? Where, IReadOnlyList<Step> Steps) : Step;

    /// <summary>Refuses, and undoes what was done.</summary>
    /// <param name="Text">Why, for whoever asked.</param>
    public sealed record Fail(Words Text) : Step;

    /// <summary>Tells others of something.</summary>
    /// <param name="Event">Its name, one of the service's <see cref="ServiceDescriptor.Emits"/>.</param>
    /// <param name="With">What it says.</param>
    public sealed record Emit(string Event, IReadOnlyList<KeyValuePair<string, Operand>> With) : Step;
}

/// <summary>How records are shown: a projection, with what its kind needs.</summary>
/// <param name="Name">a-z, 0-9 and '-', a letter first.</param>
/// <param name="Kind">table, list, cards, board, calendar, tree, thread, chat, gallery, detail, form, chart or page.</param>
/// <param name="Title">What people call it.</param>
public sealed record ViewDescriptor(string Name, string Kind, Words Title)
{
    /// <summary>The kinds that there are.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
        ["table", "list", "cards", "board", "calendar", "tree", "thread", "chat", "gallery", "detail", "form", "chart", "page"];

    /// <summary>Of which records; empty for a page.</summary>
    public string Records { get; init; } = string.Empty;

    /// <summary>Which of them; null for all.</summary>
    public Expression? Filter { get; init; }

    /// <summary>In which order: names of fields, '-' before those that fall.</summary>
    public IReadOnlyList<string> Sort { get; init; } = [];

    /// <summary>Which fields, in which order; all that are not hidden where nothing is said.</summary>
    public IReadOnlyList<string> Show { get; init; } = [];

    /// <summary>What the kind needs: the field of a calendar's day, of a board's columns...</summary>
    public IReadOnlyDictionary<string, string> Keys { get; init; } = new Dictionary<string, string>();

    /// <summary>The kind that older clients show in its place; empty for a table.</summary>
    public string Fallback { get; init; } = string.Empty;

    /// <summary>Of a page: views that stand on it, <c>VIEW</c> or <c>SERVICE:VIEW</c>.</summary>
    public IReadOnlyList<string> Parts { get; init; } = [];
}
