using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Cete.Api;
using Cete.App.Compose.Community;
using Cete.App.Output;
using Cete.Cluster;
using Cete.Configuration;
using Cete.Core;
using Cete.Index.Swarms;
using Cete.Net;
using Cete.Net.Swarms;
using Cete.Net.Tickets;
using Cete.Net.Tls;
using Cete.Ports;
using Cete.Ports.Swarms;
using Cete.Storage;
using Cete.Storage.Contents;
using Cete.Swarm;
using Cete.Swarm.Caching;
using Cete.Transfer;
using Cete.Transfer.Caching;
using Cete.Transfer.Swarms;
using Cete.Trust;

namespace Cete.App.Compose.Caching;

/// <summary>
/// The cache of a node with that role: a peer of the swarms of what it keeps, by the node's own key. Its contents have a folder of their own, so nothing
/// that somebody published on this node can be taken for the cache's; what lies there after a restart is what it kept.
/// </summary>
internal sealed class NodeCache : ICacheEdge, IContents, IAsyncDisposable
{
    private const string Folder = "cache";

    /// <summary>What one person asked for, that person has: it takes two to be worth a copy.</summary>
    private const int AskedMin = 2;

    private const int ContentsMax = 10_000;

    /// <summary>Swarms that it takes part in at a time; the one that it joined first gives way.</summary>
    private const int MembersMax = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly NodeCluster _cluster;
    private readonly IContents _published;
    private readonly ContentStore _store;
    private readonly PeerTransport _transport;
    private readonly NeighbourClient _neighbours;
    private readonly HttpContentClient _client;
    private readonly Downloader _downloader;
    private readonly RemoteSwarms _swarms;
    private readonly CacheKeeper _keeper;
    private readonly ConcurrentDictionary<Hash256, (SwarmMember Member, long Joined)> _members = new();
    private UploadRooms? _rooms;
    private long _joined;
    private long _served;

    private NodeCache(Node node, NodeCluster cluster, IContents published, ContentStore store, CacheRoleSettings settings)
    {
        var clock = TimeProvider.System;
        (_cluster, _published, _store, _swarms) = (cluster, published, store, cluster.Swarms);
        _transport = new PeerTransport(new CacheTickets(cluster, clock), clock, OwnKey.Of(cluster.Identity.Key, clock));
        _neighbours = new NeighbourClient(_transport, clock);
        _client = new HttpContentClient(Patience, clock, TlsTrust.OfSystem, peers: _transport);
        _downloader = new Downloader(node.Actors, _client);
        var policy = new CachePolicy(
            new CacheSettings { Capacity = settings.Size, ContentsMax = ContentsMax, FrequencyMin = AskedMin }, Random());
        _keeper = new CacheKeeper(policy, this, settings.Fetches, clock, what => NodeLog.CacheFailed(NodeLog.Log, what));
    }

    /// <summary>How it stands.</summary>
    public CacheInfo Info
    {
        get
        {
            var known = _keeper.Figures;
            return new CacheInfo(
                known.Used, known.Capacity, known.Contents, known.Fetching, known.Fetched, known.FetchedBytes, known.Hits, known.Misses,
                Interlocked.Read(ref _served), known.Evicted, known.Failed);
        }
    }

    /// <summary>The cache of a node; null where it has not the role, or no room for one.</summary>
    public static NodeCache? Open(DataFolder data, Node node, NodeCluster cluster, IContents published, CacheRoleSettings settings)
    {
        if (settings.Size == 0 || !cluster.Identity.Facts.Roles.Contains(RemoteSwarms.CacheRole))
        {
            return null;
        }

        var store = new ContentStore(new PhysicalFiles(), Path.Combine(data.Path, Folder));

        // What was on its way is asked for again, if anybody still wants it.
        store.SweepIncoming(DateTimeOffset.MaxValue);
        return new NodeCache(node, cluster, published, store, settings);
    }

    /// <summary>Who listens to this node.</summary>
    public void Attach(UploadRooms rooms)
    {
        _rooms = rooms;
        rooms.Known = (root, key) => _members.TryGetValue(root, out var known) ? known.Member.MapOf(key) : null;
    }

    /// <summary>Takes up what it kept, and looks what people ask for until the node stops.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        foreach (var (root, length) in _store.List())
        {
            if (await _keeper.RestoreAsync(root, length) && _members.Count < MembersMax)
            {
                using var content = _store.Find(root);
                if (content?.Manifest is { } manifest)
                {
                    await JoinAsync(manifest, []);
                }
            }
        }

