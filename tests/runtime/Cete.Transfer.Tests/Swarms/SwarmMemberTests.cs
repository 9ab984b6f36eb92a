using System.Collections.Concurrent;
using Cete.Actors.Tests;
using Cete.Core;
using Cete.Ports.Swarms;
using Cete.Swarm;
using Cete.Testing;
using Cete.Transfer.Swarms;

namespace Cete.Transfer.Tests.Swarms;

/// <summary>A peer's part in a swarm: it reports, listens to whom it is sent, and goes on with those it knows when the planner is gone.</summary>
public sealed class SwarmMemberTests : IAsyncDisposable
{
    private static readonly KeyId Community = KeyId.Of("community"u8);
    private readonly ManualTime _time = new();
    private readonly Manifest _manifest = MemoryContent.NewManifest(40);
    private readonly MemoryContent _content;
    private readonly Desk _desk = new();
    private readonly Neighbours _neighbours = new();
    private readonly Rooms _rooms = new();
    private readonly News _news = new();
    private readonly Uri _origin = Peer("origin").ToUri();
    private readonly SwarmMember _member;

    public SwarmMemberTests()
    {
        _content = new MemoryContent(_manifest);
        _member = new SwarmMember(
            _manifest, () => _content.Pieces, () => new SwarmSelf(KeyId.Of("me"u8), ["127.0.0.1:1"], 0), [_origin], _desk, _neighbours, _rooms, _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _member.DisposeAsync();
        _content.Dispose();
    }

    [Fact]
    public async Task ItTellsItsDownloadWhatNeighboursHaveAndWhatTheyGet()
    {
        _desk.Advice = Advice(hasSource: true, "a", "b");
        using var attached = _member.Attach(_news);
        _member.Start();
        var (a, b) = (await _neighbours.FindAsync("a"), await _neighbours.FindAsync("b"));
        a.Begin(MapOf(1, 2));
        a.Has([3]);
        a.Ready(2);
        b.Begin(PieceMap.Full(40));
        await Eventually.TrueAsync(() => _news.Said.Count >= 4, "it is told");
        Assert.Equal(["found a 2", "has a 3", "ready a 2", "found b 40"], _news.Said.Where(said => !said.Contains("origin", StringComparison.Ordinal)));

        // Those who listen to this peer are known by what they say as neighbours.
        Assert.Equal([1, 2, 3], _rooms.Of("a"));
        Assert.True(_member.MapOf(KeyId.Of("a"u8))![3]);
        Assert.Null(_member.MapOf(KeyId.Of("nobody"u8)));

        // One that is no neighbour any more is left.
        _desk.Advice = Advice(hasSource: true, "b");
        await StepAsync(() => _news.Said.Contains("lost a"));
        Assert.DoesNotContain("lost b", _news.Said);
    }

    [Fact]
    public async Task WithoutThePlannerItAsksWhomItsIdFileNamesAndGoesOnWithThoseItKnows()
    {
        _desk.Advice = new Failure(FailureKind.Unavailable, "nobody plans");
        using var attached = _member.Attach(_news);
        _member.Start();
        await Eventually.TrueAsync(() => _news.Said.Contains("found origin whole"), "the origin is asked");
        _desk.Advice = Advice(hasSource: true, "a");
        await StepAsync(() => _neighbours.Has("a"));
        (await _neighbours.FindAsync("a")).Begin(MapOf(1));
        _desk.Advice = new Failure(FailureKind.Unavailable, "nobody plans again");
        var asked = _desk.Reports.Count;
        await StepAsync(() => _desk.Reports.Count > asked + 3);
        Assert.True(_neighbours.Has("a"));
        Assert.DoesNotContain("lost a", _news.Said);
    }

    [Fact]
    public async Task LiarsAreReportedAndNotListenedToAgain()
    {
        _desk.Advice = Advice(hasSource: true, "a", "liar");
        using var attached = _member.Attach(_news);
        _member.Start();
        (await _neighbours.FindAsync("liar")).Begin(MapOf(1));
        _member.Accuse(Peer("liar").ToUri());
        await StepAsync(() => _news.Said.Contains("lost liar"));
        Assert.Contains(_desk.Reports, report => report.Liars.Contains(KeyId.Of("liar"u8)));
        Assert.False(_neighbours.Has("liar"));
    }

    [Fact]
    public async Task TurnsGoBackAndWhoDoesNotListenIsToldWhatIsHere()
    {
        _desk.Advice = Advice(hasSource: true, "part", "whole", "scarce");
        _rooms.Listening[Peer("part").Key] = true;
        using var attached = _member.Attach(_news);
        _member.Start();
        (await _neighbours.FindAsync("part")).Begin(MapOf(1));
        (await _neighbours.FindAsync("whole")).Begin(PieceMap.Full(40));

        // A source that tells its pieces one by one listens to nobody, though it does not look whole.
        (await _neighbours.FindAsync("scarce")).Begin(MapOf(2));
        _member.Pass(Peer("part").ToUri());
        await Eventually.TrueAsync(() => _neighbours.Told.Contains("part  passed 1"), "the turn goes back");
        _content.Write(5, []);
        _content.Write(6, []);
        await StepAsync(() => _neighbours.Told.Contains("whole 5,6 passed 0") && _neighbours.Told.Contains("scarce 5,6 passed 0"));
        Assert.DoesNotContain(_neighbours.Told, told => told.StartsWith("part 5", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhoLeavesSaysSo()
    {
        _desk.Advice = Advice(hasSource: true, "a");
        _member.Start();
        await _neighbours.FindAsync("a");
        await _member.DisposeAsync();
        Assert.True(_desk.Reports.Last().IsLeaving);
        Assert.False(_neighbours.Has("a"));
    }

    private static PeerAddress Peer(string name) =>
        new("127.0.0.1", 1 + name.Length, KeyId.Of(System.Text.Encoding.UTF8.GetBytes(name)), Community);

    private static string NameOf(Uri peer) =>
        ((string[])["a", "b", "origin", "liar", "part", "whole", "scarce"]).First(name => Peer(name).ToUri().AbsoluteUri == peer.AbsoluteUri);

    private static SwarmAdvice Advice(bool hasSource, params string[] neighbours) =>
        new([.. neighbours.Select(Peer)], TimeSpan.FromSeconds(1)) { HasSource = hasSource };

    private static PieceMap MapOf(params int[] pieces)
    {
        var map = new PieceMap(40);
        foreach (var piece in pieces)
        {
            map.Set(piece);
        }

        return map;
    }

    private Task StepAsync(Func<bool> isReached) => Eventually.TrueAsync(
        () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(250));
            return isReached();
        },
        "it came to it");

    private sealed class Desk : ISwarmDesk
    {
        public Outcome<SwarmAdvice> Advice { get; set; }

        public ConcurrentQueue<SwarmReport> Reports { get; } = new();

        public Task<Outcome<SwarmAdvice>> AnnounceAsync(Manifest manifest, SwarmReport report, CancellationToken cancellation)
        {
            Reports.Enqueue(report);
            return Task.FromResult(Advice);
        }
    }

    private sealed class Neighbours : INeighbourClient
    {
        private readonly ConcurrentDictionary<string, INeighbourListener> _listening = new();

        public ConcurrentQueue<string> Told { get; } = new();

        public bool Has(string name) => _listening.ContainsKey(name);

        public async Task<INeighbourListener> FindAsync(string name)
        {
            await Eventually.TrueAsync(() => Has(name), $"it listens to {name}");
            return _listening[name];
        }

        public async Task<Failure> ListenAsync(Uri peer, Manifest manifest, INeighbourListener listener, CancellationToken cancellation)
        {
            var name = NameOf(peer);
            _listening[name] = listener;
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var stop = cancellation.Register(ended.SetResult);
            await ended.Task;
            _listening.TryRemove(name, out _);
            return new Failure(FailureKind.Cancelled, "ended");
        }

        public async Task TellAsync(
            Uri peer, Manifest manifest, Func<CancellationToken, Task<NeighbourNews?>> next, CancellationToken cancellation)
        {
            try
            {
                while (await next(cancellation) is { } news)
                {
                    Told.Enqueue($"{NameOf(peer)} {string.Join(',', news.Pieces)} passed {news.Passed}");
                }
            }
            catch (OperationCanceledException)
            {
                // It ends.
            }
        }
    }

    private sealed class Rooms : IUploadRooms
    {
        private readonly ConcurrentQueue<(KeyId Peer, int Piece)> _has = new();

        public IEnumerable<int> Of(string name) => _has.Where(one => one.Peer == Peer(name).Key).Select(one => one.Piece);

        public void Has(in Hash256 content, KeyId peer, IReadOnlyList<int> pieces)
        {
            foreach (var piece in pieces)
            {
                _has.Enqueue((peer, piece));
            }
        }

        public ConcurrentDictionary<KeyId, bool> Listening { get; } = new();

        public bool Listens(in Hash256 content, KeyId peer) => Listening.ContainsKey(peer);

        public void SuperSeed(in Hash256 content, bool isSuperSeeding)
        {
        }
    }

    private sealed class News : INeighbourNews
    {
        public ConcurrentQueue<string> Said { get; } = new();

        public void Found(Uri peer, PieceMap? have) => Said.Enqueue($"found {NameOf(peer)} {(have is null ? "whole" : have.Have)}");

        public void Has(Uri peer, IReadOnlyList<int> pieces) => Said.Enqueue($"has {NameOf(peer)} {string.Join(',', pieces)}");

        public void Ready(Uri peer, int turns) => Said.Enqueue($"ready {NameOf(peer)} {turns}");

        public void Lost(Uri peer) => Said.Enqueue($"lost {NameOf(peer)}");

        public void Rarest(IReadOnlyList<int> pieces)
        {
        }
    }
}
