using System.Collections.Concurrent;
using Cete.Core;
using Cete.Net.Tls;
using Cete.Ports.Folders;
using Cete.Ports.Swarms;
using Cete.Storage.Contents;
using Cete.Swarm;

namespace Cete.App.Agent;

/// <summary>
/// Has communities know what an agent has whole, and has it take part in the swarm of a content once somebody listens to it: until then nothing has to be
/// announced about each of ten thousand files.
/// </summary>
/// <param name="given">What its user downloaded.</param>
/// <param name="contents">All that it has.</param>
/// <param name="find">Its part in the community of a node; null where it has none now.</param>
internal sealed class AgentOffers(GivenBack given, AgentContents contents, Func<string, TlsTrust, CancellationToken, Task<CommunityPeers?>> find)
    : IAsyncDisposable
{
    private const int AskedMax = 1_000;
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    /// <summary>Files are looked at so often, whether or not the agent knows of a change.</summary>
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(5);

    /// <summary>A node that cannot be reached is tried again after so long.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(15);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly ConcurrentQueue<Hash256> _asked = new();
    private readonly Dictionary<(string Node, string? Trust), Place> _places = [];
    private (long Given, long Shared) _seen = (-1, -1);
    private DateTimeOffset _swept;
    private Task _running = Task.CompletedTask;

    /// <summary>Begins.</summary>
    /// <param name="shared">What its user shares.</param>
    public void Start(ISharedFiles shared) => _running = RunAsync(shared, _stop.Token);

    /// <summary>Somebody began to listen to a content.</summary>
    public void Heard(Hash256 root)
    {
        if (_asked.Count < AskedMax)
        {
            _asked.Enqueue(root);
            _wake.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await Task.WhenAll(_places.Values.Select(place => place.Running));
        _wake.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(ISharedFiles shared, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                Look(shared);
                foreach (var place in _places.Values.Where(place => place.Running.IsCompleted && place.NotBefore <= TimeProvider.System.GetUtcNow()))
                {
                    place.Running = TellAsync(place, stop);
                }

                await _wake.WaitAsync(LookInterval, stop);
                while (_asked.TryDequeue(out var root))
                {
                    await SeedAsync(root, shared, stop);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The agent ends.
        }
    }

    /// <summary>Sorts what there is by communities, where it may be other than before.</summary>
    private void Look(ISharedFiles shared)
    {
        var (seen, now) = ((given.Version, shared.Version), TimeProvider.System.GetUtcNow());
        if (seen == _seen && now - _swept < SweepInterval)
        {
            return;
        }

        (_seen, _swept) = (seen, now);
        var held = given.Held().Concat(shared.Held(HoldingReport.OfOneMax)).ToLookup(content => (content.Node, content.Trust), content => content.Root);
        foreach (var group in held.Where(group => !_places.ContainsKey(group.Key)))
        {
            _places.Add(group.Key, new Place(group.Key.Node, group.Key.Trust));
        }

        foreach (var (key, place) in _places)
        {
            place.Held = [.. held[key].Distinct()];
        }
    }

    private async Task TellAsync(Place place, CancellationToken stop)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            if (await FindAsync(place.Node, place.Trust, stop) is { } community)
            {
                await community.TellAsync(place.Held, stop);
                await community.RetireAsync();
            }
            else
            {
                place.NotBefore = TimeProvider.System.GetUtcNow() + RetryAfter;
            }
        }
        catch (OperationCanceledException)
        {
            // The agent ends.
        }
    }

    private async Task SeedAsync(Hash256 root, ISharedFiles shared, CancellationToken stop)
    {
        Manifest? manifest;
        using (var file = contents.Find(root))
        {
            manifest = file is { IsWhole: true } ? file.Manifest : null;
        }

        if (manifest is null)
        {
            return;
        }

        var nodes = shared.NodesOf(root).ToHashSet();
        if (given.OriginOf(root) is { } origin)
        {
            nodes.Add(origin.Node);
        }

        foreach (var place in _places.Values.Where(place => nodes.Contains(place.Node)))
        {
            if (await FindAsync(place.Node, place.Trust, stop) is { } community)
            {
                await community.SeedAsync(manifest);
            }
        }
    }

    private async Task<CommunityPeers?> FindAsync(string node, string? trust, CancellationToken stop)
    {
        var read = trust is null ? TlsTrust.OfSystem : TlsTrust.Read(trust);
        return read.Succeeded ? await find(node, read.Value, stop) : null;
    }

    /// <summary>A community, and what is to be had of this agent there.</summary>
    private sealed class Place(string node, string? trust)
    {
        public string Node { get; } = node;

        public string? Trust { get; } = trust;

        public IReadOnlyList<Hash256> Held { get; set; } = [];

        public Task Running { get; set; } = Task.CompletedTask;

        public DateTimeOffset NotBefore { get; set; }
    }
}
