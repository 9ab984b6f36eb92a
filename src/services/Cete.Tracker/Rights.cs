using Cete.Core;
using Cete.Groups;
using Cete.Tracker.Proto;
using Google.Protobuf;

namespace Cete.Tracker;

/// <summary>Who may give which command. The only place that asks: accounts will bring finer rights here.</summary>
internal static class Rights
{
    private const string Administrator = "administrator";

    public static Failure? Check(IMessage command, Asker asker)
    {
        // A token's secret is the right to come in; a certificate is recorded for whoever is in.
        var isOpen = command is Admit or RecordCertificate || (command is FoundGroup founding && IsItself(founding.Node, asker));
        return isOpen || asker.Roles.Contains(Administrator) || asker.Roles.Contains(TrackerMachine.TrackerRole)
            ? null
            : new Failure(
                FailureKind.Forbidden,
                $"{command.Descriptor.Name} is for administrators and nodes with the role '{TrackerMachine.TrackerRole}'; ask one of them");
    }

    /// <summary>Which groups a node may begin the roster says; that it asks for itself, its certificate.</summary>
    private static bool IsItself(ByteString node, Asker asker) => node.Length == KeyId.Size && asker.Account == new KeyId(node.Span).ToString();
}
