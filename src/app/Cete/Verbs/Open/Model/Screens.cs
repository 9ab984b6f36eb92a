using Cete.Api;
using Cete.Described;

namespace Cete.App.Verbs.Open.Model;

/// <summary>What fills the terminal; those that it came from lie below it.</summary>
/// <param name="Title">What it is called.</param>
internal abstract record Screen(string Title);

/// <summary>A list keeps to what hangs on a record.</summary>
/// <param name="Field">The relation by which it does.</param>
/// <param name="Id">The record.</param>
/// <param name="Label">What that is called.</param>
internal sealed record Pin(string Field, long Id, string Label);

/// <summary>A view with what is in it.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="View">How it is shown.</param>
/// <param name="Kind">Of which records; null for a page.</param>
internal sealed record ViewScreen(string Title, ViewDescriptor View, RecordKind? Kind) : Screen(Title)
{
    /// <summary>What it keeps to; null for all.</summary>
    public Pin? Pin { get; init; }

    public string Search { get; init; } = string.Empty;

    public string Filter { get; init; } = string.Empty;

    /// <summary>The field that it is sorted by, '-' before one that falls; empty for the view's own order.</summary>
    public string Sort { get; init; } = string.Empty;

    /// <summary>Those that were deleted.</summary>
    public bool IsDeleted { get; init; }

    /// <summary>Of a calendar: the first day of the month.</summary>
    public DateOnly Month { get; init; }

    public IReadOnlyList<RecordInfo> Items { get; init; } = [];

    /// <summary>Of a chart.</summary>
    public IReadOnlyList<RecordGroupInfo> Groups { get; init; } = [];

    /// <summary>Where it goes on; null at the end.</summary>
    public string? Next { get; init; }

    public long? Total { get; init; }

    /// <summary>The row that is picked.</summary>
    public int Cursor { get; init; }

    /// <summary>The question that is open; 0 for none.</summary>
    public long Ask { get; init; }

    /// <summary>That question is for the next page.</summary>
    public bool IsMore { get; init; }

    /// <summary>Something changed since it was asked.</summary>
    public bool IsStale { get; init; }

    /// <summary>It was answered once.</summary>
    public bool IsLoaded { get; init; }

    public string? Fault { get; init; }

    public long MayAsk { get; init; }

    public RecordPermissions? May { get; init; }

    /// <summary>The kind as which it is shown.</summary>
    public string Shape => ViewShapes.Of(View);
}

/// <summary>Records that point to one.</summary>
/// <param name="Kind">Of which kind.</param>
/// <param name="Field">By which field.</param>
/// <param name="Ask">The question that is open; 0 for none.</param>
/// <param name="List">They; null until they came, or where they may not be seen.</param>
internal sealed record Pointing(RecordKind Kind, FieldDescriptor Field, long Ask, RecordList? List);

/// <summary>One record with all there is to it.</summary>
internal sealed record RecordScreen(string Title, RecordKind Kind, long Id) : Screen(Title)
{
    public RecordInfo? Record { get; init; }

    public RecordPermissions? May { get; init; }

    public IReadOnlyList<Pointing> Pointing { get; init; } = [];

    /// <summary>The line that is picked.</summary>
    public int Cursor { get; init; }

    public long Ask { get; init; }

    public long MayAsk { get; init; }

    public bool IsStale { get; init; }

    public string? Fault { get; init; }
}

/// <summary>A field of a form.</summary>
/// <param name="Field">Which one.</param>
/// <param name="Text">What stands in it.</param>
/// <param name="Original">What stood in it at first.</param>
internal sealed record FormField(FieldDescriptor Field, string Text, string Original)
{
    /// <summary>Where in the text one writes.</summary>
    public int Caret { get; init; }

    /// <summary>What is wrong with it; null for nothing.</summary>
    public string? Error { get; init; }

    /// <summary>What others made of it meanwhile; null for nothing.</summary>
    public string? Theirs { get; init; }

    /// <summary>What a relation that is chosen is called; empty where that is not known.</summary>
    public string Label { get; init; } = string.Empty;

    /// <summary>It was filled in by where the form was opened, and is not to be asked.</summary>
    public bool IsFixed { get; init; }
}

/// <summary>A form.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Command">What is done with what is typed.</param>
/// <param name="Fields">What it asks.</param>
internal sealed record FormScreen(string Title, RecordCommand Command, IReadOnlyList<FormField> Fields) : Screen(Title)
{
    /// <summary>Which field one is in; their number for the button.</summary>
    public int Focus { get; init; }

    /// <summary>What its button says.</summary>
    public string Button { get; init; } = "Save";

    /// <summary>What stands above the button, for what is not to be done by the way.</summary>
    public string Warning { get; init; } = string.Empty;

    public string? Fault { get; init; }

    public long Ask { get; init; }

    /// <summary>Leaving was refused once, since something is typed.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>The screen from which it came goes on to the record that it makes.</summary>
    public bool GoesOn { get; init; }

    public bool IsChanged => Fields.Any(each => each.Text != each.Original);
}

/// <summary>What a menu is for.</summary>
internal enum MenuUse
{
    Views,
    Actions,
    Sort,
    Field,
    Add,
}

/// <summary>Something to choose.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Label">What people read.</param>
internal sealed record MenuItem(string Name, string Label);

/// <summary>Something is to be chosen, or several things.</summary>
internal sealed record MenuScreen(string Title, MenuUse Use, IReadOnlyList<MenuItem> Items) : Screen(Title)
{
    /// <summary>By what is typed the items are fewer.</summary>
    public string Typed { get; init; } = string.Empty;

    public int Cursor { get; init; }

    /// <summary>Those that are ticked; null where one alone is chosen.</summary>
    public IReadOnlyList<string>? Ticked { get; init; }

    /// <summary>The record that actions are done to; null for none.</summary>
    public RecordInfo? Record { get; init; }

    public long Ask { get; init; }

    /// <summary>There are more than stand here.</summary>
    public bool HasMore { get; init; }

    /// <summary>The items that fit what is typed.</summary>
    public IReadOnlyList<MenuItem> Found => Typed.Length == 0
        ? Items : [.. Items.Where(item => item.Label.Contains(Typed, StringComparison.OrdinalIgnoreCase) || item.Name == Typed)];
}

/// <summary>Something is asked before it is done.</summary>
internal sealed record ConfirmScreen(string Title, string Text, RecordCommand Command) : Screen(Title)
{
    public long Ask { get; init; }
}

/// <summary>What a line of text is for.</summary>
internal enum PromptUse
{
    Search,
    Filter,
    Say,
}

/// <summary>A line is typed.</summary>
internal sealed record PromptScreen(string Title, PromptUse Use, string Text) : Screen(Title)
{
    public int Caret { get; init; }

    /// <summary>Of <see cref="PromptUse.Say"/>: what is made of the text, and in which field it goes.</summary>
    public FormScreen? Form { get; init; }

    public string? Fault { get; init; }

    public long Ask { get; init; }
}

/// <summary>Lines to read: keys, or what happened to a record.</summary>
internal sealed record TextScreen(string Title, IReadOnlyList<string> Lines) : Screen(Title)
{
    public int Scroll { get; init; }

    public long Ask { get; init; }

    /// <summary>The record whose history it is; null for none.</summary>
    public RecordKind? Kind { get; init; }
}
