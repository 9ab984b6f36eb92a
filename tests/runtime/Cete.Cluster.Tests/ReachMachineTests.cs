using Cete.Cluster.Membership;
using Cete.Cluster.Reach;
using Cete.Core;

namespace Cete.Cluster.Tests;

public sealed class ReachMachineTests
{
    private readonly ReachMachine _machine = new(1);
    private readonly EffectSink<ReachEffect> _effects = new();
    private readonly List<ReachMember> _members = [];
    private readonly List<ReachEffect.Ask> _asked = [];
    private IReadOnlyList<string> _own = ["198.51.100.1:2384"];
    private IReadOnlyList<KeyId> _kept = [];
    private ReachEffect.Tell? _told;
    private Instant _now = new(1);

    [Fact]
    public void Nobody_is_asked_while_nobody_is_there_and_the_first_at_once()
    {
        Pass(TimeSpan.FromMinutes(2));
        Assert.Empty(_asked);
        Add(1);
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(_own, Assert.Single(_asked).Addresses);
        Assert.Null(_told);
    }

    [Fact]
    public void Three_are_asked_those_of_different_addresses_first()
    {
        for (var i = 0; i < 20; i++)
        {
            Add(i, host: "192.0.2.1");
        }

        Add(20, host: "192.0.2.2");
        Add(21, host: "192.0.2.3");
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(ReachMachine.AskedMax, _asked.Count);
        Assert.Contains(_asked, ask => ask.Member == Id(20));
        Assert.Contains(_asked, ask => ask.Member == Id(21));
    }

    [Theory]
    [InlineData("y", Reachability.Direct)]
    [InlineData("n", Reachability.None)]
    [InlineData("-", Reachability.Unknown)]
    [InlineData("yn", Reachability.Direct)]
    [InlineData("n-", Reachability.Unknown)]
    [InlineData("nn", Reachability.None)]
    [InlineData("ynn", Reachability.None)]
    [InlineData("yyn", Reachability.Direct)]
    [InlineData("y--", Reachability.Direct)]
    [InlineData("nn-", Reachability.None)]
    [InlineData("n--", Reachability.Unknown)]
    public void What_they_say_decides(string answers, Reachability expected)
    {
        for (var i = 0; i < answers.Length; i++)
        {
            Add(i);
        }

        Pass(TimeSpan.FromSeconds(1));
        Answer(answers);
        Assert.Equal(expected, _machine.Verdict);
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(expected, _told?.Reachability ?? Reachability.Unknown);
    }

    [Fact]
    public void Who_does_not_answer_is_not_waited_for_and_words_of_earlier_rounds_or_of_others_do_not_count()
    {
        Add(0);
        Add(1);
        Pass(TimeSpan.FromSeconds(1));
        Step(new ReachInput.Answered(_asked[0].Round, Id(7), false));
        Step(new ReachInput.Answered(_asked[0].Round - 1, Id(0), false));
        Step(new ReachInput.Answered(_asked[0].Round, Id(0), true));
        Assert.Equal(Reachability.Unknown, _machine.Verdict);
        Pass(ReachMachine.AnswerMax + TimeSpan.FromSeconds(1));
        Assert.Equal(Reachability.Direct, _machine.Verdict);
        Step(new ReachInput.Answered(_asked[0].Round, Id(1), false));
        Step(new ReachInput.Answered(_asked[0].Round, Id(0), false));
        Assert.Equal(Reachability.Direct, _machine.Verdict);
    }

    [Fact]
    public void It_is_asked_again_after_a_quarter_of_an_hour_and_at_once_when_addresses_change()
    {
        Add(0);
        Add(1);
        Pass(TimeSpan.FromSeconds(1));
        Answer("yy");
        _asked.Clear();
        Pass(ReachMachine.Interval - TimeSpan.FromSeconds(5));
        Assert.Empty(_asked);
        Pass(TimeSpan.FromSeconds(6));
        Assert.Equal(2, _asked.Count);
        Answer("yy");
        _asked.Clear();
        _own = ["198.51.100.2:2384"];
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(2, _asked.Count);
        Assert.Equal(_own, _asked[0].Addresses);
        Assert.Equal(Reachability.Unknown, _told!.Reachability);
    }

    [Fact]
    public void While_nothing_is_known_it_is_asked_ever_more_rarely_down_to_once_a_minute()
    {
        Add(0);
        Add(1);
        var rounds = new List<Instant>();
        for (var second = 0; second < 600; second++)
        {
            Pass(TimeSpan.FromSeconds(1));
            if (_asked.Count > 0)
            {
                rounds.Add(_now);
                Answer("--");
            }
        }

        var pauses = rounds.Zip(rounds.Skip(1), (earlier, later) => (later - earlier).TotalSeconds).ToList();
        Assert.Equal([5, 10, 20, 40, 60, 60], pauses.Take(6));
    }

    [Fact]
    public void What_one_alone_said_is_asked_again_once_there_are_two()
    {
        Add(0);
        Pass(TimeSpan.FromSeconds(1));
        Answer("n");
        Assert.Equal(Reachability.None, _machine.Verdict);
        Add(1);
        Pass(TimeSpan.FromSeconds(10));
        Answer("yy");
        Assert.Equal(Reachability.Direct, _machine.Verdict);
    }

