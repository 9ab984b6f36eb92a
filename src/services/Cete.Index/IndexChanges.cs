using System.Globalization;
using Cete.Core;
using Cete.Groups;
using Cete.Index.Proto;
using Cete.Ports;

namespace Cete.Index;

/// <summary>
/// What changes in a folder, from a cursor on: for those who follow one. It comes from the feed of the group, as this node's replica has it, so a cursor
/// is good on every node. For several callers at once.
/// </summary>
/// <param name="group">The group that keeps the index.</param>
/// <param name="clock">By which one waits.</param>
public sealed class IndexChanges(IGroup group, TimeProvider clock)
{
    /// <summary>Events that one question reads of the feed before it answers, even where none of them was asked for.</summary>
    private const int EventsMax = 20_000;

    private readonly ChangeWatchers _watchers = new(group, clock);

    /// <summary>Those who wait for changes now.</summary>
    public int Waiting => _watchers.Count;

    /// <summary>Changes behind a cursor; where there are none, those that come within a time.</summary>
    /// <param name="query">Which.</param>
    /// <param name="wait">How long to wait for the first.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<Outcome<ChangePage>> ReadAsync(ChangeQuery query, TimeSpan wait, CancellationToken cancellation)
    {
        var folder = query.Folder.ToString();
        var start = await StartAsync(query.After, cancellation);
        if (!start.Succeeded)
        {
            return start.Failure;
        }

        var (epoch, position, isNow, isMissed) = start.Value;
        if (isNow || isMissed)
        {
            return new ChangePage([], CursorOf(epoch, position), isMissed);
        }

        using var watch = wait > TimeSpan.Zero ? _watchers.Begin(folder, query.Below) : null;
        if (watch is null && wait > TimeSpan.Zero)
        {
            return new Failure(FailureKind.Unavailable, "too many wait for changes at this node; ask another one, or without 'wait'");
        }

        using var patience = new CancellationTokenSource(wait, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        while (true)
        {
            watch?.Rearm();
            var found = await CollectAsync(query, epoch, position, cancellation);
            if (!found.Succeeded)
            {
                return found.Failure;
            }

            position = found.Value.Position;
            if (found.Value.Changes.Count > 0 || found.Value.IsMissed || watch is null || patience.IsCancellationRequested)
            {
                var changes = await WithEntriesAsync(found.Value.Changes, cancellation);
                return changes.Then(all => new ChangePage(all, CursorOf(epoch, position), found.Value.IsMissed));
            }

            if (found.Value.IsEnd)
            {
                await watch.Woken.WaitAsync(either.Token).ContinueWith(
                    _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>Where a cursor stands.</summary>
    private async Task<Outcome<(long Epoch, long Position, bool IsNow, bool IsMissed)>> StartAsync(string? after, CancellationToken cancellation)
    {
        var cursor = ReadCursor(after);
        var page = await group.ReadFeedAsync(cursor?.Position ?? 0, 0, cancellation);
        if (!page.Succeeded)
        {
            return page.Failure;
        }

        var now = page.Value;
        if (string.IsNullOrEmpty(after))
        {
            return (now.Epoch, now.End, true, false);
        }

        return cursor is not { } known || now.IsGone(known.Epoch, known.Position)
            ? (now.Epoch, now.End, false, true)
            : (now.Epoch, known.Position, false, false);
    }

    private async Task<Outcome<Collected>> CollectAsync(ChangeQuery query, long epoch, long position, CancellationToken cancellation)
    {
        var folder = query.Folder.ToString();
        List<IndexChange> changes = [];
        for (var read = 0; read < EventsMax;)
        {
            var page = await group.ReadFeedAsync(position, Limits.PageItemsMax, cancellation);
            if (!page.Succeeded)
            {
                return page.Failure;
            }

            if (page.Value.IsGone(epoch, position))
            {
                return new Collected(changes, page.Value.End, true, true);
            }

            if (page.Value.Events.Count == 0)
            {
                return new Collected(changes, Math.Max(position, page.Value.End), true, false);
            }

            foreach (var told in page.Value.Events)
            {
                position = told.Position;
                if (ChangeOf(told, folder, query.Below) is { } change)
                {
                    changes.Add(change);
                    if (changes.Count >= query.Limit)
                    {
                        return new Collected(changes, position, false, false);
                    }
                }
            }

            read += page.Value.Events.Count;
        }

        return new Collected(changes, position, false, false);
    }

    private static IndexChange? ChangeOf(FeedEvent told, string folder, bool below)
    {
        if (ChangeScope.KindOf(told.Type) is not { } kind)
        {
            return null;
        }

        var change = ProtobufBytes.Read(EntryEvent.Parser, told.Body.Span);
        return ChangeScope.Concerns(folder, below, told.Type, change)
            ? new IndexChange(kind, change.Entry, change.Path, change.From, change.IsFolder)
            : null;
    }

    /// <summary>Entries as they are now: who asks wants to know what to fetch, and from which size on.</summary>
    private async Task<Outcome<IReadOnlyList<IndexChange>>> WithEntriesAsync(List<IndexChange> changes, CancellationToken cancellation)
    {
        var wanted = changes.Where(change => !change.IsFolder && change.Kind is ChangeKind.Filed or ChangeKind.Moved or ChangeKind.Restored)
            .Select(change => change.Id).Distinct().ToList();
        if (wanted.Count == 0)
        {
            return changes;
        }

        var entries = await group.ReadAsync(
            sql => wanted.Select(id => EntryQueries.ById(sql, id)).OfType<EntryRecord>().ToDictionary(entry => entry.Id), ReadLevel.Local, cancellation);
        return entries.Then<IReadOnlyList<IndexChange>>(
            found => [.. changes.Select(change => change.IsFolder ? change : change with { Entry = found.GetValueOrDefault(change.Id) })]);
    }

    private static string CursorOf(long epoch, long position) => string.Create(CultureInfo.InvariantCulture, $"{epoch:x}-{position:x}");

    private static (long Epoch, long Position)? ReadCursor(string? text) =>
        text is { Length: <= 40 } && text.IndexOf('-', StringComparison.Ordinal) is var dash and > 0
        && long.TryParse(text.AsSpan(0, dash), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var epoch) && epoch >= 0
        && long.TryParse(text.AsSpan(dash + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var position) && position >= 0
            ? (epoch, position)
            : null;

    /// <summary>What one look at the feed found.</summary>
    /// <param name="Changes">Those that were asked for.</param>
    /// <param name="Position">Up to where it was read.</param>
    /// <param name="IsEnd">There was no more.</param>
    /// <param name="IsMissed">What was asked for is not kept any more.</param>
    private sealed record Collected(List<IndexChange> Changes, long Position, bool IsEnd, bool IsMissed);
}
