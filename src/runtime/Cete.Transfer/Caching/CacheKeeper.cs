using Cete.Core;
using Cete.Ports.Swarms;
using Cete.Swarm.Caching;

namespace Cete.Transfer.Caching;

/// <summary>
/// A node's cache: looks from time to time what people ask for, has <see cref="CachePolicy"/> decide, fetches a few contents at a time, and removes what has
/// to go. What it keeps, and what it is fetching, has room by then: it is never over its bound.
/// </summary>
public sealed class CacheKeeper : IAsyncDisposable
{
    /// <summary>How often it looks: a swarm that is over sooner needs no help.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly CachePolicy _policy;
    private readonly ICacheEdge _edge;
    private readonly int _fetchesMax;
    private readonly TimeProvider _clock;
    private readonly Action<string> _say;
    private readonly CancellationTokenSource _stop = new();
    private readonly Queue<WantedContent> _waiting = new();
    private readonly Dictionary<Hash256, Fetch> _fetches = [];
    private Dictionary<Hash256, int> _asked = [];
    private CacheFigures _counts = new(0, 0, 0, 0);

    /// <param name="policy">Decides; becomes this object's.</param>
    /// <param name="edge">The world.</param>
    /// <param name="fetchesMax">Contents that are fetched at a time.</param>
    /// <param name="clock">The time here.</param>
    /// <param name="say">Is told in words what went wrong.</param>
    public CacheKeeper(CachePolicy policy, ICacheEdge edge, int fetchesMax, TimeProvider clock, Action<string> say)
    {
        Check.That(fetchesMax > 0);
        (_policy, _edge, _fetchesMax, _clock, _say) = (policy, edge, fetchesMax, clock, say);
    }

    /// <summary>How it stands.</summary>
    public CacheFigures Figures
    {
        get
        {
            lock (_gate)
            {
                return _counts with { Used = _policy.Used, Capacity = _policy.Capacity, Contents = _policy.Count, Fetching = _fetches.Count };
            }
        }
    }

    /// <summary>What a content takes on the disk: its bytes, the hashes of its leaves, and a block.</summary>
    public static long SizeOf(long length) => length + (length / 500) + 4_096;

    /// <summary>Takes back what was kept before a restart; what has no room any more is removed.</summary>
    /// <param name="root">The content.</param>
    /// <param name="length">Its bytes.</param>
    public async Task<bool> RestoreAsync(Hash256 root, long length)
    {
        bool isKept;
        lock (_gate)
        {
            isKept = !_edge.IsPublishedHere(root) && _policy.Restore(root, SizeOf(length));
        }

        if (!isKept)
        {
            await _edge.RemoveAsync(root);
        }

        return isKept;
    }

    /// <summary>Looks from time to time, until the node stops.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await LookAsync(stop);
                await Task.Delay(LookInterval, _clock, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    /// <summary>Looks once what people ask for.</summary>
    public async Task LookAsync(CancellationToken stop)
    {
        var wanted = await _edge.WantedAsync(stop);
        if (!wanted.Succeeded)
        {
            // Where the index has no root now, or none is to be reached, nobody is to be helped either; it is asked again.
            return;
        }

        Dictionary<Hash256, int> asked = [];
        foreach (var content in wanted.Value.Take(WantedContent.CountMax))
        {
            var before = _asked.GetValueOrDefault(content.Root);
            var newcomers = content.Asked >= before ? content.Asked - before : content.Asked;
            asked[content.Root] = content.Asked;
            await TakeAsync(content, Math.Min(newcomers, FrequencySketch.CountMax));
        }

        _asked = asked;
        Begin();
    }

    /// <summary>Completes when nothing is being fetched.</summary>
    public Task IdleAsync()
    {
        lock (_gate)
        {
            return Task.WhenAll(_fetches.Values.Select(fetch => fetch.Ended.Task));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await IdleAsync();
        _stop.Dispose();
    }

    private async Task TakeAsync(WantedContent content, int newcomers)
    {
        if (_edge.IsPublishedHere(content.Root))
        {
            await GiveUpAsync(content.Root);
            return;
        }

        for (var i = 0; i < newcomers; i++)
        {
            CacheDecision decision;
            lock (_gate)
            {
                decision = _policy.Seen(content.Root, SizeOf(content.Length));

                // What is on its way helps nobody yet.
                var isHere = decision.IsHit && !_fetches.ContainsKey(content.Root) && _waiting.All(waiting => waiting.Root != content.Root);
                _counts = _counts with
                {
                    Hits = _counts.Hits + (isHere ? 1 : 0),
                    Misses = _counts.Misses + (isHere ? 0 : 1),
                    Evicted = _counts.Evicted + decision.Evicted.Count,
                };
                if (decision.IsAdmitted && _waiting.All(waiting => waiting.Root != content.Root))
                {
                    _waiting.Enqueue(content);
                }
            }

            foreach (var gone in decision.Evicted)
            {
                CacheMetrics.Evicted(gone.Size);
                await DropAsync(gone.Root);
            }
        }
    }

    /// <summary>It was published here meanwhile: what the cache has of it is one copy too many.</summary>
    private async Task GiveUpAsync(Hash256 root)
    {
        bool isKept;
        lock (_gate)
        {
            isKept = _policy.Has(root);
            _policy.Remove(root);
        }

        if (isKept)
        {
            await DropAsync(root);
        }
    }

    private async Task DropAsync(Hash256 root)
    {
        Fetch? fetch;
        lock (_gate)
        {
            if (_fetches.TryGetValue(root, out fetch))
            {
                _ = fetch.Stop.CancelAsync();
            }
        }

        await (fetch?.Ended.Task ?? Task.CompletedTask);

        await _edge.RemoveAsync(root);
    }

    private void Begin()
    {
        List<(WantedContent Content, Fetch Fetch)> begun = [];
        lock (_gate)
        {
            while (_fetches.Count < _fetchesMax && _waiting.TryDequeue(out var next))
            {
                if (_policy.Has(next.Root) && !_fetches.ContainsKey(next.Root) && !_stop.IsCancellationRequested)
                {
                    var fetch = new Fetch(CancellationTokenSource.CreateLinkedTokenSource(_stop.Token));
                    _fetches.Add(next.Root, fetch);
                    begun.Add((next, fetch));
                }
            }
        }

        foreach (var (content, fetch) in begun)
        {
            _ = FetchAsync(content, fetch);
        }
    }

    private async Task FetchAsync(WantedContent content, Fetch fetch)
    {
        var fetched = await _edge.FetchAsync(content, fetch.Stop.Token);
        if (fetched.Succeeded)
        {
            CacheMetrics.Fetched(content.Length);
        }
        else
        {
            await _edge.RemoveAsync(content.Root);
            if (!fetch.Stop.IsCancellationRequested)
            {
                _say($"{content.Root}: {fetched.Failure.Message}");
            }
        }

        lock (_gate)
        {
            _fetches.Remove(content.Root);
            fetch.Stop.Dispose();
            if (fetched.Succeeded)
            {
                _counts = _counts with { Fetched = _counts.Fetched + 1, FetchedBytes = _counts.FetchedBytes + content.Length };
            }
            else
            {
                _policy.Remove(content.Root);
                _counts = _counts with { Failed = _counts.Failed + 1 };
            }
        }

        fetch.Ended.SetResult();
        Begin();
    }

    /// <summary>A content that is on its way.</summary>
    private sealed class Fetch(CancellationTokenSource stop)
    {
        public CancellationTokenSource Stop { get; } = stop;

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
