using Cete.Core;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.Transfer;

/// <summary>How files are put in.</summary>
/// <param name="Folder">Folder of the index they go to.</param>
/// <param name="Description">Said of each entry.</param>
/// <param name="Tags">Of each entry.</param>
public sealed record PublishOrder(EntryPath Folder, string Description, IReadOnlyList<string> Tags);

/// <summary>
/// Puts files of the user's into a community: small ones by hash, several at once, and only those that the node lacks; larger ones by
/// <see cref="LargeFileSender"/>. Entries are filed in batches as contents arrive, so what was done stays done when it is broken off.
/// </summary>
public sealed class Publisher(ILocalFiles files, IPublishTarget target)
{
    private const int BatchFiles = 200;
    private const int SmallAtOnce = 8;

    private readonly List<FilingItem> _toFile = [];
    private readonly List<SmallFile> _small = [];
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);

    /// <summary>What could not be put in so far.</summary>
    public List<PublishProblem> Problems { get; } = [];

    /// <summary>Puts in a file or a folder with all below. A failure ends it; what ails single files is in <see cref="Problems"/>.</summary>
    public async Task<Outcome<bool>> PublishAsync(
        IEnumerable<LocalItem> items, PublishOrder order, PublishProgress progress, CancellationToken cancellation)
    {
        foreach (var item in items)
        {
            if (cancellation.IsCancellationRequested)
            {
                return new Failure(FailureKind.Cancelled, "stopped on request; run the same command again to go on");
            }

            progress.Current = item.Path;
            var outcome = await TakeAsync(item, order, progress, cancellation);
            if (outcome.Failure is { } failure && !Skip(item.Path, failure, progress))
            {
                return failure;
            }

            var sent = _small.Count >= BatchFiles ? await SendSmallAsync(progress, cancellation) : await FileAsync(progress, cancellation);
            if (!sent.Succeeded)
            {
                return sent;
            }
        }

        return await SendSmallAsync(progress, cancellation);
    }

    /// <summary>Whether a failure is about this one file, so that the others can go on.</summary>
    private bool Skip(string path, Failure failure, PublishProgress progress)
    {
        if (EndsAll(failure))
        {
            return false;
        }

        Problems.Add(new PublishProblem(path, failure));
        progress.AddFile();
        return true;
    }

    private static bool EndsAll(Failure failure) => failure.Kind is FailureKind.Unavailable or FailureKind.Full or FailureKind.Cancelled;

    private async Task<Outcome<bool>> TakeAsync(LocalItem item, PublishOrder order, PublishProgress progress, CancellationToken cancellation)
    {
        var path = item.Failure is null ? EntryPath.Parse($"{order.Folder}/{string.Join('/', item.Relative)}") : item.Failure;
        if (!path.Succeeded)
        {
            return path.Failure;
        }

        if (!_paths.Add(path.Value.ToString()))
        {
            return new Failure(FailureKind.Conflict, $"another file of this put goes to {path.Value} already; put one of them elsewhere with --to");
        }

        var opened = files.Open(item);
        if (!opened.Succeeded)
        {
            return IsLocal(opened.Failure);
        }

        using var file = opened.Value;
        var entry = new FilingItem(path.Value, default, item.Modified, order.Description, order.Tags);
        if (file.Length <= PieceLengths.Shortest)
        {
            var bytes = file.ReadAll();
            if (!bytes.Succeeded)
            {
                return IsLocal(bytes.Failure);
            }

            if (file.HasChanged)
            {
                return new Failure(FailureKind.Conflict, "the file changed while it was read; put it in again when it is at rest");
            }

            _small.Add(new SmallFile(entry with { Root = Merkle.HashContent(bytes.Value) }, bytes.Value, item.Path));
            return true;
        }

        var sent = await new LargeFileSender(target, progress).SendAsync(file, item, cancellation);
        if (!sent.Succeeded)
        {
            return sent.Failure;
        }

        progress.AddFile();
        _toFile.Add(entry with { Root = sent.Value });
        return true;
    }

    /// <summary>A disk of the user's that fails with one file may be fine with the next: only the node's failures end it all.</summary>
    private static Failure IsLocal(Failure failure) =>
        failure.Kind == FailureKind.Unavailable ? failure with { Kind = FailureKind.Forbidden } : failure;

    private async Task<Outcome<bool>> SendSmallAsync(PublishProgress progress, CancellationToken cancellation)
    {
        if (_small.Count == 0)
        {
            return true;
        }

        var known = await target.KnownAsync([.. _small.Select(s => s.Entry.Root)], cancellation);
        if (!known.Succeeded)
        {
            return known.Failure;
        }

        var missing = _small.Where((_, i) => !known.Value[i]).DistinctBy(s => s.Entry.Root).ToList();
        Dictionary<Hash256, Failure> refused = [];
        foreach (var some in missing.Chunk(SmallAtOnce))
        {
            var sent = await Task.WhenAll(some.Select(s => target.PutSmallAsync(s.Entry.Root, s.Content, cancellation)));
            foreach (var (small, outcome) in some.Zip(sent))
            {
                if (outcome.Failure is not { } failure)
                {
                    progress.AddSent(small.Content.Length);
                }
                else if (EndsAll(failure))
                {
                    return failure;
                }
                else
                {
                    refused.Add(small.Entry.Root, failure);
                }
            }
        }

        foreach (var small in _small)
        {
            progress.AddFile();
            if (refused.TryGetValue(small.Entry.Root, out var failure))
            {
                Problems.Add(new PublishProblem(small.Source, failure));
                continue;
            }

            progress.AddBytes(small.Content.Length);
            _toFile.Add(small.Entry);
        }

        for (var i = missing.Count; i < _small.Count; i++)
        {
            progress.AddKnown();
        }

        _small.Clear();
        return await FileAsync(progress, cancellation);
    }

    private async Task<Outcome<bool>> FileAsync(PublishProgress progress, CancellationToken cancellation)
    {
        foreach (var batch in _toFile.Chunk(BatchFiles))
        {
            var filed = await target.FileAsync(batch, cancellation);
            if (filed.Succeeded)
            {
                progress.AddUnchanged(filed.Value);
                continue;
            }

            if (EndsAll(filed.Failure))
            {
                return filed.Failure;
            }

            // One clash must not keep the others of its batch out: each is filed by itself then, and the clash named.
            foreach (var item in batch)
            {
                var single = await target.FileAsync([item], cancellation);
                if (single.Succeeded)
                {
                    progress.AddUnchanged(single.Value);
                }
                else if (EndsAll(single.Failure))
                {
                    return single.Failure;
                }
                else
                {
                    Problems.Add(new PublishProblem(item.Path.ToString(), single.Failure));
                }
            }
        }

        _toFile.Clear();
        return true;
    }

    private sealed record SmallFile(FilingItem Entry, byte[] Content, string Source);
}
