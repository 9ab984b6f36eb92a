using System.Collections.Concurrent;
using System.Net;
using Cete.Api;
using Cete.Core;
using Cete.Net;
using Cete.Net.Swarms;
using Cete.Net.Tickets;
using Cete.Ports;
using Cete.Storage.Contents;
using Cete.Storage.Local;
using Cete.Swarm;
using Cete.Transfer.Swarms;
using Cete.Trust;

namespace Cete.App.Agent;

/// <summary>An agent's part in the swarms of one community.</summary>
internal sealed class CommunityPeers : IAsyncDisposable
{
    /// <summary>Contents that it announces at a time; the one that it took part in first gives way, one that is whole before one that is on its way.</summary>
    private const int MembersMax = 200;

    /// <summary>What nobody listens to is not announced any longer than this; who wants it is told of it all the same.</summary>
    private static readonly TimeSpan RetiredAfter = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LeaveMax = TimeSpan.FromSeconds(2);

    private readonly NodeClient _node;
    private readonly GivenBack _given;
    private readonly IContents _contents;
    private readonly Func<SwarmSelf> _self;
    private readonly NodeSwarm _desk;
    private readonly NeighbourClient _client;
    private readonly UploadRooms _rooms;
    private readonly HoldingTeller _teller;
    private readonly ConcurrentDictionary<Hash256, Part> _members = new();
    private readonly ContentOrigin _origin;

    /// <summary>What is being fetched, and whether its user wants that given back.</summary>
    private readonly ConcurrentDictionary<Hash256, (IContentFile File, bool IsPrivate)> _running = new();
    private readonly Func<bool> _isShared;
    private readonly CommunityNodes _nodes;
    private readonly Func<Hash256, IReadOnlyList<UploadedTo>> _uploads;

    /// <param name="node">A node of the community; becomes this object's.</param>
    /// <param name="origin">The community, and how it is reached.</param>
    /// <param name="key">Is shown to peers; becomes this object's.</param>
    /// <param name="given">What others may have.</param>
    /// <param name="rooms">Who listens to it.</param>
    /// <param name="contents">All that it has.</param>
    /// <param name="self">This agent as it is now.</param>
    /// <param name="isShared">Whether what is downloaded is given back.</param>
    /// <param name="from">The address of this machine that connections to peers come from; null for any.</param>
    /// <param name="servers">What the node told of its community.</param>
    /// <param name="uploads">Who was sent how much of a content.</param>
    public CommunityPeers(
        NodeClient node, ContentOrigin origin, OwnKey key, GivenBack given, UploadRooms rooms, IContents contents, Func<SwarmSelf> self,
        Func<bool> isShared, IPAddress? from, ServersAnswer servers, Func<Hash256, IReadOnlyList<UploadedTo>> uploads)
    {
        (_nodes, _uploads) = (new CommunityNodes(node, servers), uploads);
        _isShared = isShared;
        (_node, _origin, _given, _rooms, _contents, _self) = (node, origin, given, rooms, contents, self);
        Transport = new PeerTransport(new NodeTickets(node, TimeProvider.System), TimeProvider.System, key, from);
        _desk = new NodeSwarm(node);
        _teller = new HoldingTeller(_desk, self, TimeProvider.System);
        _client = new NeighbourClient(Transport, TimeProvider.System);
    }

