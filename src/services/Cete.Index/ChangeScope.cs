using Cete.Index.Proto;

namespace Cete.Index;

/// <summary>Which changes concern a folder.</summary>
internal static class ChangeScope
{
    public const string Filed = "entry-filed";
    public const string Replaced = "entry-replaced";
    public const string Removed = "removed";
    public const string Moved = "moved";
    public const string Restored = "restored";

    public static ChangeKind? KindOf(string type) => type switch
    {
        Filed => ChangeKind.Filed,
        Replaced => ChangeKind.Replaced,
        Removed => ChangeKind.Removed,
        Moved => ChangeKind.Moved,
        Restored => ChangeKind.Restored,
        _ => null,
    };

    /// <summary>Whether a change is of something in a folder, or of the folder itself or one above it.</summary>
    public static bool Concerns(string folder, bool below, string type, EntryEvent told) =>
        IsIn(folder, below, told.Path) || (told.From.Length > 0 && IsIn(folder, below, told.From))
        || (type is Removed or Moved or Restored && (IsAtOrAbove(told.Path, folder) || (told.From.Length > 0 && IsAtOrAbove(told.From, folder))));

    /// <summary>Whether a path is that of a folder, or of one above it.</summary>
    public static bool IsAtOrAbove(string path, string folder) =>
        folder.StartsWith(path, StringComparison.Ordinal) && (folder.Length == path.Length || path.Length == 1 || folder[path.Length] == '/');

    private static bool IsIn(string folder, bool below, string path)
    {
        var start = folder.Length == 1 ? 1 : folder.Length + 1;
        return path.Length > start && IsAtOrAbove(folder, path) && (below || path.IndexOf('/', start) < 0);
    }
}
