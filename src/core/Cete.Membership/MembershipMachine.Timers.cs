using Cete.Core;

namespace Cete.Membership;

/// <summary>What is due when.</summary>
public sealed partial class MembershipMachine
{
    private static readonly TimeSpan ReapInterval = TimeSpan.FromMinutes(1);

    private Instant _probeAt, _gossipAt, _syncAt, _reconnectAt, _reapAt, _lastGossip, _lastStep;
    private Instant? _leaveTold;
    private TimeSpan _syncWait;
    private bool _hasFewConnections;

    private void StartTimers()
    {
        // At a random point of their first period, so that nodes started together do not work in step.
        _probeAt = _now + Part(_settings.ProbeInterval);
        _gossipAt = _now;

        // A newcomer is the one whose view lacks most, above all when many come together.
        _syncAt = new Instant(long.MaxValue);
        SyncSoon();
        _reconnectAt = _now + Part(_settings.ReconnectInterval);
        _reapAt = _now + ReapInterval;
        _lastStep = _now;
    }

    private TimeSpan Part(TimeSpan whole) => whole * (250 + _prng.Next(750)) / 1_000;

    /// <summary>Compares views within a probe interval, then ever more rarely.</summary>
    private void SyncSoon()
    {
        _syncWait = _settings.ProbeInterval;
        _syncAt = Min(_syncAt, _now + Part(_syncWait));
    }

    private TimeSpan LeaveTime() =>
        _peers.Present == 0 ? TimeSpan.Zero : _settings.GossipInterval * (Scaling.Transmits(_settings.RetransmitFactor, Present) + 1);

    /// <summary>
    /// A process that stood still (stopped, swapped out, a machine asleep) knows nothing about who answered meanwhile: all that it waits for
    /// gets the time back, and it trusts itself less for a while (Lifeguard's aim by other means).
    /// </summary>
    private void BearStall()
    {
        var late = _now - Instant.Max(Earliest(), _lastStep);
        _lastStep = _now;
        if (late <= _settings.ProbeTimeout)
        {
            return;
        }

        _health.Add(1);
        foreach (var peer in _suspects)
        {
            peer.Suspicion!.Shift(late);
        }

        _suspicionsDue += late;

        foreach (var probe in _probes)
        {
            (probe.SentAt, probe.EndsAt, probe.AskOthersAt) = (probe.SentAt + late, probe.EndsAt + late, probe.AskOthersAt + late);
        }
    }

    private void RunTimers()
    {
        EndSuspicions();
        RunProbes();
        if (_probeAt <= _now)
        {
            _probeAt = _now + _health.Stretch(_settings.ProbeInterval);
            ProbeNext();
        }

        if (_syncAt <= _now)
        {
            var usual = Scaling.SyncInterval(_settings.SyncInterval, Present);
            _syncWait = _syncWait * 2 < usual ? _syncWait * 2 : usual;
            _syncAt = _now + Part(_syncWait);
            SyncWithSomebody();
        }

        if (_reconnectAt <= _now)
        {
            _reconnectAt = _now + _settings.ReconnectInterval;
            TryTheDead();
        }

        if (_reapAt <= _now)
        {
            _reapAt = _now + ReapInterval;
            Reap();
        }

        if (_refuteAt <= _now)
        {
            _refuteAt = null;
            if (_record!.Incarnation == _accusedAt)
            {
                _refuted = _now;
                AnnounceAbove(_accusedAt);
            }
        }

        if (_leaveTold <= _now)
        {
            _leaveTold = null;
            _effects.Add(new MembershipEffect.LeaveTold());
        }

        RunGossip();
    }

    private void RunGossip()
    {
        if (_news.Count == 0 || GossipDue() > _now)
        {
            return;
        }

        // A quick round costs nobody a handshake: only what was told to nobody yet, or waited for the usual round, is worth one.
        var isQuick = _gossipAt > _now && !_news.HasFresh;
        _lastGossip = _now;
        _gossipAt = _now + _settings.GossipInterval;
        var targets = _peers.Pick(_settings.GossipFanout, peer => peer is { IsPresent: true, IsConnected: true });
        _hasFewConnections = targets.Count < _settings.GossipFanout;
        if (_hasFewConnections && !isQuick)
        {
            targets.AddRange(_peers.Pick(
                _settings.GossipFanout - targets.Count,
                peer => !peer.IsConnected && (peer.IsPresent || (peer.State == MemberState.Dead && _now - peer.Since < _settings.GossipToDead))));
        }

        foreach (var target in targets)
        {
            Send(target.Id, news => new MembershipMessage.Gossip(news));
        }
    }

    /// <summary>
    /// Who comes and who goes is told in several quick rounds: after a single one, each twentieth waits for the next (a share of e^-3 is not told by anybody).
    /// Without connections with as many as a round tells, quick rounds would tell the same few again.
    /// </summary>
    private Instant GossipDue() =>
        _news.HasFresh || (_news.HasEager && !_hasFewConnections) ? Min(_gossipAt, _lastGossip + _settings.EagerInterval) : _gossipAt;

    private Instant Earliest()
    {
        var earliest = Min(_probeAt, Min(_syncAt, Min(_reconnectAt, _reapAt)));
        if (_news.Count > 0 && _peers.All.Count > 0)
        {
            earliest = Min(earliest, GossipDue());
        }

        earliest = _suspects.Count > 0 ? Min(earliest, _suspicionsDue) : earliest;

        foreach (var probe in _probes)
        {
            earliest = Min(earliest, Min(probe.EndsAt, probe.AskOthersAt ?? probe.EndsAt));
        }

        foreach (var errand in _errands)
        {
            earliest = Min(earliest, errand.EndsAt);
        }

        earliest = _refuteAt is { } refute ? Min(earliest, refute) : earliest;
        return _leaveTold is { } told ? Min(earliest, told) : earliest;
    }

    private static Instant Min(Instant a, Instant b) => a <= b ? a : b;
}