    [Fact]
    public void That_nobody_answers_does_not_change_what_is_known()
    {
        Add(0);
        Add(1);
        Pass(TimeSpan.FromSeconds(1));
        Answer("yy");
        Pass(ReachMachine.Interval + TimeSpan.FromSeconds(1));
        Answer("--");
        Assert.Equal(Reachability.Direct, _machine.Verdict);
    }

    [Fact]
    public void One_that_listens_nowhere_is_not_reached_and_need_not_ask()
    {
        _own = [];
        Add(0, reachability: Reachability.Direct);
        Pass(TimeSpan.FromSeconds(2));
        Assert.Empty(_asked);
        Assert.Equal(Reachability.None, _told!.Reachability);
        Assert.Equal([Id(0)], _told.Via);
    }

    [Fact]
    public void Relays_are_three_that_are_reached_and_connected_the_nearest_first()
    {
        Add(0, reachability: Reachability.Direct, milliseconds: 30);
        Add(1, reachability: Reachability.Direct, milliseconds: 10);
        Add(2, reachability: Reachability.Direct, milliseconds: 1, isConnected: false);
        Add(3, reachability: Reachability.None, milliseconds: 1);
        Add(4, reachability: Reachability.Unknown, milliseconds: 1);
        Add(5, reachability: Reachability.Direct, milliseconds: 20);
        Add(6, reachability: Reachability.Direct, milliseconds: 5, load: 900);
        Pass(TimeSpan.FromSeconds(1));
        Assert.Empty(_kept);
        Answer("nnn");
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal([Id(1), Id(5), Id(0)], _kept);
        Assert.Equal(_kept, _told!.Via);

        // A nearer one is no reason to change; one that is gone is.
        Add(7, reachability: Reachability.Direct, milliseconds: 1);
        Pass(TimeSpan.FromSeconds(30));
        Assert.Equal([Id(1), Id(5), Id(0)], _told.Via);
        _members.RemoveAll(member => member.Id == Id(5));
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal([Id(1), Id(0), Id(7)], _told.Via);
        Assert.Equal(_kept, _told.Via);
    }

    [Fact]
    public void A_relay_may_lose_its_connection_for_a_moment_and_not_for_long()
    {
        Add(0, reachability: Reachability.Direct);
        Add(1, reachability: Reachability.Direct);
        Pass(TimeSpan.FromSeconds(1));
        Answer("nn");
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(2, _told!.Via.Count);
        Set(0, isConnected: false);
        Pass(ReachMachine.LostMax - TimeSpan.FromSeconds(2));
        Assert.Equal(2, _told.Via.Count);
        Set(0, isConnected: true);
        Pass(TimeSpan.FromSeconds(1));
        Set(0, isConnected: false);
        Pass(ReachMachine.LostMax + TimeSpan.FromSeconds(1));
        Assert.Equal([Id(1)], _told.Via);
    }

    [Fact]
    public void Who_is_reached_again_gives_its_relays_up()
    {
        Add(0, reachability: Reachability.Direct);
        Pass(TimeSpan.FromSeconds(1));
        Answer("n");
        Pass(TimeSpan.FromSeconds(1));
        Assert.Single(_kept);
        Pass(ReachMachine.Interval);
        Answer("y");
        Pass(TimeSpan.FromSeconds(1));
        Assert.Empty(_kept);
        Assert.Equal(Reachability.Direct, _told!.Reachability);
        Assert.Empty(_told.Via);
    }

    private static KeyId Id(int number) => new([.. new byte[KeyId.Size - 1], (byte)number]);

    private void Add(
        int number, string? host = null, Reachability reachability = Reachability.Unknown, bool isConnected = true, int milliseconds = 10, int load = 0) =>
        _members.Add(new ReachMember(
            Id(number), [$"{host ?? $"192.0.2.{number}"}:2384"], reachability, isConnected, TimeSpan.FromMilliseconds(milliseconds), load));

    private void Set(int number, bool isConnected)
    {
        var at = _members.FindIndex(member => member.Id == Id(number));
        _members[at] = _members[at] with { IsConnected = isConnected };
    }

    /// <summary>Those that were asked answer: y, n, or nothing.</summary>
    private void Answer(string answers)
    {
        Assert.Equal(answers.Length, _asked.Count);
        foreach (var (ask, answer) in _asked.Zip(answers).ToList())
        {
            Step(new ReachInput.Answered(ask.Round, ask.Member, answer == '-' ? null : answer == 'y'));
        }

        _asked.Clear();
    }

    private void Pass(TimeSpan time)
    {
        var end = _now + time;
        while (_now < end)
        {
            _now += TimeSpan.FromSeconds(1);
            Step(new ReachInput.Tick(_own, [.. _members]));
        }
    }

    private void Step(ReachInput input)
    {
        _effects.Clear();
        _machine.Step(input, _now, _effects);
        foreach (var effect in _effects.Effects)
        {
            switch (effect)
            {
                case ReachEffect.Ask ask:
                    _asked.Add(ask);
                    break;
                case ReachEffect.Keep keep:
                    _kept = keep.Relays;
                    break;
                case ReachEffect.Tell tell:
                    _told = tell;
                    break;
            }
        }
    }
}
