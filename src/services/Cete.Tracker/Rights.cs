using Cete.Core;
using Cete.Groups;
using Cete.Tracker.Proto;
using Google.Protobuf;

namespace Cete.Tracker;

/// <summary>Who may give which command. The only place that asks.</summary>
internal static class Rights
{
    private const string Administrator = "administrator";

    public static Failure? Check(IMessage command, Asker asker, int level)
    {
        // A token's secret is the right to come in; a certificate is recorded for whoever is in.
        var isOpen = command is Admit or RecordCertificate || (command is FoundGroup founding && IsItself(founding.Node, asker));
        if (isOpen || Governs(asker, level))
        {
            return null;
        }

        if (level >= TrackerMachine.SelfServiceLevel && command is CreateToken or RevokeToken && AccountId.TryParse(asker.Account, out _))
        {
            return asker.Standing.May(Actions.TrackerOwnNode, new ActionTarget(asker.Account, null))
                ? null
                : new Failure(FailureKind.Forbidden, $"your account does not have the right '{Actions.TrackerOwnNode}'; ask an administrator of the community");
        }

        return new Failure(
            FailureKind.Forbidden, $"{command.Descriptor.Name} is for administrators and nodes with the role '{TrackerMachine.TrackerRole}'; ask one of them");
    }

    /// <summary>
    /// Whether somebody may change the roster as he likes. Of an account its rights tell, which a token narrows; the names of its roles stay the same.
    /// </summary>
    public static bool Governs(Asker asker, int level) => level >= TrackerMachine.SelfServiceLevel && AccountId.TryParse(asker.Account, out _)
        ? asker.Standing.May(Actions.TrackerGovern)
        : asker.Roles.Contains(Administrator) || asker.Roles.Contains(TrackerMachine.TrackerRole);

    /// <summary>Which groups a node may begin the roster says; that it asks for itself, its certificate.</summary>
    private static bool IsItself(ByteString node, Asker asker) => node.Length == KeyId.Size && asker.Account == new KeyId(node.Span).ToString();
}
