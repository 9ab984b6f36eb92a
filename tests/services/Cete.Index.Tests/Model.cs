using Cete.Core;

namespace Cete.Index.Tests;

/// <summary>The index as a list of things, each with its parent: what the tables must agree with.</summary>
internal sealed class Model
{
    private readonly List<Item> _items = [];

    /// <summary>Numbers of removals, as the index gave them.</summary>
    public List<long> Removals { get; } = [];

    public IEnumerable<string> Tree() => _items.Where(i => i.Removed == 0)
        .Select(i => i.Content is null ? PathOf(i) + "/" : $"{PathOf(i)}={IndexWorld.Root(i.Content).ToString()[..8]}")
        .Order(StringComparer.Ordinal);

    /// <summary>What a path of a search for a word of the path or name must give: entries in sight.</summary>
    public IEnumerable<string> With(string word) => _items.Where(i => i.Removed == 0 && i.Content is not null)
        .Select(PathOf).Where(p => p.Split('/').Contains(word)).Order(StringComparer.Ordinal);

    public FailureKind? Make(string path) => FolderFor(Split(path), out _, commit: true);

    public FailureKind? Put(string path, string content, Func<long> removal)
    {
        var names = Split(path);
        if (FolderFor(names[..^1], out _, commit: false) is { } failure)
        {
            return failure;
        }

        var there = Find(names);
        if (there is { Content: null })
        {
            return FailureKind.Conflict;
        }

        FolderFor(names[..^1], out var folder, commit: true);
        if (there?.Content != content)
        {
            there?.Removed = removal();
            if (there is not null)
            {
                Removals.Add(there.Removed);
            }

            _items.Add(new Item { Parent = folder, Name = names[^1], Content = content });
        }

        return null;
    }

    public FailureKind? Move(string from, string to)
    {
        var (source, target) = (Split(from), Split(to));
        if (Find(source) is not { } item)
        {
            return FailureKind.NotFound;
        }

        // A folder cannot go below itself, an entry has nothing below it: both are a clash with what is there.
        var into = target.Length > source.Length && target.AsSpan(0, source.Length).SequenceEqual(source);
        if (into || Find(target) is not null || FolderFor(target[..^1], out _, commit: false) is not null)
        {
            return FailureKind.Conflict;
        }

        FolderFor(target[..^1], out var folder, commit: true);
        (item.Parent, item.Name) = (folder, target[^1]);
        return null;
    }

    public (FailureKind? Failure, long Entries) Remove(string path, long removal)
    {
        if (Find(Split(path)) is not { } item)
        {
            return (FailureKind.NotFound, 0);
        }

        List<Item> gone = [.. _items.Where(i => i.Removed == 0 && IsIn(i, item))];
        gone.ForEach(i => i.Removed = removal);
        Removals.Add(removal);
        return (null, gone.Count(i => i.Content is not null));
    }

    public (FailureKind? Failure, long Entries) Restore(long removal)
    {
        List<Item> back = [.. _items.Where(i => i.Removed == removal)];
        if (back.Any(b => _items.Any(i => i.Removed == 0 && i.Parent == b.Parent && i.Name == b.Name))
            || back.Any(b => b.Parent is { } parent && parent.Removed != 0 && parent.Removed != removal))
        {
            return (FailureKind.Conflict, 0);
        }

        back.ForEach(b => b.Removed = 0);
        return back.Count == 0 ? (FailureKind.NotFound, 0) : (null, back.Count(b => b.Content is not null));
    }

    private static string[] Split(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    private static string PathOf(Item item) => (item.Parent is null ? "" : PathOf(item.Parent)) + "/" + item.Name;

    private static bool IsIn(Item? item, Item above) => item is not null && (item == above || IsIn(item.Parent, above));

    private Item? Child(Item? parent, string name) => _items.SingleOrDefault(i => i.Removed == 0 && i.Parent == parent && i.Name == name);

    private Item? Find(IEnumerable<string> names)
    {
        Item? found = null;
        foreach (var name in names)
        {
            found = Child(found, name);
            if (found is null)
            {
                return null;
            }
        }

        return found;
    }

    private FailureKind? FolderFor(IEnumerable<string> names, out Item? folder, bool commit)
    {
        folder = null;
        foreach (var name in names)
        {
            var child = Child(folder, name);
            if (child is { Content: not null })
            {
                return FailureKind.Conflict;
            }

            if (child is null)
            {
                if (!commit)
                {
                    return null;
                }

                _items.Add(child = new Item { Parent = folder, Name = name });
            }

            folder = child;
        }

        return null;
    }

    private sealed class Item
    {
        public Item? Parent { get; set; }

        public required string Name { get; set; }

        /// <summary>Null for a folder.</summary>
        public string? Content { get; init; }

        public long Removed { get; set; }
    }
}
