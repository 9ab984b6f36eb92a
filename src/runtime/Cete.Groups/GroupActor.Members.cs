using Cete.Consensus;
using Cete.Core;
using Cete.Groups.Wire;

namespace Cete.Groups;

/// <summary>What other members say of themselves beside consensus: their clocks, the apply levels that they know.</summary>
internal sealed partial class GroupActor
{
    /// <summary>A clock so much ahead of the others would stamp commands with a time that has not come (DESIGN.md §5).</summary>
    private static readonly TimeSpan ClockAheadMax = TimeSpan.FromSeconds(30);

    /// <summary>What a clock showed longer ago says nothing of what it shows now: it may have been set.</summary>
    private static readonly TimeSpan ClockKnownFor = TimeSpan.FromMinutes(1);

    private readonly Dictionary<KeyId, MemberFacts> _facts = [];
    private int _nextVoter;

    /// <summary>
    /// The time for the next stamp: this node's, but no more than 30 s ahead of what most voters' clocks show.
    /// </summary>
    private Instant StampClock => WallClock <= LatestClock ? WallClock : LatestClock;

    private Instant LatestClock => VotersClock() + ClockAheadMax;

    private int LevelOf(KeyId node) => node == parts.Self ? parts.LevelMax : _facts.TryGetValue(node, out var facts) ? facts.LevelMax : 0;

    private void Note(KeyId from, ConsensusEnvelope envelope)
    {
        var members = _machine?.Members;
        if (members?.Contains(from) != true)
        {
            return;
        }

        foreach (var gone in _facts.Keys.Where(node => !members.Contains(node)).ToArray())
        {
            _facts.Remove(gone);
        }

        _facts[from] = new MemberFacts(envelope.LevelMax, envelope.Clock, Now);
    }

    /// <summary>The median of the voters' clocks, the lower one of two. That of others has gone on since they told it.</summary>
    private Instant VotersClock()
    {
        List<Instant> clocks = [];
        foreach (var voter in _machine?.Members?.Voters ?? [])
        {
            if (voter == parts.Self)
            {
                clocks.Add(WallClock);
            }
            else if (_facts.TryGetValue(voter, out var facts) && Now - facts.At < ClockKnownFor)
            {
                clocks.Add(facts.Clock + (Now - facts.At));
            }
        }

        clocks.Sort();
        return clocks.Count > 0 ? clocks[(clocks.Count - 1) / 2] : WallClock;
    }

    /// <summary>A root whose clock was set far ahead leaves it to one whose clock is right.</summary>
    private void HandOverWhenAhead()
    {
        if (_machine is { Role: RaftRole.Leader } && WallClock > LatestClock)
        {
            HandOver();
        }
    }

    /// <summary>Hands over to the voter that is there, has the right time, and most of the log. Without one, this node stays.</summary>
    private void HandOver()
    {
        if (_machine is not { Role: RaftRole.Leader, TransferTo: null, Members: { } members } machine)
        {
            return;
        }

        var latest = LatestClock;
        var best = members.Voters
            .Where(node => node != parts.Self && machine.SilenceOf(node, Now) < parts.Settings().Raft.ElectionTimeout)
            .Where(node => _facts.TryGetValue(node, out var facts) && facts.Clock + (Now - facts.At) <= latest)
            .OrderByDescending(node => machine.MatchOf(node))
            .Select(node => (KeyId?)node)
            .FirstOrDefault();
        if (best is { } to)
        {
            Step(new ConsensusInput.Transfer(to));
        }
    }

    /// <summary>Another voter, each in turn.</summary>
    private KeyId OtherVoter()
    {
        KeyId[] others = [.. (_machine?.Members ?? _members)!.Voters.Where(node => node != parts.Self)];
        return others[(int)((uint)_nextVoter++ % (uint)others.Length)];
    }

    /// <param name="LevelMax">The newest apply level that the member's program knows.</param>
    /// <param name="Clock">What its clock showed.</param>
    /// <param name="At">When it said so, by this machine's time.</param>
    private sealed record MemberFacts(int LevelMax, Instant Clock, Instant At);
}
