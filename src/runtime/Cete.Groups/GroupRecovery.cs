using Cete.Consensus;
using Cete.Core;
using Cete.Groups.Wire;
using Cete.Ports;

namespace Cete.Groups;

/// <summary>
/// What is left when most voters of a group are gone for ever: one replica goes on by itself. That breaks the promise of Raft on purpose: what the
/// others acknowledged and this one never had is lost, and if they come back after all, they must not be let in with what they have.
/// </summary>
public static class GroupRecovery
{
    /// <summary>Makes a stopped node the only voter of a group, from its next start on.</summary>
    /// <param name="log">The node's log, which nobody else uses.</param>
    /// <param name="group">Which group.</param>
    /// <param name="self">The node.</param>
    /// <returns>False when there is nothing of the group on the node; true when it is done, durably.</returns>
    public static Outcome<bool> MakeSoleVoter(INodeLog log, GroupId group, KeyId self)
    {
        var bounds = log.Bounds(group);
        if (bounds.Last == 0)
        {
            return false;
        }

        // A term that none of the others can have come to by itself: whatever they go on with is older.
        var term = Math.Max(bounds.HardState.Term, bounds.LastTerm) + 1;
        log.Append(group, new HardState(term, self));
        log.Append(new LogEntry(group, bounds.Last + 1, term, ConsensusCodec.Encode(Members.Sole(self)), LogEntryKind.Members));
        return log.Sync() is { } failure ? failure : true;
    }
}
