using Cete.Core;
using Cete.Groups;
using Cete.Tracker.Proto;

namespace Cete.Tracker;

/// <content>Tokens that members make for nodes of their own, within what the community lets them.</content>
public sealed partial class TrackerMachine
{
    private static Outcome<ReadOnlyMemory<byte>> Set(SetSelfService command, Change change)
    {
        var rule = new SelfService([.. command.Roles], command.PerAccount);
        var known = change.SelfService.Find();
        if (known.PerAccount == rule.PerAccount && known.Roles.SequenceEqual(rule.Roles))
        {
            return Done(changed: false);
        }

        change.SelfService.Set(rule);
        change.Emit("self-service-set", new SelfServiceEvent { Roles = { rule.Roles }, PerAccount = rule.PerAccount });
        return Done();
    }

    /// <summary>Why somebody who does not govern may not have a token for nodes of his own; null where he may.</summary>
    private static Failure? OwnRefusal(CreateToken command, Asker asker, Change change)
    {
        if (command.Owner != asker.Account)
        {
            return new Failure(FailureKind.Forbidden, "a token of one's own is for nodes of one's own account, and of no other");
        }

        var rule = change.SelfService.Find();
        if (rule.PerAccount == 0)
        {
            return new Failure(FailureKind.Forbidden, "in this community an administrator makes the tokens by which nodes join; ask one");
        }

        if (command.Roles.FirstOrDefault(role => !rule.Roles.Contains(role)) is { } wrong)
        {
            var may = rule.Roles.Count == 0 ? "there is none" : $"there are {string.Join(", ", rule.Roles)}";
            return new Failure(FailureKind.Forbidden, $"the role '{wrong}' is none that members take by themselves: {may}; ask an administrator for a token");
        }

        var (nodes, awaited) = (change.SelfService.CountNodes(asker.Account), change.SelfService.CountAwaited(asker.Account, change.At));
        return nodes + awaited + command.Uses <= rule.PerAccount
            ? null
            : new Failure(
                FailureKind.Forbidden,
                $"an account has {rule.PerAccount} nodes of its own at most; yours has {nodes}, and its tokens let in {awaited} more: revoke one, or ask an "
                + "administrator");
    }
}
