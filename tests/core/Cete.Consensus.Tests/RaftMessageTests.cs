using Cete.Core;

namespace Cete.Consensus.Tests;

public sealed class RaftMessageTests
{
    private static readonly KeyId A = RaftScript.IdOf('a');
    private static readonly KeyId B = RaftScript.IdOf('b');
    private static readonly KeyId C = RaftScript.IdOf('c');

    public static TheoryData<RaftMessage> Unsound =>
    [
        new RaftMessage.VoteRequest(0, 0, 0, false, false),
        new RaftMessage.VoteRequest(RaftMessage.TermMax + 1, 0, 0, false, false),
        new RaftMessage.VoteRequest(2, -1, 0, false, false),
        new RaftMessage.VoteRequest(2, 1, -1, false, false),
        new RaftMessage.VoteRequest(2, 1, 3, false, false),
        new RaftMessage.VoteReply(-1, true, false),
        new RaftMessage.Append(2, -1, 0, 0, 0, []),
        new RaftMessage.Append(2, RaftMessage.TermMax + 1, 0, 0, 0, []),
        new RaftMessage.Append(2, 0, -1, 0, 0, []),
        new RaftMessage.Append(2, 0, 0, -1, 0, []),
        new RaftMessage.Append(2, 0, 0, 0, -1, []),
        new RaftMessage.Append(2, 0, 0, 0, 0, [Entry(2, 1)]),
        new RaftMessage.Append(2, 0, 0, 0, 0, [Entry(1, 3)]),
        new RaftMessage.Append(2, 0, 0, 0, 0, [Entry(1, 2), Entry(2, 1)]),
        new RaftMessage.Heartbeat(2, -1, 0),
        new RaftMessage.Heartbeat(2, 0, -1),
        new RaftMessage.AppendReply(2, 0, 1, 2),
        new RaftMessage.AppendReply(2, 0, 1, -1),
        new RaftMessage.AppendReply(2, -1, 1, 1),
        new RaftMessage.AppendRefusal(2, 0, 1, 1, 1),
        new RaftMessage.AppendRefusal(2, 0, 1, -1, 1),
        new RaftMessage.AppendRefusal(2, 0, 1, 0, -1),
        new RaftMessage.SnapshotOffer(2, -1, 0),
        new RaftMessage.Forgotten(2, 0, 1),
        new RaftMessage.Forgotten(2, 1, -1),
        new RaftMessage.Forgotten(2, 1, 3),
        new RaftMessage.TimeoutNow(0),
    ];

    public static TheoryData<RaftMessage> Stale =>
    [
        new RaftMessage.VoteRequest(2, 9, 2, false, false),
        new RaftMessage.VoteReply(2, true, false),
        new RaftMessage.VoteReply(2, true, true),
        new RaftMessage.Append(2, 0, 0, 0, 0, [Entry(1, 2)]),
        new RaftMessage.Heartbeat(2, 1, 7),
        new RaftMessage.AppendReply(2, 1, 1, 1),
        new RaftMessage.AppendRefusal(2, 1, 1, 0, 0),
        new RaftMessage.SnapshotOffer(2, 5, 1),
        new RaftMessage.Forgotten(2, 9, 2),
        new RaftMessage.TimeoutNow(2),
    ];

    [Theory]
    [MemberData(nameof(Unsound))]
    public void What_no_member_can_say_is_named_and_changes_nothing(RaftMessage message)
    {
        Assert.NotNull(message.Unsound());
        var (machine, effects) = Started(RaftRole.Follower);
        machine.Step(new ConsensusInput.Received(B, message), new Instant(0), effects);
        Assert.IsType<ConsensusEffect.Misbehaved>(Assert.Single(effects.Effects));
        Assert.Equal(5, machine.Term);
    }

    [Fact]
    public void A_term_far_ahead_is_none()
    {
        var (machine, effects) = Started(RaftRole.Follower);
        machine.Step(new ConsensusInput.Received(B, new RaftMessage.Heartbeat(6 + (1L << 32), 0, 0)), new Instant(0), effects);
        Assert.IsType<ConsensusEffect.Misbehaved>(Assert.Single(effects.Effects));
    }

    [Theory]
    [MemberData(nameof(Stale))]
    public void What_is_of_an_earlier_term_changes_nothing_in_any_role(RaftMessage message)
    {
        foreach (var role in Enum.GetValues<RaftRole>())
        {
            var (machine, effects) = Started(role);
            var before = (machine.Role, machine.Term, machine.Leader, machine.LastIndex, machine.CommitIndex);
            machine.Step(new ConsensusInput.Received(B, message), new Instant(4_000_000), effects);
            Assert.Equal(before, (machine.Role, machine.Term, machine.Leader, machine.LastIndex, machine.CommitIndex));
            Assert.All(effects.Effects, effect => Assert.IsType<ConsensusEffect.Send>(effect));
        }
    }

    [Fact]
    public void Two_leaders_of_a_term_and_acknowledgements_of_nothing_are_named()
    {
        var (leader, effects) = Started(RaftRole.Leader);
        leader.Step(new ConsensusInput.Received(B, new RaftMessage.Heartbeat(leader.Term, 0, 1)), new Instant(4_000_000), effects);
        Assert.IsType<ConsensusEffect.Misbehaved>(Assert.Single(effects.Effects));
        effects.Clear();
        leader.Step(new ConsensusInput.Received(B, new RaftMessage.AppendReply(leader.Term, 1, 99, 99)), new Instant(4_000_000), effects);
        Assert.IsType<ConsensusEffect.Misbehaved>(Assert.Single(effects.Effects));
        Assert.Equal(RaftRole.Leader, leader.Role);
    }

    private static ConsensusEntry Entry(long index, long term) => new(index, term, ReadOnlyMemory<byte>.Empty);

    /// <summary>A member of a group of three in term 5, or one above where it asked for votes; its log holds an entry of term 1.</summary>
    private static (RaftMachine Machine, EffectSink<ConsensusEffect> Effects) Started(RaftRole role)
    {
        var (machine, effects) = (new RaftMachine(A, new RaftSettings(), 1), new EffectSink<ConsensusEffect>());
        var later = new Instant(4_000_000);
        var log = new LogExtent(1, 1, 1, [new TermSpan(1, 1)]);
        machine.Step(new ConsensusInput.Start(5, null, log, 0, new Members([A, B, C], []), []), new Instant(0), effects);
        if (role != RaftRole.Follower)
        {
            machine.Step(ConsensusInput.Tick.Instance, later, effects);
        }

        if (role is RaftRole.Candidate or RaftRole.Leader)
        {
            machine.Step(new ConsensusInput.Received(B, new RaftMessage.VoteReply(6, true, true)), later, effects);
            machine.Step(new ConsensusInput.Persisted(1), later, effects);
        }

        if (role == RaftRole.Leader)
        {
            machine.Step(new ConsensusInput.Received(B, new RaftMessage.VoteReply(6, true, false)), later, effects);
        }

        Assert.Equal(role, machine.Role);
        effects.Clear();
        return (machine, effects);
    }
}
