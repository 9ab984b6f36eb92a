using System.Text;
using Cete.Core;
using Cete.Ports;
using Cete.Ports.Folders;

namespace Cete.Transfer.Shares;

/// <summary>Walks a share's folder and notes what is new, changed or gone. What is as it was costs a look at it and a line in the book.</summary>
/// <param name="book">What is known.</param>
/// <param name="disk">The disk.</param>
/// <param name="clock">The time.</param>
internal sealed class ShareWalker(IShareBook book, ISharerDisk disk, TimeProvider clock)
{
    private const int PageFiles = 500;

    /// <summary>Names of what programs of ours have on its way, or put away.</summary>
    private static readonly string[] Ours = [".cete-part", ".cete-trash"];

    /// <summary>What was written to so short a time ago is likely to be written to again.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    /// <summary>The share behind a walk.</summary>
    public Outcome<Share> Walk(Share share, CancellationToken stop)
    {
        var folder = share.Request.Folder;
        var identity = disk.IdentityOf(folder);
        if (identity is null)
        {
            return Kept(share with { Problem = $"{EntryName.Show(folder)} is not there; its entries stay until it is, or until 'cete shares remove'" });
        }

        if (share.Identity is { } known && known != identity)
        {
            return Kept(share with
            {
                Problem = $"at {EntryName.Show(folder)} is another folder or disk than was shared; its entries stay. Is the disk missing? Otherwise remove the share, and share it anew",
            });
        }

        var walk = share.Walk + 1;
        foreach (var page in disk.Walk(folder).Where(item => IsShared(share, item)).Chunk(PageFiles))
        {
            if (stop.IsCancellationRequested)
            {
                return share;
            }

            if (Note(share, page, walk) is { } failure)
            {
                return failure;
            }
        }

        // A disk that went away amid the walk has not lost its files.
        if (disk.IdentityOf(folder) != identity)
        {
            return share;
        }

        var ended = book.EndWalk(share.Id, walk);
        return ended.Succeeded ? Kept(share with { Walk = walk, Walked = clock.GetUtcNow(), Identity = identity, Problem = null }) : ended.Failure;
    }

    private static bool IsShared(Share share, LocalItem item) =>
        item.Relative.Skip(1).All(name => (share.Request.SharesHidden || name[0] != '.') && !Ours.Any(ours => name.Contains(ours, StringComparison.Ordinal)));

    private Failure? Note(Share share, LocalItem[] items, long walk)
    {
        var known = book.Of(share.Id, [.. items.Select(item => item.Path)]);
        if (!known.Succeeded)
        {
            return known.Failure;
        }

        List<string> met = [];
        List<SharedFile> changed = [];
        foreach (var item in items)
        {
            var mark = item.Failure is null ? disk.Look(item.Path) : new FileMark(0, DateTimeOffset.UnixEpoch, string.Empty);
            if (mark is null)
            {
                continue;
            }

            if (known.Value.TryGetValue(item.Path, out var earlier) && earlier.Mark == mark && earlier.State is not SharedState.Gone)
            {
                met.Add(item.Path);
            }
            else
            {
                changed.Add(Changed(share, item, mark.Value, earlier) with { Walk = walk });
            }
        }

        return book.Meet(share.Id, walk, met) ?? book.Keep(changed);
    }

    private SharedFile Changed(Share share, LocalItem item, FileMark mark, SharedFile? earlier)
    {
        var entry = item.Failure is { } unreadable ? unreadable : EntryOf(share, item);
        if (!entry.Succeeded)
        {
            return new SharedFile(share.Id, item.Path, earlier?.Entry ?? string.Empty, mark, SharedState.Failed)
            {
                FiledRoot = earlier?.FiledRoot,
                Problem = entry.Failure.Message,
            };
        }

        var file = new SharedFile(share.Id, item.Path, entry.Value, mark, SharedState.Found) { FiledRoot = earlier?.FiledRoot };
        if (book.As(share.Id, mark) is { Succeeded: true, Value.Root: { } root })
        {
            // It was renamed: nothing has to be read again.
            return file with { State = SharedState.Hashed, Root = root };
        }

        var now = clock.GetUtcNow();
        return mark.Modified <= now && now - mark.Modified < Rest ? file with { NotBefore = mark.Modified + Rest } : file;
    }

    /// <summary>Where a file is filed; names that the index takes for one another are told apart here, or each would push the other out.</summary>
    private Outcome<string> EntryOf(Share share, LocalItem item)
    {
        var path = EntryPath.Parse($"{share.Request.To.TrimEnd('/')}/{string.Join('/', item.Relative)}");
        if (!path.Succeeded || item.Path.IsNormalized(NormalizationForm.FormC))
        {
            return path.Then(found => found.ToString());
        }

        var composed = item.Path.Normalize(NormalizationForm.FormC);
        return disk.Look(composed) is not null
            ? new Failure(FailureKind.Conflict, "another file has the same name but for how its letters are composed; rename one of them")
            : path.Value.ToString().Normalize(NormalizationForm.FormC);
    }

    private Outcome<Share> Kept(Share share) => book.Keep(share) is { } failure ? failure : share;
}
