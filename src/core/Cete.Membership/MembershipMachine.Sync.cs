using System.Buffers.Binary;
using Cete.Core;

namespace Cete.Membership;

/// <summary>Anti-entropy: what gossip missed is found by comparing whole views.</summary>
public sealed partial class MembershipMachine
{
    /// <summary>Bytes of one part of a view.</summary>
    private const int SyncPartBytes = 64 * 1024;

    /// <summary>
    /// Bytes of views that a node answers with at once: all of a hundred nodes that join together by it, or eight whole views of a thousand.
    /// </summary>
    private const long ViewBytesMax = 8 * 1024 * 1024;

    /// <summary>Bytes of them a second after that: a view of a thousand members.</summary>
    private const long ViewBytesPerSecond = 1024 * 1024;

    /// <summary>Members told instead of all: enough that newcomers find each other, few enough that a thousand of them cost little.</summary>
    private const int SampleMembers = 16;

    private long _viewBytes = ViewBytesMax;
    private Instant _viewBytesAt;
    private bool _hasExchanged;

    private void SyncWithSomebody()
    {
        foreach (var peer in _peers.Pick(1, peer => peer.State == MemberState.Alive))
        {
            _effects.Add(new MembershipEffect.Send(peer.Id, new MembershipMessage.Sync(ViewDigest(), true, [])));
        }
    }

    /// <summary>One of the dead is tried again: should a partition have healed, both sides learn of each other by it.</summary>
    private void TryTheDead()
    {
        foreach (var peer in _peers.Pick(1, peer => peer.State == MemberState.Dead))
        {
            SendView(peer.Id, isAnswerWanted: true);
        }
    }

    private void HearView(KeyId from, MembershipMessage.Sync sync)
    {
        if (!_hasExchanged && sync.Updates.Count > 0)
        {
            _hasExchanged = true;
            _effects.Add(new MembershipEffect.Exchanged(from));
        }
    }

    private void AnswerSync(KeyId from, MembershipMessage.Sync sync)
    {
        if (!sync.IsAnswerWanted || (sync.Updates.Count == 0 && sync.Digest == ViewDigest()))
        {
            return;
        }

        if (!HasViewBytes())
        {
            SendSample(from);
            return;
        }

        // A digest alone shows that there is a difference, not which: the asker's view is wanted in return.
        _viewBytes -= SendView(from, isAnswerWanted: sync.Updates.Count == 0);
    }

    /// <summary>Whether a whole view may be answered with: what many ask of one node would take its uplink for minutes.</summary>
    private bool HasViewBytes()
    {
        var gained = (_now - _viewBytesAt) < TimeSpan.FromSeconds(ViewBytesMax / ViewBytesPerSecond)
            ? (_now - _viewBytesAt).Ticks * ViewBytesPerSecond / TimeSpan.TicksPerSecond
            : ViewBytesMax;
        (_viewBytes, _viewBytesAt) = (Math.Min(ViewBytesMax, _viewBytes + gained), _now);
        return _viewBytes > 0;
    }

    /// <summary>Some members by whom the asker comes to know the others: it compares views with one of them soon.</summary>
    private void SendSample(KeyId to)
    {
        var sample = _peers.Pick(SampleMembers, peer => peer.State == MemberState.Alive && peer.Id != to)
            .Select(peer => new MemberUpdate(peer.Record, peer.State, _self))
            .Concat(EarlierOf(to)).Prepend(new MemberUpdate(_record!, _isLeaving ? MemberState.Left : MemberState.Alive, _self)).ToList();
        if (_peers.Find(to) is { State: MemberState.Suspect or MemberState.Dead } accused)
        {
            sample.Add(new MemberUpdate(accused.Record, accused.State, accused.Suspicion?.FirstAccuser ?? _self));
        }

        _effects.Add(new MembershipEffect.Send(to, new MembershipMessage.Sync(ViewDigest(), false, sample)));
    }

    /// <summary>Sends all that is known; returns its bytes.</summary>
    private long SendView(KeyId to, bool isAnswerWanted)
    {
        List<MemberUpdate> part = [new(_record!, _isLeaving ? MemberState.Left : MemberState.Alive, _self), .. EarlierOf(to)];
        var bytes = part.Sum(update => update.Record.Cost);
        var sent = 0L;
        foreach (var peer in _peers.All)
        {
            if (peer.IsGoneByHearsay)
            {
                continue;
            }

            if (bytes + peer.Record.Cost > SyncPartBytes)
            {
                _effects.Add(new MembershipEffect.Send(to, new MembershipMessage.Sync(0, false, part)));
                sent += bytes;
                (part, bytes) = ([], 0);
            }

            // Who passes a suspicion on is no further accuser.
            part.Add(new MemberUpdate(peer.Record, peer.State, peer.Suspicion?.FirstAccuser ?? _self));
            bytes += peer.Record.Cost;
        }

        _effects.Add(new MembershipEffect.Send(to, new MembershipMessage.Sync(ViewDigest(), isAnswerWanted, part)));
        return sent + bytes;
    }

    /// <summary>What a member said before it started anew: it may have forgotten that, so it comes in front of all else.</summary>
    private IEnumerable<MemberUpdate> EarlierOf(KeyId to) => _peers.Find(to)?.Earlier is { } earlier ? [new(earlier, MemberState.Alive, _self)] : [];

    /// <summary>The same for equal views in any order: who is there, and at which incarnation.</summary>
    private ulong ViewDigest()
    {
        var sum = _isLeaving ? 0 : DigestOf(_record!);
        foreach (var peer in _peers.All)
        {
            sum += peer.IsPresent ? DigestOf(peer.Record) : 0;
        }

        return sum;
    }

    private static ulong DigestOf(MemberRecord record)
    {
        Span<byte> id = stackalloc byte[KeyId.Size];
        record.Id.CopyTo(id);
        var mixed = BinaryPrimitives.ReadUInt64BigEndian(id) ^ (ulong)record.Incarnation;

        // The finalizer of splitmix64: neighbouring incarnations must not cancel out in the sum.
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
