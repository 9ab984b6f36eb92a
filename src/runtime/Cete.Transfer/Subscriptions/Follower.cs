using Cete.Core;
using Cete.Ports.Folders;

namespace Cete.Transfer.Subscriptions;

/// <summary>
/// Follows one subscription: lists what was there before, then takes up changes as they come. What it found is kept together with the cursor behind it, so
/// it may be killed at any moment: nothing is lost, and what comes twice changes nothing.
/// </summary>
/// <param name="book">Where everything is kept.</param>
/// <param name="disk">The user's files.</param>
/// <param name="clock">The time.</param>
/// <param name="found">Told when there is something to fetch.</param>
internal sealed class Follower(ISubscriptionBook book, ISubscriberDisk disk, TimeProvider clock, Action found)
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(50);
    private static readonly TimeSpan IdleKeepInterval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan SearchPause = TimeSpan.FromSeconds(5);

    /// <summary>Pages of one look at a folder that came in as a whole, and of one search: a million entries.</summary>
    private const int PagesMax = 2_000;

    /// <summary>Goes one step, which may take as long as nothing happens: the subscription as it stands then.</summary>
    public async Task<Outcome<Subscription>> StepAsync(IFolderNews news, Subscription now, CancellationToken stop)
    {
        if (now.Cursor is null)
        {
            var begun = await news.ChangesAsync(now.Folder, now.Request.Below, null, TimeSpan.Zero, stop);
            return begun.Succeeded
                ? Keep(now with { Cursor = begun.Value.Cursor, HasListed = now.Request.Since is null && now.Request.Words is null, Heard = Now }, [])
                : begun.Failure;
        }

        return now.HasListed ? await FollowAsync(news, now, stop) : await ListAsync(news, now, stop);
    }

    private DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>A page of what was there before.</summary>
    private async Task<Outcome<Subscription>> ListAsync(IFolderNews news, Subscription now, CancellationToken stop)
    {
        // Of a search all is gone through once, to know which entry is the newest; only what is asked for is taken.
        var isNewestOnly = now.Request is { Words: not null, Since: null } && now.NewestEntry == 0;
        var query = new FolderListQuery(
            now.Folder, now.Request.Below, now.Request.Words, isNewestOnly ? null : SinceOf(now), isNewestOnly, now.ListCursor);
        var page = await news.ListAsync(query, stop);
        if (page.Failure is { Kind: FailureKind.NotFound })
        {
            return Keep(now with { HasListed = true, ListCursor = null, Heard = Now, Problem = NoFolder(now) }, []);
        }

        if (!page.Succeeded)
        {
            return page.Failure;
        }

        var newest = Math.Max(now.NewestEntry, page.Value.Entries.Select(entry => entry.Id).DefaultIfEmpty().Max());
        if (isNewestOnly)
        {
            return Keep(now with { HasListed = true, NewestEntry = newest, Heard = Now, Problem = null }, []);
        }

        var files = TakeAll(now, page.Value.Entries);
        return files.Succeeded
            ? Keep(
                now with { HasListed = page.Value.Next is null, ListCursor = page.Value.Next, NewestEntry = newest, Heard = Now, Problem = null },
                files.Value)
            : files.Failure;
    }

    private static DateTimeOffset? SinceOf(Subscription now) =>
        (now.Request.Since ?? now.Added) is var since && since <= DateTimeOffset.UnixEpoch ? null : since;

    private static string NoFolder(Subscription now) => $"there is no folder {EntryName.Show(now.Folder)} now; what is filed there will come";

    private async Task<Outcome<Subscription>> FollowAsync(IFolderNews news, Subscription now, CancellationToken stop)
    {
        var answer = await news.ChangesAsync(now.Folder, now.Request.Below, now.Cursor, Wait, stop);
        if (!answer.Succeeded)
        {
            return answer.Failure;
        }

        var page = answer.Value;
        if (page.IsMissed)
        {
            // Too long away, or the community was restored from a backup: what was filed since is found by a list.
            return Keep(now with { Cursor = page.Cursor, HasListed = false, ListCursor = null, Heard = Now }, []);
        }

        if (page.Changes.Count == 0)
        {
            var quiet = now with { Cursor = page.Cursor, Problem = IsAboutNode(now.Problem) ? null : now.Problem };
            var isDue = now.Heard is null || Now - now.Heard > IdleKeepInterval || quiet.Problem != now.Problem;
            return isDue ? Keep(quiet with { Heard = Now }, []) : quiet;
        }

        var taken = new Batch(now with { Cursor = page.Cursor, Heard = Now, Problem = IsAboutNode(now.Problem) ? null : now.Problem });
        foreach (var change in page.Changes)
        {
            if (await TakeAsync(news, taken, change, stop) is { } failure)
            {
                return failure;
            }
        }

        if (taken.MustSearch && await SearchAsync(news, taken, stop) is { } unsearched)
        {
            return unsearched;
        }

        return Keep(taken.Subscription, taken.Files);
    }

    /// <summary>Said by <see cref="SubscriptionKeeper"/> of a node that did not answer.</summary>
    private static bool IsAboutNode(string? problem) => problem?.StartsWith(SubscriptionKeeper.NoAnswer, StringComparison.Ordinal) == true;

    private async Task<Failure?> TakeAsync(IFolderNews news, Batch batch, FolderChange change, CancellationToken stop)
    {
        var now = batch.Subscription;
        switch (change.Kind)
        {
            case NewsKind.Filed or NewsKind.Restored when !change.IsFolder:
                return now.Request.Words is null ? Take(batch, AsThen(change)) : batch.Search();
            case NewsKind.Restored:
                return now.Request.Words is null ? await TakeFolderAsync(news, batch, change.Path, stop) : batch.Search();
            case NewsKind.Moved when change.IsFolder:
                return await new Mover(book, disk).MoveFolderAsync(batch, change, path => TakeFolderAsync(news, batch, path, stop));
            case NewsKind.Moved:
                return new Mover(book, disk).MoveEntry(batch, change) ?? (now.Request.Words is null ? Take(batch, AsThen(change)) : batch.Search());
            case NewsKind.Removed:
                return new Mover(book, disk).Remove(batch, change);
            default:
                return null;
        }
    }

    /// <summary>The entry where it stood then: where it went since is told by the changes behind.</summary>
    private static NewsEntry? AsThen(FolderChange change) => change.Entry is { } entry && change.Path.Length > 1 ? entry with { Path = change.Path } : null;

    /// <summary>Everything in a folder that came into sight as a whole.</summary>
    private async Task<Failure?> TakeFolderAsync(IFolderNews news, Batch batch, string folder, CancellationToken stop)
    {
        var now = batch.Subscription;
        var isAround = FileRules.IsAtOrBelow(folder, now.Folder);
        if (!isAround && !(now.Request.Below && FileRules.IsAtOrBelow(now.Folder, folder)))
        {
            return null;
        }

        var query = new FolderListQuery(isAround ? now.Folder : folder, now.Request.Below, null, null, false, null);
        for (var pages = 0; pages < PagesMax; pages++)
        {
            var page = await news.ListAsync(query, stop);
            if (!page.Succeeded)
            {
                return page.Failure.Kind == FailureKind.NotFound ? null : page.Failure;
            }

            foreach (var entry in page.Value.Entries)
            {
                if (Take(batch, entry) is { } failure)
                {
                    return failure;
                }
            }

            if (batch.Spill(book) is { } unkept)
            {
                return unkept;
            }

            if (page.Value.Next is not { } next)
            {
                return null;
            }

            query = query with { Cursor = next };
        }

        return null;
    }

    /// <summary>What a search finds now that it did not before, newest first.</summary>
    private async Task<Failure?> SearchAsync(IFolderNews news, Batch batch, CancellationToken stop)
    {
        var now = batch.Subscription;
        var (query, newest) = (new FolderListQuery(now.Folder, now.Request.Below, now.Request.Words, null, true, null), now.NewestEntry);
        for (var pages = 0; pages < PagesMax; pages++)
        {
            var page = await news.ListAsync(query, stop);
            if (!page.Succeeded)
            {
                return page.Failure.Kind == FailureKind.NotFound ? null : page.Failure;
            }

            var added = page.Value.Entries.TakeWhile(entry => entry.Id > now.NewestEntry).ToList();
            foreach (var entry in added)
            {
                newest = Math.Max(newest, entry.Id);
                if (Take(batch, entry) is { } failure)
                {
                    return failure;
                }
            }

            if (added.Count < page.Value.Entries.Count || page.Value.Next is null)
            {
                break;
            }

            query = query with { Cursor = page.Value.Next };
        }

        batch.Subscription = now with { NewestEntry = newest };

        // A folder that many are filed in is not searched anew for each of them.
        await Task.Delay(SearchPause, clock, stop);
        return null;
    }

    private Outcome<List<SubscribedFile>> TakeAll(Subscription now, IReadOnlyList<NewsEntry> entries)
    {
        var batch = new Batch(now);
        foreach (var entry in entries)
        {
            if (Take(batch, entry) is { } failure)
            {
                return failure;
            }
        }

        return batch.Files;
    }

    private Failure? Take(Batch batch, NewsEntry? entry)
    {
        var now = batch.Subscription;
        if (entry is null || !FileRules.IsIn(now, entry.Path) || !FileRules.Wants(now, entry))
        {
            return null;
        }

        var place = FileRules.PlaceOf(now, entry);
        var local = place.Succeeded ? place.Value : Path.Combine(now.Request.To, "?" + entry.Path);
        var known = batch.Known(local) is { } own ? own : book.At(now.Id, local);
        if (!known.Succeeded)
        {
            return known.Failure;
        }

        if (known.Value is { } earlier && earlier.Root == entry.Root && earlier.State is not WantedState.Gone)
        {
            // The same content under another number: filed anew, or brought back.
            return earlier.Entry == entry.Id ? null : batch.Add(earlier with { Entry = entry.Id, Path = entry.Path });
        }

        var state = !place.Succeeded ? WantedState.Failed : now.Request.IsNoticeOnly ? WantedState.Noted : WantedState.Wanted;
        return batch.Add(new SubscribedFile(now.Id, local, entry.Id, entry.Path, entry.Root, entry.Length, state)
        {
            Owner = entry.Owner,
            Found = Now,
            Kept = known.Value?.Kept,
            KeptLength = known.Value?.KeptLength ?? 0,
            Problem = place.Failure?.Message,
        });
    }

    private Outcome<Subscription> Keep(Subscription subscription, IReadOnlyList<SubscribedFile> files)
    {
        if (book.Keep(subscription, files) is { } failure)
        {
            return failure;
        }

        if (files.Any(file => file.State == WantedState.Wanted))
        {
            found();
        }

        return subscription;
    }
}
