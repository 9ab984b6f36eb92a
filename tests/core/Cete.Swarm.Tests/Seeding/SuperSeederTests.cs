using Cete.Core;
using Cete.Swarm.Seeding;
using Cete.Swarm.Tests.Planning;

namespace Cete.Swarm.Tests.Seeding;

public sealed class SuperSeederTests
{
    private static readonly KeyId A = PlannerBench.Key(1);
    private static readonly KeyId B = PlannerBench.Key(2);

    [Fact]
    public void No_piece_is_told_twice_before_all_were_told_once()
    {
        var seeder = Of(20, A, B);
        var told = new List<int>();
        for (var i = 0; i < 10; i++)
        {
            foreach (var peer in (KeyId[])[A, B])
            {
                var piece = Assert.Single(seeder.Revealed(peer, 1));
                told.Add(piece);
                seeder.Fetched(peer, piece);
            }
        }

        Assert.Equal(Enumerable.Range(0, 20), told.Order());
        Assert.True(seeder.IsOver);
    }

    [Fact]
    public void A_neighbour_that_was_told_and_did_not_ask_is_told_no_more()
    {
        var seeder = Of(20, A);
        Assert.Single(seeder.Revealed(A, 1));
        Assert.Empty(seeder.Revealed(A, 1));
        Assert.Single(seeder.Revealed(A, 2));
        Assert.Empty(seeder.Revealed(B, 2));
    }

    [Fact]
    public void When_over_all_is_told_to_all_once()
    {
        var seeder = Of(3, A, B);
        for (var piece = 0; piece < 3; piece++)
        {
            seeder.Fetched(A, piece);
        }

        Assert.Equal([0, 1, 2], seeder.Revealed(B, 1));
        Assert.Empty(seeder.Revealed(B, 1));
        seeder.Join(PlannerBench.Key(3));
        Assert.Equal(3, seeder.Revealed(PlannerBench.Key(3), 0).Count);
    }

    [Fact]
    public void What_one_was_told_of_that_left_is_told_to_another()
    {
        var seeder = Of(1, A, B);
        Assert.Single(seeder.Revealed(A, 1));
        seeder.Leave(A);
        Assert.Single(seeder.Revealed(B, 1));
    }

    [Fact]
    public void One_that_never_asks_does_not_keep_a_piece_from_the_others()
    {
        var seeder = Of(2, A, B);
        Assert.Single(seeder.Revealed(A, 1));
        seeder.Fetched(B, Assert.Single(seeder.Revealed(B, 1)));
        seeder.Fetched(B, Assert.Single(seeder.Revealed(B, 1)));
        Assert.True(seeder.IsOver);
    }

    [Fact]
    public void What_others_have_need_not_be_told_and_who_passes_on_keeps_nothing()
    {
        var seeder = Of(4, A, B);
        var piece = Assert.Single(seeder.Revealed(A, 1));
        seeder.Fetched(A, piece);
        Assert.Equal(1, seeder.KeptBy(A));
        seeder.SeenElsewhere(piece, A);
        Assert.Equal(1, seeder.KeptBy(A));
        seeder.SeenElsewhere(piece, B);
        Assert.Equal(0, seeder.KeptBy(A));

        for (var other = 0; other < 4; other++)
        {
            seeder.SeenElsewhere(other, B);
        }

        Assert.True(seeder.IsOver);
    }

    private static SuperSeeder Of(int pieces, params KeyId[] peers)
    {
        var seeder = new SuperSeeder(pieces, 1);
        foreach (var peer in peers)
        {
            seeder.Join(peer);
        }

        return seeder;
    }
}
