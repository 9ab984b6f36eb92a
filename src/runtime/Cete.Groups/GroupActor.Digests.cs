using Cete.Consensus;
using Cete.Core;
using Cete.Groups.Store;
using Cete.Groups.Wire;

namespace Cete.Groups;

/// <summary>
/// Comparing what the same log came to on each replica. The root finds what most voters came to and tells it; whoever came to something else
/// stops: its service is not deterministic, or its disk lied.
/// </summary>
internal sealed partial class GroupActor
{
    private readonly SortedDictionary<long, StateDigest> _digests = [];
    private readonly Dictionary<(KeyId Node, long Index), StateDigest> _said = [];
    private StateDigest? _agreed;

    private StateDigest? DigestToTell => _machine?.Role == RaftRole.Leader ? _agreed : _digests.Count > 0 ? _digests.Last().Value : null;

    private void KeepDigests(IReadOnlyList<StateDigest> digests)
    {
        foreach (var digest in digests)
        {
            _digests[digest.Index] = digest;
            if (_digests.Count > DigestTable.Kept)
            {
                _digests.Remove(_digests.First().Key);
            }
        }

        if (digests.Count > 0)
        {
            FindAgreed();
        }
    }

    private void CompareDigests(KeyId from, ConsensusEnvelope envelope)
    {
        if (_machine is not { Members: { } members } machine || envelope.Digest is not { } digest || !_digests.TryGetValue(digest.Index, out var own))
        {
            return;
        }

        if (machine.Role == RaftRole.Leader)
        {
            if (envelope.Message is RaftMessage.AppendReply && members.IsVoter(from) && _said.TryAdd((from, digest.Index), digest))
            {
                FindAgreed();
            }
        }
        else if (machine.Leader == from && envelope.Message is RaftMessage.Append or RaftMessage.Heartbeat or RaftMessage.SnapshotOffer)
        {
            StopUnlessAlike(own, digest);
        }
    }

    /// <summary>What most voters came to; where there is no majority and all have spoken, what the root came to.</summary>
    private void FindAgreed()
    {
        if (_machine is not { Role: RaftRole.Leader, Members: { } members })
        {
            _agreed = null;
            _said.Clear();
            return;
        }

        foreach (var old in _said.Keys.Where(key => !_digests.ContainsKey(key.Index)).ToArray())
        {
            _said.Remove(old);
        }

        foreach (var own in _digests.Values.Reverse())
        {
            var said = members.Voters
                .Select(node => node == parts.Self ? own : _said.TryGetValue((node, own.Index), out var other) ? other : (StateDigest?)null)
                .OfType<StateDigest>()
                .ToList();
            var most = said.GroupBy(digest => digest).OrderByDescending(alike => alike.Count()).FirstOrDefault();
            if (most is not null && (most.Count() >= members.Majority || said.Count == members.Voters.Count))
            {
                _agreed = most.Count() >= members.Majority ? most.Key : own;
                StopUnlessAlike(own, _agreed.Value);
                return;
            }
        }
    }

    private void StopUnlessAlike(StateDigest own, StateDigest agreed)
    {
        if (own.Since == agreed.Since && own.Hash != agreed.Hash && !_broken)
        {
            Break(new Failure(
                FailureKind.Damaged,
                $"this replica of group '{_group}' differs from the root at index {own.Index} or before; restore it from the community"));
        }
    }
}
