using Cete.Core;
using Cete.Groups;
using Cete.Index.Proto;
using Cete.Ports;

namespace Cete.Index;

/// <summary>
/// Wakes those who wait for changes of a folder. One task for all of them reads what is new, once, and only while somebody waits: ten thousand who wait
/// for quiet folders cost nothing while others are busy.
/// </summary>
internal sealed class ChangeWatchers(IGroup group, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, HashSet<Watch>> _watches = new(StringComparer.Ordinal);
    private int _count;
    private bool _isReading;

    /// <summary>Those who wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    /// <summary>Begins to watch a folder; null where too many do.</summary>
    public Watch? Begin(string folder, bool below)
    {
        lock (_gate)
        {
            if (_count >= Limits.ChangeWatchersMax)
            {
                return null;
            }

            var watch = new Watch(this, folder, below);
            if (!_watches.TryGetValue(folder, out var others))
            {
                _watches.Add(folder, others = []);
            }

            others.Add(watch);
            _count++;
            if (!_isReading)
            {
                _isReading = true;
                _ = ReadAsync();
            }

            return watch;
        }
    }

    private void End(Watch watch)
    {
        lock (_gate)
        {
            if (_watches.TryGetValue(watch.Folder, out var others) && others.Remove(watch))
            {
                _count--;
                if (others.Count == 0)
                {
                    _watches.Remove(watch.Folder);
                }
            }
        }
    }

    private async Task ReadAsync()
    {
        // Whoever begins to watch holds the lock.
        await Task.Yield();
        long? position = null;
        while (true)
        {
            lock (_gate)
            {
                if (_count == 0)
                {
                    _isReading = false;
                    return;
                }
            }

            position = await FollowAsync(position);
            if (position is null)
            {
                // The replica is being replaced, or the node stops: those who wait look for themselves.
                WakeAll();
                await Task.Delay(Pause, clock);
            }
        }
    }

    /// <summary>Reads on, or waits for more; null when that cannot be done now.</summary>
    private async Task<long?> FollowAsync(long? position)
    {
        try
        {
            var page = await group.ReadFeedAsync(position ?? long.MaxValue, Limits.PageItemsMax);
            if (!page.Succeeded)
            {
                return null;
            }

            if (position is null)
            {
                // What happened between the beginning of the first watch and now is not known here.
                WakeAll();
                return page.Value.End;
            }

            if (page.Value.Events.Count > 0)
            {
                Wake(page.Value.Events);
                return page.Value.Events[^1].Position;
            }

            await group.WaitForAppliedAsync(page.Value.Applied);
            return position;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return null;
        }
    }

    private void Wake(IReadOnlyList<FeedEvent> events)
    {
        lock (_gate)
        {
            foreach (var told in events)
            {
                var change = ProtobufBytes.Read(EntryEvent.Parser, told.Body.Span);
                WakeAbove(change.Path, told.Type, change);
                WakeAbove(change.From, told.Type, change);
                WakeBelow(told.Type, change);
            }
        }
    }

    /// <summary>Those who watch a folder that something is in.</summary>
    private void WakeAbove(string path, string type, EntryEvent change)
    {
        var byPath = _watches.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var end = path.LastIndexOf('/'); end >= 0; end = end == 0 ? -1 : path.LastIndexOf('/', end - 1))
        {
            if (byPath.TryGetValue(path.AsSpan(0, Math.Max(1, end)), out var watches))
            {
                WakeThose(watches, type, change);
            }
        }
    }

    /// <summary>Those who watch what went, moved or came back as a whole.</summary>
    private void WakeBelow(string type, EntryEvent change)
    {
        if (type is ChangeScope.Filed or ChangeScope.Replaced)
        {
            return;
        }

        foreach (var (folder, watches) in _watches)
        {
            if (ChangeScope.IsAtOrAbove(change.Path, folder) || (change.From.Length > 0 && ChangeScope.IsAtOrAbove(change.From, folder)))
            {
                WakeThose(watches, type, change);
            }
        }
    }

    private static void WakeThose(IEnumerable<Watch> watches, string type, EntryEvent change)
    {
        foreach (var watch in watches)
        {
            if (ChangeScope.Concerns(watch.Folder, watch.Below, type, change))
            {
                watch.Wake();
            }
        }
    }

    private void WakeAll()
    {
        lock (_gate)
        {
            foreach (var watch in _watches.Values.SelectMany(watches => watches))
            {
                watch.Wake();
            }
        }
    }

    /// <summary>One who waits; disposing ends it.</summary>
    internal sealed class Watch(ChangeWatchers home, string folder, bool below) : IDisposable
    {
        private volatile TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Folder => folder;

        public bool Below => below;

        /// <summary>Completes when something may have happened since <see cref="Rearm"/>.</summary>
        public Task Woken => _woken.Task;

        /// <summary>Before one looks: what happens from here on wakes.</summary>
        public void Rearm()
        {
            if (_woken.Task.IsCompleted)
            {
                _woken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        public void Wake() => _woken.TrySetResult();

        public void Dispose() => home.End(this);
    }
}
