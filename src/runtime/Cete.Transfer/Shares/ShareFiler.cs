using Cete.Core;
using Cete.Ports;
using Cete.Ports.Folders;
using Cete.Swarm;

namespace Cete.Transfer.Shares;

/// <summary>Hashes what a walk found, tells the index of it, and of what is gone. What is done is kept at once; what comes twice changes nothing.</summary>
/// <param name="book">What is known.</param>
/// <param name="disk">The disk.</param>
/// <param name="clock">The time.</param>
/// <param name="provider">The key that holds the contents.</param>
internal sealed class ShareFiler(IShareBook book, ISharerDisk disk, TimeProvider clock, Func<KeyId> provider)
{
    private const int BatchFiles = 200;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <summary>Does what there is to do by now; a failure is one that ends it all for now.</summary>
    public async Task<Failure?> StepAsync(IShareTarget target, Share share, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var (hashed, filed, gone) = (await HashAsync(share, stop), await FileAsync(target, share, stop), await LetGoAsync(target, share, stop));
            if ((hashed.Failure ?? filed.Failure ?? gone.Failure) is { } failure)
            {
                return failure;
            }

            if (hashed.Value + filed.Value + gone.Value == 0)
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>Takes everything back that the index was told of a share that ends.</summary>
    public async Task<Failure?> LeaveAsync(IShareTarget target, Share share, CancellationToken stop)
    {
        var ended = book.EndWalk(share.Id, share.Walk + 1);
        if (!ended.Succeeded)
        {
            return ended.Failure;
        }

        while (!stop.IsCancellationRequested)
        {
            var gone = await LetGoAsync(target, share, stop);
            if (!gone.Succeeded || gone.Value == 0)
            {
                return gone.Failure ?? book.Forget(share.Id);
            }
        }

        return null;
    }

    /// <summary>Hashes a batch, but not for so long that nothing of it is filed; how many files were looked at.</summary>
    private async Task<Outcome<int>> HashAsync(Share share, CancellationToken stop)
    {
        var (began, count) = (clock.GetTimestamp(), 0);
        var found = book.In(share.Id, SharedState.Found, clock.GetUtcNow(), BatchFiles);
        foreach (var file in found.Succeeded ? found.Value : [])
        {
            if (stop.IsCancellationRequested || clock.GetElapsedTime(began) > FirstPause)
            {
                break;
            }

            var hashed = await HashAsync(file, stop);
            if (!hashed.Succeeded)
            {
                return hashed.Failure;
            }

            count++;
            if (book.Keep([hashed.Value]) is { } failure)
            {
                return failure;
            }
        }

        return found.Succeeded ? count : found.Failure;
    }

    private async Task<Outcome<SharedFile>> HashAsync(SharedFile file, CancellationToken stop)
    {
        var opened = disk.Open(new LocalItem(file.Local, [Path.GetFileName(file.Local)], file.Mark.Length, default, null));
        if (!opened.Succeeded)
        {
            return file with { State = SharedState.Failed, Problem = opened.Failure.Message };
        }

        using var local = opened.Value;
        var manifest = await local.HashAsync(_ => { }, stop);
        if (!manifest.Succeeded && manifest.Failure.Kind is not FailureKind.Conflict)
        {
            return manifest.Failure.Kind == FailureKind.Cancelled ? manifest.Failure
                : file with { State = SharedState.Failed, Problem = manifest.Failure.Message };
        }

        var now = disk.Look(file.Local);
        if (!manifest.Succeeded || local.HasChanged || now != file.Mark)
        {
            var pause = TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(10, file.Tries)));
            return file with
            {
                Mark = now ?? file.Mark,
                Tries = file.Tries + 1,
                NotBefore = clock.GetUtcNow() + pause,
                Problem = "it changes while it is read, and is tried again when it is at rest",
            };
        }

