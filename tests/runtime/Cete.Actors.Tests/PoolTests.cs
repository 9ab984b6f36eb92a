using Cete.Core;

namespace Cete.Actors.Tests;

public sealed class PoolTests
{
    private readonly World _world = new();

    [Fact]
    public void Round_robin_goes_in_turn_and_passes_over_the_dead()
    {
        var pool = ActorPool.RoundRobin(ActorPool.Spawn(3, "w", n => _world.Probe(n)));
        Assert.Equal(["w-0", "w-1", "w-2"], pool.Members.Select(m => m.Name));
        _world.Run();
        _world.Log.Clear();
        for (var i = 0; i < 6; i++)
        {
            Assert.True(pool.Tell($"{i}"));
        }

        _world.Run();
        Assert.Equal(["w-0:0", "w-0:3", "w-1:1", "w-1:4", "w-2:2", "w-2:5"], _world.Log.Order());
        _world.System.Stop(pool.Members[1]);
        _world.Run();
        for (var i = 0; i < 6; i++)
        {
            Assert.True(pool.Tell("x"));
        }

        _world.System.Stop(pool.Members[0]);
        _world.System.Stop(pool.Members[2]);
        _world.Run();
        Assert.False(pool.Tell("nobody"));
    }

    [Fact]
    public void A_pool_has_1_to_1024_members()
    {
        Assert.Throws<CheckFailedException>(() => ActorPool.RoundRobin<string>([]));
        Assert.Throws<CheckFailedException>(() => ActorPool.ByKey<string>([], _ => 0));
        Assert.Throws<CheckFailedException>(() => ActorPool.Spawn(0, "w", n => _world.Probe(n)));
        Assert.Throws<CheckFailedException>(() => ActorPool.Spawn(1_025, "w", n => _world.Probe(n)));
        Assert.Throws<CheckFailedException>(() => ActorPool.RoundRobin(Enumerable.Repeat(_world.Probe("a"), 1_025)));
    }

    [Fact]
    public void A_full_member_refuses_even_if_others_have_room()
    {
        var options = new ActorOptions { MailboxCapacity = 1 };
        var pool = ActorPool.ByKey(ActorPool.Spawn(2, "w", n => _world.Probe(n, options: options)), ulong.Parse);
        Assert.True(pool.Tell("1"));
        Assert.False(pool.Tell("1"));
        Assert.Contains(Enumerable.Range(0, 9), key => pool.Tell($"{key}"));
    }

    [Fact]
    public void A_key_stays_with_its_member_and_only_the_keys_of_the_dead_move()
    {
        var pool = ActorPool.ByKey(ActorPool.Spawn(5, "w", n => _world.Probe(n)), ulong.Parse);
        var before = Enumerable.Range(0, 1_000).ToDictionary(k => k, k => pool.Pick($"{k}"));
        Assert.All(before, p => Assert.Same(p.Value, pool.Pick($"{p.Key}")));
        Assert.All(pool.Members, m => Assert.InRange(before.Count(p => p.Value == m), 120, 280));

        var dead = pool.Members[2];
        _world.System.Stop(dead);
        _world.Run();
        Assert.All(before, p =>
        {
            var now = pool.Pick($"{p.Key}");
            Assert.True(p.Value == dead ? now != dead : now == p.Value);
        });
    }
}
