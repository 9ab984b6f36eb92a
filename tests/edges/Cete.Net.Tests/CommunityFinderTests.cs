using Cete.Api;
using Cete.Core;
using Cete.Net.Tests.Fabric;
using Cete.Ports;

namespace Cete.Net.Tests;

/// <summary>A client that comes back to a community whose nodes it knew.</summary>
public sealed class CommunityFinderTests : IAsyncDisposable
{
    private static readonly Uri Gone = new("http://127.0.0.1:10/");
    private readonly TestCommunity _community = new();
    private readonly Dictionary<Uri, Func<byte[], Outcome<IdentityAnswer>>> _nodes = [];
    private readonly Dictionary<Uri, ServersAnswer> _lists = [];
    private readonly MemoryBook _book = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _community.DisposeAsync();

    [Fact]
    public async Task Any_node_that_was_ever_heard_of_will_do()
    {
        await KeepAsync(List("v1", ("a", "http://127.0.0.1:10/"), ("b", "http://127.0.0.1:11/")));
        await KeepAsync(List("v2", ("a", "http://127.0.0.1:10/"), ("c", "http://127.0.0.1:12/")));
        Assert.Null(await Finder().FindAsync(Gone, Cancel));

        Serve(11, _community);
        Assert.Equal(11, (await Finder().FindAsync(Gone, Cancel))!.Port);
        Serve(12, _community);
        Assert.Contains((await Finder().FindAsync(new Uri("http://127.0.0.1:11/"), Cancel))!.Port, (int[])[10, 12]);
    }

    [Fact]
    public async Task A_stranger_at_an_old_address_is_not_taken_for_the_community()
    {
        await KeepAsync(List("v1", ("a", "http://127.0.0.1:10/"), ("b", "http://127.0.0.1:11/"), ("c", "http://127.0.0.1:12/"), ("d", "http://127.0.0.1:13/")));
        await using var other = new TestCommunity();
        _nodes.Remove(Gone);
        Serve(11, other);

        // One who names the community with a certificate of another; one who replays a signature.
        _nodes[At(12)] = challenge => Answer(other, challenge).Then(answer => answer with { CommunityId = _community.Id.ToString() });
        var old = Answer(_community, new byte[IdentityAnswer.ChallengeSize]);
        _nodes[At(13)] = _ => old;
        Assert.Null(await Finder().FindAsync(Gone, Cancel));
    }

    [Fact]
    public async Task What_a_stranger_lists_is_not_kept_under_the_name_of_another_community()
    {
        await KeepAsync(List("v1", ("a", "http://127.0.0.1:10/")));
        await using var other = new TestCommunity();
        Serve(66, other);
        _lists[At(66)] = List("v9", ("evil", "http://127.0.0.1:66/"));
        await Finder().KeepAsync(At(66), "v9", Cancel);
        Assert.Equal("v1", Assert.Single(_book.All).Version);
    }

    [Fact]
    public async Task A_list_that_is_known_is_not_fetched_again()
    {
        await KeepAsync(List("v1", ("a", "http://127.0.0.1:10/")));
        _nodes.Clear();
        await Finder().KeepAsync(Gone, "v1", Cancel);
        Assert.Single(_book.All);
    }

    [Fact]
    public void Servers_come_first_then_nodes_then_those_of_earlier_lists()
    {
        var before = new KnownCommunity("x", "x", "v0", ["http://old/"], [Known("gone", 1), Known("b", 2), Known("later", 3)]);
        var list = List("v1", ("b", "http://b/"), ("a", "http://a/")) with
        {
            Services = [new ServiceServersInfo("index", [new ServerInfo("a", "a", ["http://a/"], true, false)])],
        };
        var after = CommunityFinder.Merge(before, list, new Uri("http://asked/"), DateTimeOffset.UnixEpoch.AddYears(60));
        Assert.Equal(["a", "b", "later", "gone"], after.Nodes.Select(node => node.Id));
        Assert.Equal(["http://asked/", "http://old/"], after.Asked);

        var many = List("v2", [.. Enumerable.Range(0, CommunityFinder.NodesMax + 5).Select(i => ($"n{i}", $"http://n{i}/"))]);
        Assert.Equal(CommunityFinder.NodesMax, CommunityFinder.Merge(after, many, new Uri("http://asked/"), DateTimeOffset.UnixEpoch).Nodes.Count);
    }

    [Fact]
    public async Task From_https_it_does_not_go_on_in_the_clear()
    {
        var list = List("v1", ("a", "https://127.0.0.1:20/"), ("b", "http://127.0.0.1:11/"));
        _nodes[new Uri("https://127.0.0.1:20/")] = challenge => Answer(_community, challenge);
        _lists[new Uri("https://127.0.0.1:20/")] = list;
        await Finder().KeepAsync(new Uri("https://127.0.0.1:20/"), "v1", Cancel);
        Serve(11, _community);
        Assert.Null(await Finder().FindAsync(new Uri("https://127.0.0.1:20/"), Cancel));
    }

