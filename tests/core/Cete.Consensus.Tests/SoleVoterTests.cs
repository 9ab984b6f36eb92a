using Cete.Core;

namespace Cete.Consensus.Tests;

/// <summary>Raft with one voter; the scenarios name the sections of the dissertation (Ongaro 2014) that they follow.</summary>
public sealed class SoleVoterTests
{
    [Theory]
    [InlineData("first-start")]
    [InlineData("restart")]
    [InlineData("disk-full")]
    [InlineData("disk-full-at-start")]
    [InlineData("misuse")]
    public void Scenario(string name) => Transcript.Check(name);

    [Fact]
    public void Figure_3_1_Persist_comes_before_append_and_commit_before_root()
    {
        var (voter, sink) = (new SoleVoter(), new EffectSink<ConsensusEffect>());
        voter.Step(new ConsensusInput.Start("a", 0, string.Empty, 0, 0), default, sink);
        voter.Step(new ConsensusInput.Persisted(1), default, sink);
        Assert.Equal(
            [typeof(ConsensusEffect.PersistState), typeof(ConsensusEffect.Append), typeof(ConsensusEffect.Commit), typeof(ConsensusEffect.BecameRoot)],
            sink.Effects.Select(effect => effect.GetType()));
    }

    [Fact]
    public void Section_3_7_Time_plays_no_part_in_what_is_safe()
    {
        var (early, late) = (new EffectSink<ConsensusEffect>(), new EffectSink<ConsensusEffect>());
        var input = new ConsensusInput.Start("a", 3, "b", 8, 2);
        new SoleVoter().Step(input, new Instant(long.MinValue), early);
        new SoleVoter().Step(input, new Instant(long.MaxValue), late);
        Assert.Equal(Text(early), Text(late));
    }

    private static string Text(EffectSink<ConsensusEffect> sink) => string.Join("; ", sink.Effects.Select(e => e switch
    {
        ConsensusEffect.Append append => string.Join(", ", append.Entries.Select(x => $"{x.Index}/{x.Term}/{x.Data.Length}")),
        _ => e.ToString(),
    }));
}
