using System.Collections.Concurrent;
using System.Net;
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

    /// <summary>What is being fetched, and whether its user wants that given back.</summary>
    private readonly ConcurrentDictionary<Hash256, (IContentFile File, bool IsPrivate)> _running = new();
    private readonly Func<bool> _isShared;
    private long _joined;

    /// <param name="node">A node of the community; becomes this object's.</param>
    /// <param name="community">Its id.</param>
    /// <param name="key">Is shown to peers; becomes this object's.</param>
    /// <param name="given">What others may have.</param>
    /// <param name="rooms">Who listens to it.</param>
    /// <param name="contents">All that it has.</param>
    /// <param name="self">This agent as it is now.</param>
    /// <param name="isShared">Whether what is downloaded is given back.</param>
    /// <param name="from">The address of this machine that connections to peers come from; null for any.</param>
    public CommunityPeers(
        NodeClient node, KeyId community, OwnKey key, GivenBack given, UploadRooms rooms, IContents contents, Func<SwarmSelf> self, Func<bool> isShared,
        IPAddress? from)
    {
        _isShared = isShared;
        (_node, Community, _given, _rooms, _contents, _self) = (node, community, given, rooms, contents, self);
        Transport = new PeerTransport(new NodeTickets(node, TimeProvider.System), TimeProvider.System, key, from);
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
    /// <param name="isPrivate">It is not given back, whatever is usual.</param>
    public async Task<INeighbourhood> JoinAsync(Manifest manifest, IContentFile file, IReadOnlyList<Uri> origins, bool isPrivate)
    {
        await LeaveAsync(manifest.Root);
        _running[manifest.Root] = (file, isPrivate);
        if (_isShared() && !isPrivate)
        {
            _given.Offer(Community, file);
        }

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
    public async Task FinishAsync(Manifest manifest, string path)
    {
        if (_running.TryGetValue(manifest.Root, out var ran) && (ran.IsPrivate || !_isShared()))
        {
            await LeaveAsync(manifest.Root);
            return;
        }

        _given.Finish(manifest.Root, path);
        _running.TryRemove(manifest.Root, out _);
    }

    /// <summary>What is downloaded is given back from now on, or is no longer. What was fetched while it was not stays its user's alone.</summary>
    public async Task ShareAsync(bool isShared)
    {
        foreach (var (root, (file, isPrivate)) in _running.Where(one => !one.Value.IsPrivate))
        {
            if (isShared)
            {
                _given.Offer(Community, file);
            }
            else
            {
                _given.Withdraw(root);
            }
        }

        // Those that are whole; what he shares by its folder is not among them.
        await Task.WhenAll(isShared ? [] : _members.Keys.Where(root => !_running.ContainsKey(root) && _given.IsOf(Community, root)).Select(LeaveAsync));
    }

    /// <summary>The download ended without it.</summary>
    public async Task LeaveAsync(Hash256 root)
    {
        if (_members.TryRemove(root, out var left))
        {
            await left.Member.DisposeAsync();
            _given.Withdraw(root);
        }

        _running.TryRemove(root, out _);
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
            manifest, () => PiecesOf(manifest.Root), () => SelfFor(manifest.Root), origins, _desk, _client, _rooms, TimeProvider.System);
        _members[manifest.Root] = (member, Interlocked.Increment(ref _joined));
        member.Start();
        return member;
    }

    /// <summary>Who gives nothing says so, rather than have others come for nothing.</summary>
    private SwarmSelf SelfFor(Hash256 root) => _self() with { GivesNothing = _running.ContainsKey(root) && !_given.IsOf(Community, root) };

    private PieceMap? PiecesOf(Hash256 root)
    {
        if (_running.TryGetValue(root, out var ran))
        {
            return ran.File.Pieces;
        }

        using var file = _contents.Find(root);
        return file?.Pieces;
    }
}
