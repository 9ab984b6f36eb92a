using Cete.Core;

namespace Cete.Consensus;

/// <summary>
/// Quiescence: a group in which nothing happens is heard of seldom, so that a node can have hundreds of them (after CockroachDB's quiescent ranges).
/// The leader says that it is about to fall silent, and does when every member that is there has said that it knows. From then on a member waits for
/// <see cref="RaftSettings.QuiescentTimeout"/> instead of an election timeout, unless it is told that the leader is gone, or that somebody
/// needs one. The promises of section 6.4.1 and the lease end as ever: quiescence changes when something is sent and when elections begin, nothing else.
/// </summary>
public sealed partial class RaftMachine
{
    /// <summary>Leader: it has said all there is to say. Follower: it does not expect to hear of the leader soon.</summary>
    private bool _isQuiescent;

    /// <summary>Leader: the first of the rounds that told the members to be quiescent, without another one since; null when the last one did not.</summary>
    private long? _quiescingRound;

    /// <summary>Leader: when something last had to be done.</summary>
    private Instant _activeAt;

    /// <summary>Leader: when it began to expect answers again.</summary>
    private Instant _wokenAt;

    /// <summary>Whether this member takes part in the quiescence of its group.</summary>
    public bool IsQuiescent => _isQuiescent;

    /// <summary>
    /// For how long another member has not been heard of though it should have been; null for strangers and where this one does not lead.
    /// </summary>
    public TimeSpan? SilenceOf(KeyId member, Instant now) => !_others.TryGetValue(member, out var other) ? null
        : _isQuiescent && other.Round >= _quiescingRound ? TimeSpan.Zero : now - other.HeardAt;

    private bool MayQuiesce => _now - _activeAt >= _settings.QuiesceAfter && HasCommittedInTerm && _committed == _log.Last && _durable == _log.Last
        && _transferTo is null && _reads.Count == 0 && _leaving.Count == 0 && _others.Values.All(other => IsSettled(other) || IsLongSilent(other));

    /// <summary>It has everything, and nothing is on its way to it.</summary>
    private bool IsSettled(Progress other) => other.State == ProgressState.Replicate && other.Match == _log.Last && !IsLongSilent(other);

    /// <summary>It may be gone for ever, and is not waited for. A quiescent leader hears nobody, and knows nothing of that.</summary>
    private bool IsLongSilent(Progress other) => !_isQuiescent && _now - HeardOrWoken(other) >= _settings.ElectionTimeout * LeavingTimeouts;

    /// <summary>When it was last heard, or last had no reason to be.</summary>
    private Instant HeardOrWoken(Progress other) => Instant.Max(other.HeardAt, _wokenAt);

    /// <summary>A leader has something to do, or is asked to be heard.</summary>
    private void Wake()
    {
        _activeAt = _now;
        if (_isQuiescent)
        {
            ListenAgain();
            _heartbeatDue = _now;
        }
    }

    /// <summary>From now on silence counts again.</summary>
    private void ListenAgain() => (_isQuiescent, _quiescingRound, _wokenAt) = (false, null, _now);

    /// <summary>Whether the round that begins tells the members to be quiescent.</summary>
    private bool TellsToQuiesce()
    {
        _quiescingRound = MayQuiesce ? _quiescingRound ?? _round : null;
        return _quiescingRound is not null;
    }

    private void QuiesceWhenAllKnow()
    {
        if (_role == RaftRole.Leader && !_isQuiescent && _quiescingRound is { } round && MayQuiesce
            && _rules.MayQuiesce(_others.Values.All(other => other.Round >= round || IsLongSilent(other))))
        {
            _isQuiescent = true;
            _heartbeatDue = _now + _settings.QuiescentInterval;
        }
    }

    /// <summary>A follower lets the leader be silent, if it lacks nothing.</summary>
    private void Quiesce(RaftMessage.Heartbeat heartbeat)
    {
        if (heartbeat.IsQuiescing && heartbeat.Commit == _log.Last && _received == _log.Last && _durable == _log.Last)
        {
            _isQuiescent = true;
            _electionDue = _now + _settings.QuiescentTimeout + Chance(_settings.ElectionTimeout);
        }
    }

    /// <summary>Somebody finds no leader. Whoever may not have noticed that there is none asks it to be heard, and waits no longer than usual.</summary>
    private void Roused()
    {
        if (_role == RaftRole.Leader)
        {
            Wake();
        }
        else if (_isQuiescent)
        {
            AwaitLeader();
            if (_leader is { } leader)
            {
                Send(leader, new RaftMessage.Rouse(_term));
            }
        }
    }

    /// <summary>A member that does not vote can only ask those who do.</summary>
    private void RouseVoters()
    {
        AwaitLeader();
        foreach (var voter in _members.Current?.Voters ?? [])
        {
            Send(voter, new RaftMessage.Rouse(Math.Max(_term, 1)));
        }
    }
}
