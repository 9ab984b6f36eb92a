using System.Buffers;

namespace Cete.Core;

/// <summary>
/// A right: an action, or all actions of a service, or all; on everything, or on what is one's own alone; anywhere, or in a folder and below it.
/// As text <c>ACTION[:own][@FOLDER]</c>: <c>index.move</c>, <c>index.*</c>, <c>*</c>, <c>index.move:own</c>, <c>index.*@/music</c>. The text is what
/// is stored and sent; it is made in one way only, so that equal rights have equal texts.
/// </summary>
public sealed record Grant
{
    /// <summary>Characters of the longest: a path and room for an action.</summary>
    public const int TextLengthMax = Limits.PathBytesMax + 100;

    private const int ActionLengthMax = 80;
    private const string OwnSuffix = ":own";

    private static readonly SearchValues<char> WordLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private Grant(string action, bool isOwnOnly, string? folder, string text) => (Action, IsOwnOnly, Folder, Text) = (action, isOwnOnly, folder, text);

    /// <summary>Everything, everywhere.</summary>
    public static Grant All { get; } = new("*", false, null, "*");

    /// <summary><c>SERVICE.VERB</c>, <c>SERVICE.*</c> or <c>*</c>.</summary>
    public string Action { get; }

    /// <summary>It is about what belongs to the asker alone.</summary>
    public bool IsOwnOnly { get; }

    /// <summary>The folder in and below which it counts; null for everywhere.</summary>
    public string? Folder { get; }

    /// <summary>Its text.</summary>
    public string Text { get; }

    /// <summary>Reads a text, or says what is wrong with it.</summary>
    public static Outcome<Grant> Parse(string text)
    {
        if (text.Length > TextLengthMax)
        {
            return new Failure(FailureKind.TooLarge, $"a right of {text.Length} characters; {TextLengthMax} is the most");
        }

        var at = text.IndexOf('@', StringComparison.Ordinal);
        var what = at < 0 ? text : text[..at];
        var isOwn = what.EndsWith(OwnSuffix, StringComparison.Ordinal);
        var action = isOwn ? what[..^OwnSuffix.Length] : what;
        if (!IsAction(action))
        {
            return new Failure(
                FailureKind.Invalid, $"'{EntryName.Show(text)}' is no right: it begins with '*', 'SERVICE.*' or 'SERVICE.VERB' in small letters, as in 'index.move:own@/music'");
        }

        if (at < 0)
        {
            return new Grant(action, isOwn, null, text);
        }

        var folder = EntryPath.Parse(text[(at + 1)..]);
        return folder.Then(path => path.IsTop ? new Grant(action, isOwn, null, what) : new Grant(action, isOwn, path.ToString(), $"{what}@{path}"));
    }

    /// <summary>A right of this program's own making.</summary>
    /// <exception cref="CheckFailedException">It is none.</exception>
    public static Grant Of(string text) => Parse(text).Value;

    /// <summary>Whether it lets somebody do this.</summary>
    /// <param name="action">What, <c>SERVICE.VERB</c>.</param>
    /// <param name="isOwn">To something of the asker's own.</param>
    /// <param name="folder">In which folder; null when it is in none.</param>
    public bool Covers(string action, bool isOwn, string? folder) =>
        (isOwn || !IsOwnOnly) && CoversAction(action) && (Folder is null || (folder is not null && IsIn(folder)));

    /// <summary>The right to what both let somebody do; null where that is nothing.</summary>
    public Grant? And(Grant other)
    {
        var action = CoversAll(other.Action) ? other.Action : other.CoversAll(Action) ? Action : null;
        var folder = Folder is null || (other.Folder is { } inner && IsIn(inner)) ? other.Folder
            : other.Folder is null || other.IsIn(Folder) ? Folder
            : string.Empty;
        return action is null || folder is { Length: 0 }
            ? null
            : Of($"{action}{(IsOwnOnly || other.IsOwnOnly ? OwnSuffix : string.Empty)}{(folder is null ? string.Empty : "@" + folder)}");
    }

    public override string ToString() => Text;

    private bool CoversAll(string actions) => Action == actions || CoversAction(actions);

    private bool CoversAction(string action) => Action switch
    {
        "*" => true,
        [.. var service, '*'] => action.StartsWith(service, StringComparison.Ordinal),
        _ => Action == action,
    };

    private bool IsIn(string folder) =>
        folder.StartsWith(Folder!, StringComparison.Ordinal) && (folder.Length == Folder!.Length || folder[Folder.Length] == '/');

    private static bool IsAction(string text)
    {
        if (text == "*")
        {
            return true;
        }

        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return text.Length <= ActionLengthMax && dot > 0 && IsWord(text.AsSpan(0, dot))
            && (text.AsSpan(dot + 1) is "*" || IsWord(text.AsSpan(dot + 1)));
    }

    private static bool IsWord(ReadOnlySpan<char> text) =>
        text.Length > 0 && char.IsAsciiLetterLower(text[0]) && text.IndexOfAnyExcept(WordLetters) < 0;
}
