namespace Cete.Formats.Entries;

/// <summary>Entries in the folders that their part <c>category</c> names, a line each.</summary>
public sealed class FolderTree
{
    private readonly SortedDictionary<string, FolderTree> _folders = new(StringComparer.Ordinal);
    private readonly List<FormatEntry> _entries = [];

    /// <summary>Folders within it, by name.</summary>
    public IReadOnlyDictionary<string, FolderTree> Folders => _folders;

    /// <summary>What stands in it itself.</summary>
    public IReadOnlyList<FormatEntry> Entries => _entries;

    /// <summary>Puts entries into their folders.</summary>
    public static FolderTree Of(IEnumerable<FormatEntry> entries)
    {
        var root = new FolderTree();
        foreach (var entry in entries)
        {
            var folder = root;
            foreach (var name in entry["category"].Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(FormatLimits.DepthMax))
            {
                if (!folder._folders.TryGetValue(name, out var inner))
                {
                    folder._folders[name] = inner = new FolderTree();
                }

                folder = inner;
            }

            folder._entries.Add(entry);
        }

        return root;
    }
}
