using Cete.Core;
using Cete.Groups;
using Cete.Tracker.Proto;

namespace Cete.Tracker;

/// <content>Which node begins a group that nobody has: one for each name, and each but once.</content>
public sealed partial class TrackerMachine
{
    private static Outcome<ReadOnlyMemory<byte>> Begin(FoundGroup command, Change change)
    {
        var found = Present(command.Node, change, ifRemoved: FailureKind.Forbidden);
        if (!found.Succeeded)
        {
            return found.Failure;
        }

        var node = found.Value.Node;
        if (!node.Roles.Contains(command.Group))
        {
            return new Failure(
                FailureKind.Forbidden,
                $"the node {node.Id} ('{node.Name}') has no role '{command.Group}' in the roster; an administrator gives it one by 'cete community roles'");
        }

        var asked = new GroupRecord(command.Group, node.Id, Lineage.Read(command.Lineage.Span) ?? Lineage.None, command.HasBegun);
        var known = change.Groups.Find(command.Group);
        return known switch
        {
            null when change.Groups.Count() >= TrackerLimits.GroupsMax =>
                new Failure(FailureKind.TooLarge, $"{TrackerLimits.GroupsMax} groups are noted, which is the most"),
            null => Note(asked, change),
            { HasBegun: true } => Answer(GroupDesk.Answer(known)),

            // What has begun counts, whoever was to begin it.
            _ when asked.HasBegun && asked.Lineage == known.Lineage => NoteBegun(known, change),
            _ when asked.HasBegun => Note(asked, change),

            // Nobody ever told of a replica, and who was to make the first one is gone for good.
            _ when known.Node != node.Id && change.Nodes.Find(known.Node) is not { Node.IsRemoved: false } => Note(asked, change),
            _ => Answer(GroupDesk.Answer(known)),
        };
    }

    private static Outcome<ReadOnlyMemory<byte>> Note(GroupRecord group, Change change)
    {
        change.Groups.Put(group, change.At);
        change.Emit("group-founded", GroupDesk.Answer(group));
        return Answer(GroupDesk.Answer(group));
    }

    private static Outcome<ReadOnlyMemory<byte>> NoteBegun(GroupRecord group, Change change)
    {
        var begun = group with { HasBegun = true };
        change.Groups.Begin(group.Name, change.At);
        change.Emit("group-begun", GroupDesk.Answer(begun));
        return Answer(GroupDesk.Answer(begun));
    }
}
