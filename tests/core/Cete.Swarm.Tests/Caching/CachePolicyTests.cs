using System.Buffers.Binary;
using Cete.Core;
using Cete.Swarm.Caching;

namespace Cete.Swarm.Tests.Caching;

public sealed class CachePolicyTests
{
    private readonly CachePolicy _cache = Of(1000);

    [Fact]
    public void While_there_is_room_all_are_kept()
    {
        Assert.All(Enumerable.Range(0, 9), i => Assert.True(_cache.Seen(Root(i), 100).IsAdmitted));
        Assert.Equal((900, 9), (_cache.Used, _cache.Count));
        Assert.True(_cache.Seen(Root(3), 100) is { IsHit: true, IsAdmitted: false, Evicted: [] });
    }

    [Fact]
    public void A_newcomer_must_be_asked_for_more_often_than_what_it_would_displace()
    {
        Fill(9, times: 3);
        Assert.True(_cache.Seen(Root(20), 100) is { IsHit: false, IsAdmitted: false, Evicted: [] });
        while (!_cache.Seen(Root(20), 100).IsAdmitted)
        {
            Assert.InRange(_cache.FrequencyOf(Root(20)), 1, 3);
        }

        Assert.Equal(4, _cache.FrequencyOf(Root(20)));
        Assert.Equal(900, _cache.Used);
    }

    [Fact]
    public void One_large_content_must_be_worth_more_than_all_it_displaces_together()
    {
        Fill(9, times: 1);
        var asked = 1;
        CacheDecision decision;
        while (!(decision = _cache.Seen(Root(30), 900)).IsAdmitted)
        {
            asked++;
        }

        // Nine of 100 bytes that were asked for once: each is worth 10, and what is nine times as large a little less than 30 a request.
        Assert.InRange(asked, 3, 5);
        Assert.Equal(9, decision.Evicted.Count);
        Assert.Equal((900, 1), (_cache.Used, _cache.Count));
    }

    [Fact]
    public void What_is_not_asked_for_often_enough_is_not_taken_in_even_where_there_is_room()
    {
        var cache = new CachePolicy(new CacheSettings { Capacity = 1000, FrequencyMin = 2 }, seed: 1);
        Assert.True(cache.Seen(Root(1), 100) is { IsAdmitted: false, Evicted: [] });
        Assert.True(cache.Seen(Root(1), 100).IsAdmitted);
    }

    [Fact]
    public void A_scan_drives_nothing_out()
    {
        Fill(9, times: 3);
        for (var i = 100; i < 300; i++)
        {
            Assert.False(_cache.Seen(Root(i), 100).IsAdmitted);
        }

        Assert.All(Enumerable.Range(0, 9), i => Assert.True(_cache.Has(Root(i))));
    }

    [Fact]
    public void What_was_popular_once_gives_way_after_a_while()
    {
        Fill(9, times: 16);
        for (var i = 0; i < 40_000 && Enumerable.Range(0, 9).Any(old => _cache.Has(Root(old))); i++)
        {
            _cache.Seen(Root(100 + (i % 9)), 100);
        }

        Assert.All(Enumerable.Range(0, 9), i => Assert.False(_cache.Has(Root(i))));
    }

    [Fact]
    public void What_is_larger_than_all_of_it_is_not_kept()
    {
        Assert.True(_cache.Seen(Root(1), 1001) is { IsAdmitted: false, Evicted: [] });
        Assert.True(Of(0).Seen(Root(1), 1) is { IsAdmitted: false, Evicted: [] });
    }

    [Fact]
    public void With_less_room_what_was_not_asked_for_the_longest_goes()
    {
        Fill(9, times: 1);
        _cache.Seen(Root(0), 100);
        var gone = _cache.Resize(300);
        Assert.Equal(Enumerable.Range(1, 7).Select(Root).Order(), gone.Select(one => one.Root).Order());
        Assert.True(_cache.Has(Root(0)) && _cache.Has(Root(8)));
        Assert.Equal(9, _cache.Resize(0).Count + gone.Count);
    }

    [Fact]
    public void What_did_not_come_makes_room()
    {
        Fill(9, times: 1);
        _cache.Remove(Root(4));
        _cache.Remove(Root(77));
        Assert.Equal((800, 8), (_cache.Used, _cache.Count));
        Assert.True(_cache.Seen(Root(20), 100).IsAdmitted);
    }

    [Fact]
    public void After_a_restart_it_has_what_fits()
    {
        Assert.True(_cache.Restore(Root(1), 600));
        Assert.False(_cache.Restore(Root(1), 600));
        Assert.False(_cache.Restore(Root(2), 600));
        Assert.True(_cache.Seen(Root(1), 600).IsHit);
    }

    [Fact]
    public void There_are_no_more_than_may_be()
    {
        var cache = new CachePolicy(new CacheSettings { Capacity = 1000, ContentsMax = 5 }, seed: 1);
        for (var i = 0; i < 1000; i++)
        {
            cache.Seen(Root(i % 20), i % 3);
            Assert.InRange(cache.Count, 0, 5);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_is_asked_for_its_words_and_its_books_agree_and_stay_within_bounds(int seed)
    {
        var chance = new Prng((ulong)seed);
        var cache = new CachePolicy(new CacheSettings { Capacity = 5_000, ContentsMax = 60 }, seed: 1);
        Dictionary<Hash256, long> kept = [];
        for (var i = 0; i < 50_000; i++)
        {
            var root = Root(chance.Next(chance.Next(300) + 1));
            switch (chance.Next(200))
            {
                case 0:
                    foreach (var gone in cache.Resize(chance.Next(10_000)))
                    {
                        Assert.True(kept.Remove(gone.Root, out var size) && size == gone.Size);
                    }

                    break;
                case 1:
                    cache.Remove(root);
                    kept.Remove(root);
                    break;
                default:
                    Ask(cache, kept, root, chance.Next(chance.Next(2_000) + 1));
                    break;
            }

            Assert.Equal((kept.Count, kept.Values.Sum()), (cache.Count, cache.Used));
            Assert.True(cache.Used <= cache.Capacity && cache.Count <= 60);
        }
    }

    [Fact]
    public void The_same_requests_bring_the_same_decisions()
    {
        var (first, second) = (Of(3000), Of(3000));
        var chance = new Prng(5);
        for (var i = 0; i < 20_000; i++)
        {
            var (root, size) = (Root(chance.Next(chance.Next(200) + 1)), chance.Next(300));
            var (one, other) = (first.Seen(root, size), second.Seen(root, size));
            Assert.Equal((one.IsHit, one.IsAdmitted), (other.IsHit, other.IsAdmitted));
            Assert.Equal(one.Evicted, other.Evicted);
        }
    }

    internal static Hash256 Root(int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return Hash256.Of(bytes);
    }

    private static CachePolicy Of(long capacity) => new(new CacheSettings { Capacity = capacity }, seed: 1);

    private static void Ask(CachePolicy cache, Dictionary<Hash256, long> kept, Hash256 root, long size)
    {
        var decision = cache.Seen(root, size);
        Assert.Equal(kept.ContainsKey(root), decision.IsHit);
        foreach (var gone in decision.Evicted)
        {
            Assert.True(kept.Remove(gone.Root, out var was) && was == gone.Size);
        }

        if (decision.IsAdmitted)
        {
            kept.Add(root, size);
        }
    }

    private void Fill(int count, int times)
    {
        for (var i = 0; i < count * times; i++)
        {
            _cache.Seen(Root(i % count), 100);
        }
    }
}
