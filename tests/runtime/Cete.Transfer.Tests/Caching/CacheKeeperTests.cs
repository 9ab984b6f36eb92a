using Cete.Core;
using Cete.Ports.Swarms;
using Cete.Swarm.Caching;
using Cete.Testing;
using Cete.Transfer.Caching;

namespace Cete.Transfer.Tests.Caching;

public sealed class CacheKeeperTests : IAsyncDisposable
{
    private const long Length = 1_000_000;
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private readonly FakeCommunity _community = new();
    private readonly CacheKeeper _keeper;

    public CacheKeeperTests() => _keeper = new CacheKeeper(
        new CachePolicy(new CacheSettings { Capacity = 10 * CacheKeeper.SizeOf(Length), FrequencyMin = 2, WindowShare = 0 }, seed: 1),
        _community, fetchesMax: 2, TimeProvider.System, _community.Said.Add);

    public ValueTask DisposeAsync() => _keeper.DisposeAsync();

    [Fact]
    public async Task What_two_asked_for_is_fetched_once_and_the_next_is_a_hit()
    {
        await AskAsync((1, 1));
        Assert.Empty(_community.Kept);
        await AskAsync((1, 2));
        await _keeper.IdleAsync();
        Assert.Equal([Root(1)], _community.Kept);
        await AskAsync((1, 2));
        await AskAsync((1, 5));
        Assert.True(_keeper.Figures is { Fetched: 1, FetchedBytes: Length, Misses: 2, Hits: 3, Contents: 1, Fetching: 0, Evicted: 0 });
    }

    [Fact]
    public async Task Where_another_node_plans_from_now_on_counts_begin_anew()
    {
        await AskAsync((1, 9));
        await _keeper.IdleAsync();
        await AskAsync((1, 1));
        Assert.True(_keeper.Figures is { Misses: 9, Hits: 1 });
    }

    [Fact]
    public async Task No_more_are_fetched_at_a_time_than_may_be()
    {
        _community.Gate = new TaskCompletionSource();
        await AskAsync((1, 2), (2, 2), (3, 2));
        Assert.Equal(2, _keeper.Figures.Fetching);
        _community.Gate.SetResult();
        await Eventually.TrueAsync(() => _community.Kept.Count == 3, "all three are there");
    }

    [Fact]
    public async Task What_is_published_here_is_not_kept_beside_it()
    {
        _community.Published.Add(Root(1));
        await AskAsync((1, 5), (2, 5));
        await _keeper.IdleAsync();
        Assert.Equal([Root(2)], _community.Kept);
        _community.Published.Add(Root(2));
        await AskAsync((2, 5));
        Assert.Empty(_community.Kept);
        Assert.Equal(0, _keeper.Figures.Used);
    }

    [Fact]
    public async Task What_has_to_go_is_gone_before_anything_comes_in_its_place_and_it_is_never_too_much()
    {
        for (var i = 0; i < 40; i++)
        {
            await AskAsync((i, i < 10 ? 2 : 6));
            await _keeper.IdleAsync();
            Assert.True(_community.Kept.Count <= 10 && _keeper.Figures.Used <= _keeper.Figures.Capacity);
        }

        Assert.True(_keeper.Figures.Evicted > 0);
        Assert.Equal(_keeper.Figures.Contents, _community.Kept.Count);
    }

    [Fact]
    public async Task One_that_has_to_go_while_it_is_on_its_way_is_stopped_and_leaves_nothing()
    {
        _community.Gate = new TaskCompletionSource();
        await AskAsync((1, 2));
        _community.Published.Add(Root(1));
        await AskAsync((1, 2));
        Assert.Empty(_community.Kept);
        Assert.True(_keeper.Figures is { Used: 0, Fetching: 0, Failed: 1 });
        Assert.Empty(_community.Said);
    }

    [Fact]
    public async Task What_could_not_be_fetched_makes_room_and_is_told()
    {
        _community.Failure = new Failure(FailureKind.Unavailable, "nobody has it");
        await AskAsync((1, 2));
        await _keeper.IdleAsync();
        Assert.True(_keeper.Figures is { Used: 0, Contents: 0, Failed: 1 });
        Assert.Contains("nobody has it", Assert.Single(_community.Said), StringComparison.Ordinal);
        _community.Failure = null;
        await AskAsync((1, 3));
        await _keeper.IdleAsync();
        Assert.Equal([Root(1)], _community.Kept);
    }

    [Fact]
    public async Task After_a_restart_it_keeps_what_has_room_and_removes_the_rest()
    {
        _community.Kept.UnionWith([Root(1), Root(2), Root(3)]);
        _community.Published.Add(Root(3));
        Assert.True(await _keeper.RestoreAsync(Root(1), Length));
        Assert.False(await _keeper.RestoreAsync(Root(2), 10 * Length));
        Assert.False(await _keeper.RestoreAsync(Root(3), Length));
        Assert.Equal([Root(1)], _community.Kept);
    }

    [Fact]
    public async Task Where_nobody_knows_what_is_wanted_nothing_happens()
    {
        _community.Wanted = new Failure(FailureKind.Unavailable, "no root");
        await _keeper.LookAsync(Stop);
        Assert.Empty(_community.Said);
    }

    private static Hash256 Root(int number) => Hash256.Of([(byte)number]);

    private Task AskAsync(params (int Number, int Asked)[] contents)
    {
        _community.Wanted = contents.Select(one => new WantedContent(Root(one.Number), Length, one.Asked, 1, 1, [])).ToList();
        return _keeper.LookAsync(Stop);
    }

    /// <summary>Fetches at once, or when a test says so.</summary>
    private sealed class FakeCommunity : ICacheEdge
    {
        private readonly Lock _gate = new();

        public Outcome<IReadOnlyList<WantedContent>> Wanted { get; set; }

        public HashSet<Hash256> Published { get; } = [];

        public HashSet<Hash256> Kept { get; } = [];

        public List<string> Said { get; } = [];

        public TaskCompletionSource? Gate { get; set; }

        public Failure? Failure { get; set; }

        public Task<Outcome<IReadOnlyList<WantedContent>>> WantedAsync(CancellationToken cancellation) => Task.FromResult(Wanted);

        public bool IsPublishedHere(in Hash256 root) => Published.Contains(root);

        public async Task<Outcome<bool>> FetchAsync(WantedContent content, CancellationToken cancellation)
        {
            try
            {
                await (Gate?.Task ?? Task.CompletedTask).WaitAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                return new Failure(FailureKind.Cancelled, "stopped");
            }

            lock (_gate)
            {
                return Failure is { } failure ? failure : Kept.Add(content.Root);
            }
        }

        public Task RemoveAsync(Hash256 root)
        {
            lock (_gate)
            {
                Kept.Remove(root);
            }

            return Task.CompletedTask;
        }
    }
}
