using Cete.Core;
using Cete.Swarm.Download;

namespace Cete.Swarm.Tests.Download;

public sealed class MeshDownloadTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly EffectSink<DownloadEffect> _sink = new();
    private DownloadMachine _machine = new(new PieceMap(20), Patience);
    private Instant _now = new(1_000_000_000);

    [Fact]
    public void A_peer_is_asked_only_at_its_turn_and_for_what_it_has()
    {
        Assert.Empty(Starts(Step(Found(0, 3, 4))));
        var start = Assert.Single(Starts(Step(new DownloadInput.SourceReady(0, 1))));
        Assert.True(start is { FirstPiece: 3 or 4, EndPiece: 4 or 5 });
        Assert.Equal(2, Starts(Step(new DownloadInput.SourceReady(0, 1))).Concat(Starts(Step(new DownloadInput.SourceHas(0, [9])))
            .Concat(Starts(Step(new DownloadInput.SourceReady(0, 1))))).Count());
    }

    [Fact]
    public void A_turn_of_no_use_is_given_back()
    {
        Step(Found(0, 3));
        Assert.Equal([new DownloadEffect.PassTurn(0)], Step(new DownloadInput.SourceReady(0, 2)).OfType<DownloadEffect.PassTurn>());
    }

    [Fact]
    public void The_rarest_piece_comes_first()
    {
        Step(Found(0, 1, 2, 3));
        Step(Found(1, 1, 2));
        Step(Found(2, 1, 3));
        Step(Found(3, 1, 3));
        Assert.Equal(2, Assert.Single(Starts(Step(new DownloadInput.SourceReady(0, 1)))).FirstPiece);
        Assert.Equal(3, Assert.Single(Starts(Step(new DownloadInput.SourceReady(0, 1)))).FirstPiece);
        Assert.Equal(1, Assert.Single(Starts(Step(new DownloadInput.SourceReady(0, 1)))).FirstPiece);
    }

    [Fact]
    public void Among_equals_the_planners_rarest_comes_first_and_its_nonsense_is_ignored()
    {
        Step(Found(0, [.. Enumerable.Range(0, 20)]));
        Step(new DownloadInput.RarityHeard([13, -1, 400, 13]));
        Assert.Equal(13, Assert.Single(Starts(Step(new DownloadInput.SourceReady(0, 1)))).FirstPiece);
    }

    [Fact]
    public void Machines_of_other_seeds_choose_other_pieces()
    {
        var chosen = new HashSet<int>();
        for (ulong seed = 0; seed < 10; seed++)
        {
            _machine = new DownloadMachine(new PieceMap(20), Patience, null, seed);
            Step(Found(0, [.. Enumerable.Range(0, 20)]));
            chosen.Add(Assert.Single(Starts(Step(new DownloadInput.SourceReady(0, 1)))).FirstPiece);
        }

        Assert.True(chosen.Count >= 4);
    }

    [Fact]
    public void What_does_not_move_for_a_second_is_asked_of_another_within_the_next_step()
    {
        Step(Found(0, 3));
        Step(Found(1, 3));
        var slow = Assert.Single(Starts(Step(new DownloadInput.SourceReady(0, 1))));
        _now += TimeSpan.FromMilliseconds(900);
        Assert.Empty(Step(new DownloadInput.RunMoved(slow.Run)).OfType<DownloadEffect.CancelRun>());
        _now += TimeSpan.FromMilliseconds(900);
        Assert.Empty(Step(new DownloadInput.Tick()).OfType<DownloadEffect.CancelRun>());
        _now += TimeSpan.FromMilliseconds(200);
        var effects = Step(new DownloadInput.SourceReady(1, 1));
        Assert.Contains(new DownloadEffect.CancelRun(slow.Run), effects);
        Assert.Equal(1, Assert.Single(Starts(effects)).Source);
        Assert.Empty(Step(new DownloadInput.RunEnded(slow.Run, RunOutcome.Broken)).OfType<DownloadEffect.StartRun>());
    }

    [Fact]
    public void The_step_that_finds_a_slow_one_is_asked_for()
    {
        Step(Found(0, 3));
        Assert.Contains(new DownloadEffect.WakeAt(_now + TimeSpan.FromSeconds(1)), Step(new DownloadInput.SourceReady(0, 1)));
    }

    [Fact]
    public void The_only_one_who_has_a_piece_is_waited_for()
    {
        Step(Found(0, 3));
        Step(Found(1, 4));
        Step(new DownloadInput.SourceReady(0, 1));
        _now += TimeSpan.FromSeconds(5);
        Assert.Empty(Step(new DownloadInput.Tick()).OfType<DownloadEffect.CancelRun>());
    }

    [Fact]
    public void The_last_pieces_are_asked_of_two_and_who_comes_second_is_stopped()
    {
        _machine = new DownloadMachine(AllBut(20, 3), Patience);
        Step(Found(0, 3));
        Step(Found(1, 3));
        var first = Assert.Single(Starts(Step(new DownloadInput.SourceReady(0, 1))));
        var second = Assert.Single(Starts(Step(new DownloadInput.SourceReady(1, 1))));
        Assert.Equal(3, second.FirstPiece);
        Assert.Empty(Starts(Step(new DownloadInput.SourceReady(0, 1))));
        var effects = Step(new DownloadInput.PieceTaken(second.Run, 3));
        Assert.Contains(new DownloadEffect.CancelRun(first.Run), effects);
        Assert.Contains(new DownloadEffect.Finish(DownloadEnd.Whole), effects);
    }

    [Fact]
    public void What_was_asked_for_at_a_price_is_asked_of_nobody_else()
    {
        _machine = new DownloadMachine(AllBut(20, 3), Patience);
        Step(Found(0, 3));
        Step(Found(1, 3));
        var paid = Assert.Single(Starts(Step(new DownloadInput.SourceReady(0, 1))));
        Step(new DownloadInput.RunAsked(paid.Run, 4));
        Assert.Empty(Starts(Step(new DownloadInput.SourceReady(1, 1))));
        _now += TimeSpan.FromSeconds(3);
        Assert.Empty(Starts(Step(new DownloadInput.SourceReady(1, 1))));
    }

    [Fact]
    public void What_a_lost_peer_was_to_bring_is_free_and_it_may_be_found_again()
    {
        _machine = new DownloadMachine(new PieceMap(20), Patience, new DownloadSettings { MoreMayCome = true });
        Step(Found(0, 3));
        var run = Assert.Single(Starts(Step(new DownloadInput.SourceReady(0, 1))));
        Assert.Contains(new DownloadEffect.CancelRun(run.Run), Step(new DownloadInput.SourceLost(0)));
        Step(Found(0, 3));
        Assert.Single(Starts(Step(new DownloadInput.SourceReady(0, 1))));
    }

    [Fact]
    public void One_that_gave_bad_bytes_is_never_asked_again_and_the_piece_comes_from_another()
    {
        Step(Found(0, 3));
        Step(Found(1, 3));
        var run = Assert.Single(Starts(Step(new DownloadInput.SourceReady(0, 1))));
        Assert.Contains(new DownloadEffect.DropSource(0), Step(new DownloadInput.RunEnded(run.Run, RunOutcome.Damaged)));
        Step(Found(0, 3));
        Assert.Empty(Step(new DownloadInput.SourceReady(0, 1)));
        Assert.Equal(1, Assert.Single(Starts(Step(new DownloadInput.SourceReady(1, 1)))).Source);
    }

    [Fact]
    public void Without_a_source_it_waits_for_one_where_more_may_come_and_ends_by_its_patience()
    {
        _machine = new DownloadMachine(new PieceMap(20), Patience, new DownloadSettings { MoreMayCome = true });
        Assert.Equal([new DownloadEffect.WakeAt(_now + Patience)], Step(new DownloadInput.Tick()));
        _now += Patience;
        Assert.Equal([new DownloadEffect.Finish(DownloadEnd.Stalled)], Step(new DownloadInput.Tick()));
    }

    [Fact]
    public void A_web_server_keeps_the_beginning_of_its_run_when_peers_come()
    {
        var all = Assert.Single(Starts(Step(new DownloadInput.SourceFound(5))));
        Assert.Equal((0, 20), (all.FirstPiece, all.EndPiece));
        var effects = Step(Found(0, 18, 2));
        Assert.Contains(new DownloadEffect.ShortenRun(all.Run, 8), effects);
        Assert.Equal(18, Assert.Single(Starts(Step(new DownloadInput.SourceReady(0, 1)))).FirstPiece);
    }

    [Fact]
    public void A_peer_with_a_fixed_map_is_asked_for_two_at_a_time_without_turns()
    {
        Assert.Equal(2, Starts(Step(new DownloadInput.SourceFound(0, AllBut(20, 3)))).Count());
    }

    [Fact]
    public void No_more_than_the_slots_are_on_their_way()
    {
        _machine = new DownloadMachine(new PieceMap(200), Patience, new DownloadSettings { Slots = 3 });
        Step(new DownloadInput.SourceFound(0, PieceMap.Full(200), IsLive: true));
        var effects = Step(new DownloadInput.SourceReady(0, 5));
        Assert.Equal(3, Starts(effects).Count());
        Assert.Equal(2, effects.OfType<DownloadEffect.PassTurn>().Count());
    }

    private static DownloadInput.SourceFound Found(int source, params int[] have)
    {
        var map = new PieceMap(20);
        foreach (var piece in have)
        {
            map.Set(piece);
        }

        return new DownloadInput.SourceFound(source, map, IsLive: true);
    }

    private static PieceMap AllBut(int count, int piece)
    {
        var map = PieceMap.Full(count);
        map.Clear(piece);
        return map;
    }

    private static IEnumerable<DownloadEffect.StartRun> Starts(IEnumerable<DownloadEffect> effects) => effects.OfType<DownloadEffect.StartRun>();

    private List<DownloadEffect> Step(DownloadInput input)
    {
        _sink.Clear();
        _machine.Step(input, _now, _sink);
        return [.. _sink.Effects];
    }
}