        var hashed = file with { State = SharedState.Hashed, Root = manifest.Value.Root, Tries = 0, NotBefore = default, Problem = null };
        return manifest.Value.PieceCount > 1 && book.Keep(manifest.Value) is { } failure ? failure : hashed;
    }

    private async Task<Outcome<int>> FileAsync(IShareTarget target, Share share, CancellationToken stop)
    {
        var hashed = book.In(share.Id, SharedState.Hashed, clock.GetUtcNow(), BatchFiles);
        if (hashed is not { Succeeded: true, Value.Count: > 0 })
        {
            return hashed.Succeeded ? 0 : hashed.Failure;
        }

        foreach (var file in hashed.Value.Where(file => file.Mark.Length > PieceLengths.Shortest))
        {
            var manifest = book.Manifest(file.Root!.Value);
            var failure = !manifest.Succeeded ? manifest.Failure
                : manifest.Value is null ? book.Keep([file with { State = SharedState.Found }])
                : await target.DescribeAsync(manifest.Value, stop);
            if (failure is not null)
            {
                return failure;
            }
        }

        List<SharedFile> files = [.. hashed.Value];
        var refused = await target.FileAsync(provider().ToString(), [.. files.Select(file => ToEntry(share, file))], stop);
        if (refused is null)
        {
            return await NoteAsync(target, files, stop) is { } unkept ? unkept : files.Count;
        }

        if (EndsAll(refused))
        {
            return refused;
        }

        // One that is refused must not keep the others of its batch out.
        foreach (var file in files)
        {
            var single = await target.FileAsync(provider().ToString(), [ToEntry(share, file)], stop);
            var failure = single is null ? await NoteAsync(target, [file], stop)
                : EndsAll(single) ? single
                : book.Keep([file with { State = SharedState.Failed, Problem = single.Message }]);
            if (failure is not null)
            {
                return failure;
            }
        }

        return files.Count;
    }

    /// <summary>Notes files that have their entries; what they held before is withdrawn where nothing else has it.</summary>
    private async Task<Failure?> NoteAsync(IShareTarget target, List<SharedFile> files, CancellationToken stop)
    {
        var before = files.Where(file => file.FiledRoot is not null && file.FiledRoot != file.Root).Select(file => file.FiledRoot!.Value).ToList();
        var kept = book.Keep([.. files.Select(file => file with { State = SharedState.Filed, FiledRoot = file.Root, Tries = 0, Problem = null })]);
        return kept ?? await WithdrawAsync(target, before, stop);
    }

    private async Task<Outcome<int>> LetGoAsync(IShareTarget target, Share share, CancellationToken stop)
    {
        var gone = book.In(share.Id, SharedState.Gone, clock.GetUtcNow(), BatchFiles);
        if (gone is not { Succeeded: true, Value.Count: > 0 })
        {
            return gone.Succeeded ? 0 : gone.Failure;
        }

        if (share.Request.OnDelete == WhenFileGone.Remove)
        {
            foreach (var file in gone.Value.Where(file => file.Entry.Length > 0))
            {
                if (await target.RemoveAsync(file.Entry, file.FiledRoot!.Value, stop) is { } failure && EndsAll(failure))
                {
                    return failure;
                }
            }
        }

        var unwithdrawn = await WithdrawAsync(target, [.. gone.Value.Select(file => file.FiledRoot!.Value)], stop);
        return (unwithdrawn ?? book.Forget(gone.Value)) is { } unkept ? unkept : gone.Value.Count;
    }

    private async Task<Failure?> WithdrawAsync(IShareTarget target, List<Hash256> roots, CancellationToken stop)
    {
        List<Hash256> unheld = [];
        foreach (var root in roots.Distinct())
        {
            var others = book.With(root);
            if (!others.Succeeded)
            {
                return others.Failure;
            }

            if (others.Value.Count == 0)
            {
                unheld.Add(root);
            }
        }

        // That it was another who said so, or that the index is of an older level, harms nobody.
        return unheld.Count == 0 ? null
            : await target.WithdrawAsync(provider().ToString(), unheld, stop) is { } failure && EndsAll(failure) ? failure
            : null;
    }

    private static SharedEntry ToEntry(Share share, SharedFile file) => new(
        file.Entry, file.Root!.Value, file.Mark.Length, file.Mark.Modified, share.Request.Description, share.Request.Tags);

    private static bool EndsAll(Failure failure) =>
        failure.Kind is FailureKind.Unavailable or FailureKind.Throttled or FailureKind.Full or FailureKind.Unauthenticated or FailureKind.Cancelled;
}
