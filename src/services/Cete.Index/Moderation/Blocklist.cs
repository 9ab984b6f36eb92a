using System.Collections.Concurrent;
using Cete.Core;

namespace Cete.Index.Moderation;

/// <summary>
/// Which contents the community's moderators took down, as this node knows it: a copy that follows the index, from the node's own replica or from nodes
/// that have one. Whatever hands out contents asks it, and is answered at once. For several callers at once.
/// </summary>
public sealed class Blocklist
{
    /// <summary>So many answers in a row must know less than this node does before it believes them: each takes seconds.</summary>
    private const int BehindMax = 5;

    private readonly ConcurrentDictionary<Hash256, string> _reasons = [];
    private long _known;
    private int _behind;

    /// <summary>Contents that are taken down, as far as it is known here.</summary>
    public int Count => _reasons.Count;

    /// <summary>The last act that is known here.</summary>
    public long Known => Interlocked.Read(ref _known);

    /// <summary>Why a content is not to be had; null where nothing is against it.</summary>
    public Failure? Refuse(in Hash256 root) => _reasons.TryGetValue(root, out var reason) ? TakenDownContents.Refuse(root, reason) : null;

    /// <summary>Follows the index until it is stopped.</summary>
    /// <param name="read">What changed behind an act.</param>
    /// <param name="wait">Completes when there may be more, or after a while.</param>
    /// <param name="stop">Ends it.</param>
    public async Task FollowAsync(
        Func<long, CancellationToken, Task<Outcome<TakenDownPage>>> read, Func<CancellationToken, Task> wait, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                // Asked before it is read: what comes between the two is not missed.
                var more = wait(stop);
                var page = await read(Known, stop);
                if (!(page.Succeeded && Take(page.Value)))
                {
                    await more;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    /// <summary>Takes what changed; whether there is more to be asked for at once.</summary>
    internal bool Take(TakenDownPage page)
    {
        if (page.End < Known)
        {
            // A replica that lags behind catches up; of an index that was brought back from a backup all is read again.
            if (++_behind < BehindMax)
            {
                return false;
            }

            _behind = 0;
            _reasons.Clear();
            Interlocked.Exchange(ref _known, 0);
            return page.End > 0;
        }

        _behind = 0;
        foreach (var change in page.Changes)
        {
            if (change.Reason is null)
            {
                _reasons.TryRemove(change.Root, out _);
            }
            else if (_reasons.Count < Limits.TakenDownMax)
            {
                _reasons[change.Root] = change.Reason;
            }

            Interlocked.Exchange(ref _known, Math.Max(Known, change.Act));
        }

        return page.IsMore && page.Changes.Count > 0;
    }
}