    /// <summary>Its id.</summary>
    public KeyId Community => _origin.Community;

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
            _given.Offer(_origin, file);
        }

        return await AddAsync(manifest, origins, isWhole: false);
    }

    /// <summary>Takes part in the swarm of a content that is here and whole.</summary>
    public async Task SeedAsync(Manifest manifest)
    {
        if (!_members.ContainsKey(manifest.Root))
        {
            await AddAsync(manifest, [], isWhole: true);
        }
    }

    /// <summary>It is whole, and stands at a place: others may have it from there.</summary>
    /// <param name="manifest">The content.</param>
    /// <param name="path">Where.</param>
    /// <param name="isPrivate">It is not given back, whatever is usual.</param>
    public async Task FinishAsync(Manifest manifest, string path, bool isPrivate)
    {
        if (isPrivate || !_isShared())
        {
            await LeaveAsync(manifest.Root);
            return;
        }

        _given.Finish(_origin, manifest, path);
        _running.TryRemove(manifest.Root, out _);
        if (_members.TryGetValue(manifest.Root, out var part))
        {
            part.IsWhole = true;
        }
    }

    /// <summary>What is downloaded is given back from now on, or is no longer. What was fetched while it was not stays its user's alone.</summary>
    public async Task ShareAsync(bool isShared)
    {
        foreach (var (root, (file, _)) in _running.Where(one => !one.Value.IsPrivate))
        {
            if (isShared)
            {
                _given.Offer(_origin, file);
            }
            else
            {
                _given.Withdraw(root);
            }
        }

        // Those that are whole; what he shares by its folder is not among them.
        await Task.WhenAll(isShared ? [] : _members.Keys.Where(root => !_running.ContainsKey(root) && _given.OriginOf(root) is not null).Select(LeaveAsync));
    }

    /// <summary>Tells the community what is here whole, as far as that is due.</summary>
    public Task TellAsync(IReadOnlyCollection<Hash256> held, CancellationToken stop) => _teller.TellAsync(held, stop);

    /// <summary>Leaves the swarms of contents that are whole here and that nobody listens to.</summary>
    public async Task RetireAsync()
    {
        foreach (var (root, part) in _members)
        {
            if (part.IsWhole && TimeProvider.System.GetElapsedTime(part.Joined) > RetiredAfter && _rooms.ListenersOf(root).Count == 0)
            {
                await LeaveAsync(root);
            }
        }
    }

    /// <summary>Takes part in its swarm no longer.</summary>
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
        using (var brief = new CancellationTokenSource(LeaveMax, TimeProvider.System))
        {
            try
            {
                await _teller.LeaveAsync(brief.Token);
            }
            catch (OperationCanceledException)
            {
                // It is forgotten there by itself.
            }
        }

        Transport.Dispose();
        await _node.DisposeAsync();
    }

    /// <summary>What a peer has, as far as it said so; null for nothing.</summary>
    public PieceMap? MapOf(Hash256 root, KeyId key) => _members.TryGetValue(root, out var known) ? known.Member.MapOf(key) : null;

    /// <summary>What a source of downloads is.</summary>
    public JobSourceKind KindOf(Uri source) => _nodes.KindOf(source);

    /// <summary>Whom this agent listens to about a content, and how many pieces each has.</summary>
    public IReadOnlyList<(Uri Peer, int Have)> NeighboursOf(Hash256 root) => _members.TryGetValue(root, out var known) ? known.Member.Neighbours : [];

    /// <summary>Who was sent how much of a content.</summary>
    public IReadOnlyList<UploadedTo> TakersOf(Hash256 root) => _uploads(root);

    private async Task<SwarmMember> AddAsync(Manifest manifest, IReadOnlyList<Uri> origins, bool isWhole)
    {
        if (_members.Count >= MembersMax)
        {
            await LeaveAsync(_members.OrderBy(one => !one.Value.IsWhole).ThenBy(one => one.Value.Joined).First().Key);
        }

        var member = new SwarmMember(
            manifest, () => PiecesOf(manifest.Root), () => SelfFor(manifest.Root), origins, _desk, _client, _rooms, TimeProvider.System);
        _members[manifest.Root] = new Part(member) { IsWhole = isWhole };
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

    /// <summary>Its part in one swarm.</summary>
    private sealed class Part(SwarmMember member)
    {
        public SwarmMember Member { get; } = member;

        public long Joined { get; } = TimeProvider.System.GetTimestamp();

        public bool IsWhole { get; set; }
    }
}
