using Cete.Core;

namespace Cete.Membership;

/// <summary>Failure detection: probes of this node's own, and those that it makes for others.</summary>
public sealed partial class MembershipMachine
{
    /// <summary>Probes at once: the regular one and those after a lost connection. Further ones wait for their turn in the round.</summary>
    private const int ProbesMax = 32;

    /// <summary>Probes for others at once: each costs a message and a timer.</summary>
    private const int ErrandsMax = 256;

    private readonly List<Probe> _probes = [];
    private readonly List<Errand> _errands = [];
    private long _sequence;

    private void ProbeNext()
    {
        if (_order.Next(id => _peers.Find(id) is { IsPresent: true } && !_probes.Exists(probe => probe.Target == id)) is { } target)
        {
            StartProbe(target);
        }
    }

    private void StartProbe(KeyId target)
    {
        var probe = new Probe(target, ++_sequence, _now)
        {
            AskOthersAt = _now + _health.Stretch(_settings.ProbeTimeout),
            EndsAt = _now + _health.Stretch(_settings.ProbeInterval),
        };
        _probes.Add(probe);
        Send(target, news => new MembershipMessage.Ping(probe.Sequence, news));
    }

    /// <summary>A lost connection is worth a look; a refused one during a probe is worth asking others at once.</summary>
    private void HearUnreachable(KeyId id)
    {
        foreach (var errand in _errands.Where(errand => errand.Target == id).ToList())
        {
            _errands.Remove(errand);
            Send(errand.Asker, news => new MembershipMessage.Nack(errand.AskerSequence, news));
        }

        if (_probes.Find(probe => probe.Target == id) is { } probe)
        {
            probe.IsRefused = true;
            AskOthers(probe);
        }
        else if (_probes.Count < ProbesMax && _peers.Find(id) is { State: MemberState.Alive })
        {
            StartProbe(id);
        }
    }

    private void AskOthers(Probe probe)
    {
        if (probe.AskOthersAt is null)
        {
            return;
        }

        probe.AskOthersAt = null;
        foreach (var helper in _peers.Pick(_settings.IndirectProbes, peer => peer.State == MemberState.Alive && peer.Id != probe.Target))
        {
            probe.Helpers.Add(helper.Id);
            Send(helper.Id, news => new MembershipMessage.PingRequest(probe.Sequence, probe.Target, news));
        }

        EndIfRefused(probe);
    }

    /// <summary>Nobody reaches it, and everybody asked said so: waiting longer would tell nothing.</summary>
    private void EndIfRefused(Probe probe)
    {
        if (probe is { IsRefused: true, AskOthersAt: null } && probe.Nacks == probe.Helpers.Count)
        {
            Fail(probe);
        }
    }

    private void Fail(Probe probe)
    {
        _probes.Remove(probe);

        // Helpers that did not even say that they failed mean that it is this node whose messages get lost.
        _health.Add(probe.Helpers.Count > 0 ? probe.Helpers.Count - probe.Nacks : 1);
        if (_peers.Find(probe.Target) is { } peer)
        {
            Accuse(peer, _self);
        }
    }

    private void TakeAck(KeyId from, long sequence)
    {
        if (_probes.Find(probe => probe.Sequence == sequence && (probe.Target == from || probe.Helpers.Contains(from))) is { } probe)
        {
            _probes.Remove(probe);
            _health.Add(-1);
            if (probe.Target == from && _peers.Find(from) is { } peer)
            {
                var took = _now - probe.SentAt;
                peer.RoundTrip = peer.RoundTrip is { } smoothed ? smoothed + ((took - smoothed) / 8) : took;
            }
        }
        else if (_errands.Find(errand => errand.Sequence == sequence && errand.Target == from) is { } errand)
        {
            _errands.Remove(errand);
            Send(errand.Asker, news => new MembershipMessage.Ack(errand.AskerSequence, news));
        }
    }

    private void TakeNack(KeyId from, long sequence)
    {
        if (_probes.Find(probe => probe.Sequence == sequence && probe.Helpers.Contains(from)) is { } probe)
        {
            probe.Nacks = Math.Min(probe.Nacks + 1, probe.Helpers.Count);
            EndIfRefused(probe);
        }
    }

    private void ProbeFor(KeyId asker, MembershipMessage.PingRequest request)
    {
        if (_errands.Count >= ErrandsMax || _peers.Find(request.Target) is null)
        {
            Send(asker, news => new MembershipMessage.Nack(request.Sequence, news));
            return;
        }

        // Said a bit before the asker gives up.
        var errand = new Errand(asker, request.Sequence, request.Target, ++_sequence, _now + (_settings.ProbeTimeout * 4 / 5));
        _errands.Add(errand);
        Send(request.Target, news => new MembershipMessage.Ping(errand.Sequence, news));
    }

    private void RunProbes()
    {
        // Backwards, since those that end are taken out.
        for (var i = _probes.Count - 1; i >= 0; i--)
        {
            var probe = _probes[i];
            if (probe.EndsAt <= _now)
            {
                Fail(probe);
            }
            else if (probe.AskOthersAt <= _now)
            {
                AskOthers(probe);
            }
        }

        for (var i = _errands.Count - 1; i >= 0; i--)
        {
            var errand = _errands[i];
            if (errand.EndsAt <= _now)
            {
                _errands.RemoveAt(i);
                Send(errand.Asker, news => new MembershipMessage.Nack(errand.AskerSequence, news));
            }
        }
    }

    private sealed class Probe(KeyId target, long sequence, Instant sentAt)
    {
        public KeyId Target { get; } = target;

        public long Sequence { get; } = sequence;

        public Instant SentAt { get; set; } = sentAt;

        /// <summary>Null once others were asked.</summary>
        public Instant? AskOthersAt { get; set; }

        public Instant EndsAt { get; set; }

        public List<KeyId> Helpers { get; } = [];

        public int Nacks { get; set; }

        public bool IsRefused { get; set; }
    }

    private sealed record Errand(KeyId Asker, long AskerSequence, KeyId Target, long Sequence, Instant EndsAt);
}
