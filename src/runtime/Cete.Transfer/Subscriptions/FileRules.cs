using System.IO.Enumeration;
using Cete.Core;
using Cete.Ports.Folders;

namespace Cete.Transfer.Subscriptions;

/// <summary>Which entries a subscription wants, and where their files go. Names come from strangers, and nobody looks at them before they are used.</summary>
internal static class FileRules
{
    /// <summary>Names that programs of ours give to what is on its way, or put away.</summary>
    private static readonly string[] Ours = [".cete-part", ".cete-trash"];

    /// <summary>Whether an entry is in the folder of a subscription, as deep as that goes.</summary>
    public static bool IsIn(Subscription subscription, string path)
    {
        var folder = subscription.Folder;
        var start = folder.Length == 1 ? 1 : folder.Length + 1;
        return path.Length > start && IsAtOrBelow(folder, path) && (subscription.Request.Below || path.IndexOf('/', start) < 0);
    }

    /// <summary>Whether a path is a folder's, or below it.</summary>
    public static bool IsAtOrBelow(string folder, string path) =>
        path.StartsWith(folder, StringComparison.Ordinal) && (path.Length == folder.Length || folder.Length == 1 || path[folder.Length] == '/');

    /// <summary>Whether a subscription wants an entry of its folder.</summary>
    public static bool Wants(Subscription subscription, NewsEntry entry)
    {
        var request = subscription.Request;
        return entry.Length >= request.MinSize && entry.Length <= request.MaxSize
            && (request.Kinds.Count == 0 || request.Kinds.Contains(entry.Kind, StringComparer.Ordinal))
            && (request.Match.Count == 0 || request.Match.Any(pattern => Matches(pattern, RelativeOf(subscription, entry.Path))));
    }

    /// <summary>Where the file of an entry goes; a failure for one that has no place on this disk.</summary>
    public static Outcome<string> PlaceOf(Subscription subscription, NewsEntry entry)
    {
        var names = RelativeOf(subscription, entry.Path).Split('/');
        if (names.Select(name => Check(name, subscription.Request.TakesHidden)).OfType<Failure>().FirstOrDefault() is { } bad)
        {
            return bad;
        }

        var kind = subscription.Request.IsByKind && entry.Kind.Length > 0 && entry.Kind.All(char.IsAsciiLetter) ? entry.Kind : null;
        return Path.Combine([subscription.Request.To, .. kind is null ? Enumerable.Empty<string>() : [kind], .. names]);
    }

    private static Failure? Check(string name, bool takesHidden) =>
        EntryName.Check(name) is { } failure ? failure
        : name.AsSpan().IndexOfAny(Path.GetInvalidFileNameChars()) >= 0
            ? new Failure(FailureKind.Invalid, $"'{EntryName.Show(name)}' cannot be a name on this disk")
        : Ours.Any(ours => name.Contains(ours, StringComparison.OrdinalIgnoreCase))
            ? new Failure(FailureKind.Invalid, $"'{EntryName.Show(name)}' is a name of files that are on their way; left out")
        : name[0] == '.' && !takesHidden
            ? new Failure(FailureKind.Forbidden, $"'{EntryName.Show(name)}' would be hidden here; left out, since --hidden was not said")
        : null;

    private static string RelativeOf(Subscription subscription, string path) =>
        subscription.Folder.Length == 1 ? path[1..] : path[(subscription.Folder.Length + 1)..];

    private static bool Matches(string pattern, string relative) => FileSystemName.MatchesSimpleExpression(
        pattern, pattern.Contains('/', StringComparison.Ordinal) ? relative : relative[(relative.LastIndexOf('/') + 1)..], ignoreCase: true);
}