    [Fact]
    public async Task What_a_node_leaves_out_or_makes_too_long_is_not_kept_and_does_no_harm()
    {
        Serve(Gone.Port, _community);
        var list = List("v1", ("a", "http://127.0.0.1:10/"));
        foreach (var broken in (ServersAnswer[])[list with { Nodes = null! }, list with { Services = null! }, list with { Version = new string('v', 301) }])
        {
            _lists[Gone] = broken;
            await Finder().KeepAsync(Gone, "v1", Cancel);
            Assert.Empty(_book.All);
        }

        var node = list.Nodes[0];
        _lists[Gone] = list with
        {
            Services = [null!, new ServiceServersInfo("index", null!), new ServiceServersInfo("index", [null!])],
            Nodes = [null!, node, node with { Addresses = null! }, node with { Addresses = [null!] }, node with { Name = new string('n', 1_000) }],
        };
        await Finder().KeepAsync(Gone, "v1", Cancel);
        Assert.Single(Assert.Single(_book.All).Nodes);
    }

    [Fact]
    public async Task Learning_a_list_ends_without_a_word_when_the_client_does()
    {
        using var stop = new CancellationTokenSource();
        var finder = new CommunityFinder(
            _book, (_, path, _) => Task.FromResult(Answer(_community, Convert.FromHexString(path[(path.IndexOf('=', StringComparison.Ordinal) + 1)..]))),
            async (_, _, cancellation) =>
            {
                await LyingServer.SilenceAsync(cancellation);
                return new Failure(FailureKind.Unavailable, "silence");
            },
            TimeProvider.System);
        var keeping = finder.KeepAsync(Gone, "v1", stop.Token);
        Assert.False(keeping.IsCompleted);
        await stop.CancelAsync();
        await keeping;
        Assert.Empty(_book.All);
    }

    private static Uri At(int port) => new($"http://127.0.0.1:{port}/");

    private static KnownNode Known(string id, int year) => new(id, id, [$"http://{id}/"], DateTimeOffset.UnixEpoch.AddYears(year));

    private static Outcome<IdentityAnswer> Answer(TestCommunity community, byte[] challenge)
    {
        using var node = community.NewNode("share");
        return new IdentityAnswer(
            community.Id.ToString(), node.Issued.Node.ToArray(), node.Issued.Issuing.ToArray(),
            node.Key.Sign(IdentityAnswer.Purpose, community.Id, challenge));
    }

    private ServersAnswer List(string version, params (string Id, string Address)[] nodes) => new(
        "cooks", _community.Id.ToString(), version, [],
        [.. nodes.Select(node => new NodeInfo(
            node.Id, node.Id, "alive", [], [node.Address], "1", 0, null, "direct", [], DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch))]);

    private void Serve(int port, TestCommunity community) => _nodes[At(port)] = challenge => Answer(community, challenge);

    private async Task KeepAsync(ServersAnswer list)
    {
        Serve(Gone.Port, _community);
        _lists[Gone] = list;
        await Finder().KeepAsync(Gone, list.Version, Cancel);
        Assert.Equal(list.Version, _book.Find(list.CommunityId)!.Version);
        _nodes.Remove(Gone);
    }

    private CommunityFinder Finder() => new(
        _book,
        (node, path, _) => Task.FromResult(
            _nodes.TryGetValue(node, out var answer) ? answer(Convert.FromHexString(path[(path.IndexOf('=', StringComparison.Ordinal) + 1)..]))
            : new Failure(FailureKind.Unavailable, "nobody is there")),
        (node, _, _) => Task.FromResult(Outcome.Of(_lists[node])),
        TimeProvider.System);

    private sealed class MemoryBook : IServerBook
    {
        private readonly Dictionary<string, KnownCommunity> _known = [];

        public IReadOnlyCollection<KnownCommunity> All => _known.Values;

        public bool Knows(Uri asked, string version) => _known.Values.Any(known => known.Version == version && known.Asked.Contains(asked.ToString()));

        public KnownCommunity? Of(Uri asked) => _known.Values.FirstOrDefault(known =>
            known.Asked.Contains(asked.ToString()) || known.Nodes.Any(node => node.Addresses.Contains(asked.ToString())));

        public KnownCommunity? Find(string id) => _known.GetValueOrDefault(id);

        public void Keep(KnownCommunity community) => _known[community.Id] = community;
    }
}
