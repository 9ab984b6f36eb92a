using Cete.Core;
using Cete.Ports.Folders;

namespace Cete.Transfer.Subscriptions;

/// <summary>Does here what was done in the index: files whose entries are moved or gone. What the user changed himself is his, and stays.</summary>
/// <param name="book">What is known of files.</param>
/// <param name="disk">The files.</param>
internal sealed class Mover(ISubscriptionBook book, ISubscriberDisk disk)
{
    private const int PageFiles = 500;

    /// <summary>An entry, or a folder with all below, is gone.</summary>
    public Failure? Remove(Batch batch, FolderChange change)
    {
        if (batch.Flush(book) is { } unkept)
        {
            return unkept;
        }

        var now = batch.Subscription;
        if (FileRules.IsAtOrBelow(change.Path, now.Folder))
        {
            batch.Subscription = now with { Problem = $"the folder {EntryName.Show(now.Folder)} was removed; what is filed there again will come" };
        }

        var own = book.Of(now.Id, change.Id);
        if (!own.Succeeded || own.Value is not null)
        {
            return own.Failure ?? LetGo(batch, own.Value!);
        }

        return EachBelow(now, change.Path, file => LetGo(batch, file));
    }

    /// <summary>An entry is elsewhere.</summary>
    public Failure? MoveEntry(Batch batch, FolderChange change)
    {
        if (batch.Flush(book) is { } unkept)
        {
            return unkept;
        }

        var own = book.Of(batch.Subscription.Id, change.Id);
        return !own.Succeeded ? own.Failure : own.Value is { } file ? Carry(batch, file, change.Path) : null;
    }

    /// <summary>A folder is elsewhere: the one that is followed or one above it, one within it, or one that came into it.</summary>
    public async Task<Failure?> MoveFolderAsync(Batch batch, FolderChange change, Func<string, Task<Failure?>> takeFolder)
    {
        if (batch.Flush(book) is { } unkept)
        {
            return unkept;
        }

        var now = batch.Subscription;
        if (FileRules.IsAtOrBelow(change.From, now.Folder))
        {
            return MoveWhole(batch, change);
        }

        if (EachBelow(now, change.From, file => Carry(batch, file, change.Path + file.Path[change.From.Length..])) is { } failure)
        {
            return failure;
        }

        if (now.Request.Words is not null)
        {
            return batch.Search();
        }

        return batch.Flush(book) ?? (FileRules.IsAtOrBelow(now.Folder, change.From) ? null : await takeFolder(change.Path));
    }

    /// <summary>The folder itself has another path. Files here stay where they are: their places are counted from it.</summary>
    private Failure? MoveWhole(Batch batch, FolderChange change)
    {
        var now = batch.Subscription;
        var there = change.Path + now.Folder[change.From.Length..];
        if (now.Request.OnMove == WhenMoved.Keep)
        {
            batch.Subscription = now with
            {
                Problem = $"the folder was moved to {EntryName.Show(there)}; this subscription stays at {EntryName.Show(now.Folder)}, as was asked for",
            };
            return null;
        }

        batch.Subscription = now with { Folder = there, Problem = null };
        return EachBelow(now, now.Folder, file => batch.Add(file with { Path = there + file.Path[now.Folder.Length..] }) ?? batch.Spill(book));
    }

    private Failure? Carry(Batch batch, SubscribedFile file, string path)
    {
        var now = batch.Subscription;
        var entry = new NewsEntry(file.Entry, path, file.Root, file.Length, string.Empty, file.Owner);
        if (!FileRules.IsIn(now, path))
        {
            return LetGo(batch, file);
        }

        var place = FileRules.PlaceOf(now, entry);
        if (now.Request.OnMove == WhenMoved.Keep || now.Request.IsByKind || !place.Succeeded || place.Value == file.Local)
        {
            return batch.Add(file with { Path = path });
        }

        if (file.State is not WantedState.There)
        {
            // A download that looks for it where it was does not find it.
            var state = file.State is WantedState.Queued or WantedState.Failed ? WantedState.Wanted : file.State;
            return Replace(batch, file, file with { Local = place.Value, Path = path, State = state, Job = 0 });
        }

        // Where that cannot be, the file stays where it is, and is known there.
        return disk.Move(file.Local, place.Value) is { } failure
            ? batch.Add(file with { Path = path, Problem = failure.Message })
            : Replace(batch, file, file with { Local = place.Value, Path = path, Problem = null });
    }

    private Failure? LetGo(Batch batch, SubscribedFile file)
    {
        if (file.State is WantedState.Gone)
        {
            return null;
        }

        var problem = file.Problem;
        if (batch.Subscription.Request.OnDelete == WhenGone.Trash && file.Kept is { } kept && disk.Look(file.Local) is { } found)
        {
            problem = found != (file.KeptLength, kept) ? "it was changed here, and stays"
                : disk.Trash(file.Local, batch.Subscription.Request.To)?.Message;
        }

        return batch.Add(file with { State = WantedState.Gone, Problem = problem });
    }

    private Failure? Replace(Batch batch, SubscribedFile old, SubscribedFile now) => batch.Flush(book) ?? book.Keep([now], forget: [old]);

    private Failure? EachBelow(Subscription subscription, string path, Func<SubscribedFile, Failure?> act)
    {
        for (var after = string.Empty; ;)
        {
            var page = book.Below(subscription.Id, path, after, PageFiles);
            if (!page.Succeeded)
            {
                return page.Failure;
            }

            foreach (var file in page.Value)
            {
                if (act(file) is { } failure)
                {
                    return failure;
                }
            }

            if (page.Value.Count < PageFiles)
            {
                return null;
            }

            after = page.Value[^1].Local;
        }
    }
}
