using System.Collections.Concurrent;
using Cete.Core;
using Cete.Net;
using Cete.Net.Swarms;
using Cete.Net.Tickets;
using Cete.Ports;
using Cete.Storage.Contents;
using Cete.Swarm;
using Cete.Transfer.Swarms;
using Cete.Trust;

namespace Cete.App.Agent;

/// <summary>An agent's part in the swarms of one community.</summary>
internal sealed class CommunityPeers : IAsyncDisposable
{
    /// <summary>Contents that it announces at a time; the one that it took part in first gives way.</summary>
    public const int MembersMax = 200;

    private readonly NodeClient _node;
    private readonly GivenBack _given;
    private readonly IContents _contents;
    private readonly Func<SwarmSelf> _self;
    private readonly NodeSwarm _desk;
    private readonly NeighbourClient _client;
    private readonly UploadRooms _rooms;
    private readonly ConcurrentDictionary<Hash256, (SwarmMember Member, long Joined)> _members = new();
    private long _joined;

    /// <param name="node">A node of the community; becomes this object's.</param>
    /// <param name="community">Its id.</param>
    /// <param name="key">Is shown to peers; becomes this object's.</param>
    /// <param name="given">What others may have.</param>
    /// <param name="rooms">Who listens to it.</param>
    /// <param name="contents">All that it has.</param>
    /// <param name="self">This agent as it is now.</param>
    public CommunityPeers(NodeClient node, KeyId community, OwnKey key, GivenBack given, UploadRooms rooms, IContents contents, Func<SwarmSelf> self)
    {
        (_node, Community, _given, _rooms, _contents, _self) = (node, community, given, rooms, contents, self);
        Transport = new PeerTransport(new NodeTickets(node, TimeProvider.System), TimeProvider.System, key);
        _desk = new NodeSwarm(node);
        _client = new NeighbourClient(Transport, TimeProvider.System);
    }

    /// <summary>Its id.</summary>
    public KeyId Community { get; }

    /// <summary>Requests to peers, by the agent's key.</summary>
    public PeerTransport Transport { get; }

    /// <summary>Takes part in the swarm of a content that is being downloaded: what comes is given on as it comes.</summary>
    /// <param name="manifest">The content.</param>
    /// <param name="file">Where it is written to; it stays the caller's.</param>
    /// <param name="origins">Who has it as far as its ID file says.</param>
    public async Task<INeighbourhood> JoinAsync(Manifest manifest, IContentFile file, IReadOnlyList<Uri> origins)
    {
        await LeaveAsync(manifest.Root);
        _given.Offer(Community, file);
        return await AddAsync(manifest, origins);
    }

    /// <summary>Takes part in the swarm of a content that is here and whole.</summary>
    public async Task SeedAsync(Manifest manifest)
    {
        if (!_members.ContainsKey(manifest.Root))
        {
            await AddAsync(manifest, []);
        }
    }

    /// <summary>It is whole, and stands at a place: others may have it from there.</summary>
    public void Finish(Manifest manifest, string path) => _given.Finish(manifest.Root, path);

    /// <summary>The download ended without it.</summary>
    public async Task LeaveAsync(Hash256 root)
    {
        if (_members.TryRemove(root, out var left))
        {
            await left.Member.DisposeAsync();
            _given.Withdraw(root);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_members.Keys.Select(LeaveAsync));
        Transport.Dispose();
        await _node.DisposeAsync();
    }

    /// <summary>What a peer has, as far as it said so; null for nothing.</summary>
    public PieceMap? MapOf(Hash256 root, KeyId key) => _members.TryGetValue(root, out var known) ? known.Member.MapOf(key) : null;

    private async Task<SwarmMember> AddAsync(Manifest manifest, IReadOnlyList<Uri> origins)
    {
        if (_members.Count >= MembersMax)
        {
            await LeaveAsync(_members.MinBy(one => one.Value.Joined).Key);
        }

        var member = new SwarmMember(
            manifest, () => PiecesOf(manifest.Root), _self, origins, _desk, _client, _rooms, TimeProvider.System);
        _members[manifest.Root] = (member, Interlocked.Increment(ref _joined));
        member.Start();
        return member;
    }

    private PieceMap? PiecesOf(Hash256 root)
    {
        using var file = _contents.Find(root);
        return file?.Pieces;
    }
}