        await _keeper.RunAsync(stop);
    }

    /// <summary>What is published here, and what the cache has beside it.</summary>
    public IContentFile? Find(in Hash256 root) =>
        _published.Find(root) is { } published ? published
        : _store.Find(root) is { } cached ? new CachedContent(cached, count => Interlocked.Add(ref _served, count))
        : null;

    /// <inheritdoc/>
    public Task<Outcome<IReadOnlyList<WantedContent>>> WantedAsync(CancellationToken cancellation) => _swarms.WantedAsync(cancellation);

    /// <inheritdoc/>
    public bool IsPublishedHere(in Hash256 root)
    {
        using var content = _published.Find(root);
        return content is not null;
    }

    /// <inheritdoc/>
    public async Task<Outcome<bool>> FetchAsync(WantedContent content, CancellationToken cancellation)
    {
        if (_cluster.TakenDown.Refuse(content.Root) is { } refused)
        {
            return refused;
        }

        var manifest = await _swarms.ManifestAsync(content.Root, content.Holders, cancellation);
        if (!manifest.Succeeded)
        {
            return manifest.Failure;
        }

        if (manifest.Value.Length != content.Length)
        {
            return new Failure(FailureKind.Damaged, $"its manifest is of {manifest.Value.Length} bytes, the index says {content.Length}");
        }

        var begun = _store.Begin(manifest.Value);
        if (!begun.Succeeded)
        {
            return begun.Failure;
        }

        using (var file = begun.Value)
        {
            var origins = content.Holders.SelectMany(AddressesOf).ToList();
            var member = await JoinAsync(manifest.Value, origins);
            var order = new DownloadOrder(manifest.Value, origins, file, Patience) { Neighbours = member, Seed = Random() };
            var outcome = await _downloader.DownloadAsync(order, _ => { }, cancellation);
            if ((outcome.Failure ?? file.Sync()) is { } failed)
            {
                return failed;
            }
        }

        var finished = _store.Finish(content.Root.ToString());
        return !finished.Succeeded ? finished.Failure : _store.SyncNames() is { } failure ? failure : true;
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(Hash256 root)
    {
        await LeaveAsync(root);
        if (_store.Remove(root) is { } failure)
        {
            NodeLog.CacheFailed(NodeLog.Log, failure.Message);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _keeper.DisposeAsync();
        await Task.WhenAll(_members.Keys.Select(LeaveAsync));
        _client.Dispose();
        _transport.Dispose();
    }

    private static ulong Random() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    private async Task<SwarmMember> JoinAsync(Manifest manifest, IReadOnlyList<Uri> origins)
    {
        await LeaveAsync(manifest.Root);
        if (_members.Count >= MembersMax)
        {
            await LeaveAsync(_members.MinBy(one => one.Value.Joined).Key);
        }

        var root = manifest.Root;
        var member = new SwarmMember(manifest, () => PiecesOf(root), Self, origins, _swarms, _neighbours, _rooms!, TimeProvider.System);
        _members[root] = (member, Interlocked.Increment(ref _joined));
        member.Start();
        return member;
    }

    private async Task LeaveAsync(Hash256 root)
    {
        if (_members.TryRemove(root, out var left))
        {
            await left.Member.DisposeAsync();
        }
    }

    private PieceMap? PiecesOf(in Hash256 root)
    {
        using var content = _store.Find(root);
        return content?.Pieces;
    }

    private SwarmSelf Self()
    {
        var self = _cluster.Identity.Id;
        return new SwarmSelf(self, [.. Listened(self).Select(address => address.Authority).Take(SwarmReport.AddressesMax)], Uplink: 0);
    }

    private IEnumerable<Uri> AddressesOf(KeyId node) => node == _cluster.Identity.Id
        ? []
        : Listened(node).Take(1).Select(address => new PeerAddress(address.Host, address.Port, node, _cluster.Identity.Community).ToUri());

    /// <summary>Where the http port of a node is, by numbers.</summary>
    private IEnumerable<Uri> Listened(KeyId node) => (_cluster.Membership.View.Find(node)?.Facts.Http ?? [])
        .Select(text => Uri.TryCreate(text, UriKind.Absolute, out var address) && IPEndPoint.TryParse(address.Authority, out _) ? address : null)
        .OfType<Uri>();
}
