using Cete.Cluster.Membership;
using Cete.Cluster.Servers;
using Cete.Core;

namespace Cete.Cluster.Reach;

/// <summary>
/// Finds out whether others reach this node, by asking up to three of them to dial it, and chooses the relays of one that they do not. Two that
/// cannot reach it outweigh one that can: a neighbour behind the same router reaches what the world does not, and being taken for unreachable
/// costs a detour where being taken for reachable costs the way.
/// </summary>
/// <param name="seed">Of its choice of whom to ask.</param>
public sealed class ReachMachine(ulong seed) : IMachine<ReachInput, ReachEffect>
{
    /// <summary>Members asked at once.</summary>
    public const int AskedMax = 3;

    /// <summary>Relays of a node.</summary>
    public const int RelaysMax = 3;

    /// <summary>Time from one test to the next while nothing changes.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(15);

    /// <summary>Time from a test that told nothing to the next, doubled each time up to <see cref="PauseMax"/>.</summary>
    public static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(5);

    /// <summary>The longest time from a test that told nothing to the next.</summary>
    public static readonly TimeSpan PauseMax = TimeSpan.FromMinutes(1);

    /// <summary>After so long a member that was asked counts as not having answered.</summary>
    public static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(12);

    /// <summary>So long a relay stays one without a connection: records are not to change with each that is made anew.</summary>
    public static readonly TimeSpan LostMax = TimeSpan.FromSeconds(15);

    private readonly Prng _chance = new(seed);
    private readonly Dictionary<KeyId, bool?> _answers = [];
    private readonly HashSet<KeyId> _waiting = [];
    private readonly Dictionary<KeyId, Instant> _relays = [];
    private IReadOnlyList<KeyId> _order = [];
    private IReadOnlyList<string> _own = [];
    private (Reachability Reachability, IReadOnlyList<KeyId> Via) _told = (Reachability.Unknown, []);
    private TimeSpan _pause = PauseMin;
    private Instant? _due;
    private Instant _asked;
    private int _present;
    private int _round;
    private bool _isAsking;

    /// <summary>What is known.</summary>
    public Reachability Verdict { get; private set; }

    public void Step(in ReachInput input, Instant now, EffectSink<ReachEffect> effects)
    {
        switch (input)
        {
            case ReachInput.Tick tick:
                Look(tick, now, effects);
                Choose(tick.Members, now, effects);
                break;
            case ReachInput.Answered answered when answered.Round == _round && _isAsking && _answers.ContainsKey(answered.Member):
                _answers[answered.Member] = answered.IsReached;
                _waiting.Remove(answered.Member);
                if (_waiting.Count == 0)
                {
                    Decide(now);
                }

                break;
        }
    }

    private void Look(ReachInput.Tick tick, Instant now, EffectSink<ReachEffect> effects)
    {
        if (!tick.Own.SequenceEqual(_own))
        {
            (_own, _due, _pause, _isAsking, Verdict) = (tick.Own, now, PauseMin, false, Reachability.Unknown);
        }

        if (_isAsking)
        {
            if (now - _asked >= AnswerMax)
            {
                Decide(now);
            }

            return;
        }

        // What few could say is asked again once there are more to ask.
        var isThin = _present < Math.Min(2, tick.Members.Count) && now - _asked >= PauseMin;
        if (tick.Members.Count > 0 && (_due is null || now >= _due || isThin))
        {
            Ask(tick.Members, now, effects);
        }
    }

    private void Ask(IReadOnlyList<ReachMember> members, Instant now, EffectSink<ReachEffect> effects)
    {
        (_asked, _present) = (now, members.Count);
        _round++;
        if (_own.Count == 0)
        {
            // It listens nowhere: nobody need be asked.
            (Verdict, _due) = (Reachability.None, now + Interval);
            return;
        }

        _isAsking = true;
        _answers.Clear();
        _waiting.Clear();
        foreach (var member in Pick(members))
        {
            _answers.Add(member.Id, null);
            _waiting.Add(member.Id);
            effects.Add(new ReachEffect.Ask(_round, member.Id, _own));
        }
    }

    /// <summary>Members at different addresses first: those of one house see the same.</summary>
    private IEnumerable<ReachMember> Pick(IReadOnlyList<ReachMember> members)
    {
        var shuffled = members.OrderBy(member => member.Id).Select(member => (Member: member, Chance: _chance.NextBits()))
            .OrderByDescending(entry => entry.Member.IsConnected).ThenBy(entry => entry.Chance).Select(entry => entry.Member).ToList();
        var hosts = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var apart = shuffled.Where(member => hosts.Add(HostOf(member))).ToList();
        return apart.Concat(shuffled.Except(apart)).Take(AskedMax);
    }

    private static string HostOf(ReachMember member) =>
        member.Addresses.Count == 0 ? member.Id.ToString() : member.Addresses[0][..Math.Max(0, member.Addresses[0].LastIndexOf(':'))];

    private void Decide(Instant now)
    {
        _isAsking = false;
        var (yes, no) = (_answers.Values.Count(answer => answer is true), _answers.Values.Count(answer => answer is false));
        Reachability? found = no >= 2 || (no == 1 && _present == 1) ? Reachability.None : yes > 0 ? Reachability.Direct : null;
        if (found is { } verdict)
        {
            (Verdict, _due, _pause) = (verdict, now + Interval, PauseMin);
            return;
        }

        // What was known before is kept: that nobody says anything tells nothing.
        _due = now + _pause;
        _pause = _pause * 2 > PauseMax ? PauseMax : _pause * 2;
    }

    private void Choose(IReadOnlyList<ReachMember> members, Instant now, EffectSink<ReachEffect> effects)
    {
        var before = _order;
        if (Verdict != Reachability.None)
        {
            _relays.Clear();
            _order = [];
        }
        else
        {
            ChooseRelays(members, now);
        }

        if (!_order.SequenceEqual(before))
        {
            effects.Add(new ReachEffect.Keep(_order));
        }

        if (Verdict != _told.Reachability || !_order.SequenceEqual(_told.Via))
        {
            _told = (Verdict, _order);
            effects.Add(new ReachEffect.Tell(Verdict, _order));
        }
    }

    private void ChooseRelays(IReadOnlyList<ReachMember> members, Instant now)
    {
        var able = members.Where(member => member.Reachability == Reachability.Direct).ToDictionary(member => member.Id);
        foreach (var relay in _order)
        {
            if (able.TryGetValue(relay, out var member) && member.IsConnected)
            {
                _relays[relay] = now;
            }
            else if (member is null || now - _relays[relay] >= LostMax)
            {
                _relays.Remove(relay);
            }
        }

        // Those that are relays stay, so that records change seldom.
        var added = able.Values.Where(member => member.IsConnected && !_relays.ContainsKey(member.Id))
            .OrderBy(member => member.Load >= ServerList.OverloadedFrom).ThenBy(member => member.RoundTrip ?? TimeSpan.MaxValue).ThenBy(member => member.Id)
            .Take(RelaysMax - _relays.Count).Select(member => member.Id).ToList();
        _order = [.. _order.Where(_relays.ContainsKey), .. added];
        foreach (var relay in added)
        {
            _relays[relay] = now;
        }
    }
}
