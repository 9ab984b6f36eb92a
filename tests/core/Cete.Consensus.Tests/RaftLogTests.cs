using Cete.Core;

namespace Cete.Consensus.Tests;

/// <summary>The log in memory against a list of all entries, at random; and who the members are as entries come and go.</summary>
public sealed class RaftLogTests
{
    [Fact]
    public void It_is_a_list_of_entries_whose_beginning_goes()
    {
        for (ulong seed = 0; seed < 500; seed++)
        {
            var chance = new Prng(seed);
            var (log, model, first) = (new RaftLog(LogExtent.Empty), new List<ConsensusEntry> { new(0, 0, default) }, 0L);
            for (var step = 0; step < 200; step++)
            {
                var last = model[^1].Index;
                switch (chance.Next(6))
                {
                    case 0 when last > first:
                        var cut = first + chance.Next(last - first + 1);
                        log.CutBack(cut);
                        model.RemoveAll(entry => entry.Index > cut);
                        break;
                    case 1 when chance.Chance(1, 4):
                        first += chance.Next(last - first + 1);
                        log.Compact(first);
                        break;
                    case 2:
                        log.Trim(first + chance.Next(last - first + 1), chance.Next(2_000));
                        break;
                    default:
                        var entry = new ConsensusEntry(last + 1, model[^1].Term + (chance.Chance(1, 5) ? 1 : 0), new byte[chance.Next(100)]);
                        log.Append(entry);
                        model.Add(entry);
                        break;
                }

                Compare(log, model, first, chance);
            }
        }
    }

    [Fact]
    public void What_was_read_back_begins_in_the_middle()
    {
        var unknown = new RaftLog(new LogExtent(6, 9, 3, [new TermSpan(6, 2), new TermSpan(8, 3)]));
        Assert.Equal((5L, 6L, null, 2L, 3L), (unknown.Base, unknown.Oldest, unknown.TermAt(5), unknown.TermAt(7)!.Value, unknown.LastTerm));
        var known = new RaftLog(new LogExtent(6, 9, 3, [new TermSpan(6, 2), new TermSpan(8, 3)]) { PreviousTerm = 1 });
        Assert.Equal((5L, 5L, 1L), (known.Base, known.Oldest, known.TermAt(5)!.Value));
        var empty = new RaftLog(new LogExtent(6, 5, 2, []));
        Assert.Equal((5L, 5L, 2L, 2L), (empty.Base, empty.Oldest, empty.TermAt(5)!.Value, empty.LastTerm));
    }

    [Fact]
    public void The_newest_members_count_until_they_are_overwritten()
    {
        var (a, b) = (RaftScript.IdOf('a'), RaftScript.IdOf('b'));
        var log = new MembersLog(0, null, []);
        Assert.Null(log.Current);
        log.Add(new ConsensusEntry(1, 1, default, Members.Sole(a)));
        log.Add(new ConsensusEntry(2, 1, new byte[1]));
        log.Add(new ConsensusEntry(3, 1, default, new Members([a, b], [])));
        Assert.Equal((new Members([a, b], []), 3L), (log.Current, log.ChangedAt));
        log.CutBack(2);
        Assert.Equal((Members.Sole(a), 1L), (log.Current, log.ChangedAt));
        log.Settle(1);
        log.CutBack(1);
        Assert.Equal(Members.Sole(a), log.Current);
    }

    [Fact]
    public void Members_are_one_step_apart_when_majorities_overlap()
    {
        var ids = "abcde".Select(RaftScript.IdOf).ToArray();
        var three = new Members(ids.Take(3), [ids[3]]);
        Assert.True(three.IsOneStepFrom(three.WithVoter(ids[3])));
        Assert.True(three.IsOneStepFrom(three.WithLearner(ids[4])));
        Assert.True(three.IsOneStepFrom(three.Without(ids[0])));
        Assert.False(three.IsOneStepFrom(three.WithVoter(ids[3]).WithVoter(ids[4])));
        Assert.False(three.IsOneStepFrom(three.Without(ids[0]).WithVoter(ids[3])));
        Assert.Equal((2, 3), (three.Majority, three.WithVoter(ids[3]).Majority));
        Assert.False(Members.IsSound([], []));
        Assert.False(Members.IsSound([ids[0]], [ids[0]]));
    }

    private static void Compare(RaftLog log, List<ConsensusEntry> model, long first, Prng chance)
    {
        var last = model[^1].Index;
        Assert.Equal((last, model[^1].Term, first), (log.Last, log.LastTerm, log.Base));
        var index = chance.Next(last + 3) - 1;
        Assert.Equal(index >= first && index <= last ? model[(int)index].Term : null, log.TermAt(index));
        var slice = log.Slice(index, 300);
        Assert.Equal(index >= log.CacheFirst && index <= last, slice.Count > 0);
        Assert.Equal(model.Skip((int)Math.Max(index, 0)).Take(slice.Count), slice);
        Assert.True(slice.Count <= 1 || slice.Sum(entry => entry.Bytes) <= 300);
        var term = chance.Next(model[^1].Term + 2);
        var newest = model.Last(entry => entry.Index <= Math.Max(index, first) && (entry.Term <= term || entry.Index <= first)).Index;
        Assert.Equal(index < first ? index : newest, log.NewestUpTo(index, term));
    }
}
