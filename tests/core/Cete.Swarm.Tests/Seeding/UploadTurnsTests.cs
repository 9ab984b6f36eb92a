using Cete.Core;
using Cete.Swarm.Seeding;
using Cete.Swarm.Tests.Planning;

namespace Cete.Swarm.Tests.Seeding;

public sealed class UploadTurnsTests
{
    private static readonly KeyId A = PlannerBench.Key(1);
    private static readonly KeyId B = PlannerBench.Key(2);

    private Instant _now = new(1_000_000_000);

    [Fact]
    public void Few_turns_are_out_at_one_time_and_only_to_who_lacks_something()
    {
        var turns = new UploadTurns(PieceMap.Full(64), 1);
        Assert.Null(turns.Offer(_now));
        turns.Join(A, PieceMap.Full(64));
        Assert.Null(turns.Offer(_now));
        turns.Join(B, new PieceMap(64));
        Assert.Equal(turns.Window, Offers(turns).Count(peer => peer == B));
    }

    [Fact]
    public void Who_lacks_most_comes_first()
    {
        var turns = new UploadTurns(PieceMap.Full(64), 1);
        var half = new PieceMap(64);
        for (var piece = 0; piece < 40; piece++)
        {
            half.Set(piece);
        }

        turns.Join(A, half);
        turns.Join(B, new PieceMap(64));
        Assert.Equal(B, turns.Offer(_now));
        for (var piece = 0; piece < 64; piece++)
        {
            turns.Has(B, piece);
        }

        Assert.Equal(A, turns.Offer(_now));
    }

    [Fact]
    public void A_turn_that_was_passed_goes_to_another_and_comes_back_with_a_new_piece()
    {
        var have = new PieceMap(4);
        have.Set(0);
        var turns = new UploadTurns(have, 1);
        turns.Join(A, new PieceMap(4));
        Assert.Equal(A, turns.Offer(_now));
        Assert.Null(turns.Offer(_now));
        turns.Passed(A, _now);
        Assert.Null(turns.Offer(_now));
        turns.Gained(1);
        Assert.Equal(A, turns.Offer(_now));
        turns.Passed(A, _now);
        _now += UploadTurns.Quiet;
        Assert.Equal(A, turns.Offer(_now));
    }

    [Fact]
    public void Turns_of_one_that_neither_asks_nor_passes_go_to_others()
    {
        var turns = new UploadTurns(PieceMap.Full(64), 1);
        turns.Join(A, new PieceMap(64));
        Assert.NotEmpty(Offers(turns));
        turns.Join(B, new PieceMap(64));
        Assert.Null(turns.Offer(_now));
        _now += UploadTurns.TurnEnds;
        Assert.All(Offers(turns), peer => Assert.Equal(B, peer));
    }

    [Fact]
    public void Turns_that_were_lost_keep_nobody_from_his_last_pieces()
    {
        var last = PieceMap.Full(64);
        last.Clear(7);
        var turns = new UploadTurns(PieceMap.Full(64), 1);
        turns.Join(A, last);
        Assert.Equal(A, turns.Offer(_now));

        // He has a turn for all that he lacks, and there are more to give.
        Assert.Null(turns.Offer(_now));
        _now += UploadTurns.TurnEnds;
        Assert.Null(turns.Offer(_now));
        _now += UploadTurns.TurnEnds;
        Assert.Equal(A, turns.Offer(_now));
    }

    [Fact]
    public void An_uplink_that_runs_empty_gives_more_turns_and_a_queue_fewer()
    {
        var turns = new UploadTurns(PieceMap.Full(1_000), 1);
        turns.Join(A, new PieceMap(1_000));
        for (var i = 0; i < 200; i++)
        {
            // Words take so long that only one has arrived when it is sent already.
            Offers(turns);
            turns.Asked(A);
            turns.Ended(A);
        }

        Assert.Equal(UploadTurns.WindowMax, turns.Window);
        for (var i = 0; i < 200; i++)
        {
            while (turns.OutTo(A) < turns.Window && turns.Offer(_now) is not null)
            {
            }

            for (var asked = 0; asked < 40; asked++)
            {
                turns.Asked(A);
            }

            turns.Ended(A);
        }

        Assert.Equal(UploadTurns.WindowMin, turns.Window);
    }

    [Fact]
    public void Whatever_is_said_the_count_of_turns_stays_right()
    {
        var chance = new Prng(9);
        var turns = new UploadTurns(PieceMap.Full(50), 1);
        for (var i = 0; i < 20_000; i++)
        {
            var peer = PlannerBench.Key(chance.Next(6));
            switch (chance.Next(8))
            {
                case 0:
                    turns.Join(peer, new PieceMap(50));
                    break;
                case 1 when chance.Chance(1, 4):
                    turns.Leave(peer);
                    break;
                case 2:
                    turns.Has(peer, chance.Next(50));
                    break;
                case 3:
                    turns.Asked(peer);
                    break;
                case 4:
                    turns.Passed(peer, _now);
                    break;
                case 5:
                    turns.Ended(peer);
                    break;
                default:
                    _ = turns.Offer(_now);
                    break;
            }

            _now += TimeSpan.FromMilliseconds(chance.Next(20));
        }

        for (var peer = 0; peer < 6; peer++)
        {
            turns.Leave(PlannerBench.Key(peer));
        }

        turns.Join(A, new PieceMap(50));
        Assert.Equal(turns.Window, Offers(turns).Count);
    }

    private List<KeyId> Offers(UploadTurns turns)
    {
        var offers = new List<KeyId>();
        while (turns.Offer(_now) is { } peer)
        {
            offers.Add(peer);
        }

        return offers;
    }
}
