using Cete.Core;
using Cete.Ports;

namespace Cete.Groups;

/// <summary>
/// Who asks, as the root of a group knows it: what a command is stamped with, whatever the node says that hands it in (DESIGN.md §5).
/// Asked from the actors of groups: it answers at once, from memory, from any thread.
/// </summary>
public interface IAskers
{
    /// <summary>What stands in the log for whoever asks, or why the command is not taken.</summary>
    /// <param name="group">Whose command it is.</param>
    /// <param name="named">Who asks, as it was handed in.</param>
    /// <param name="from">The node that handed it in; null for this one.</param>
    Outcome<Asker> Stamp(GroupId group, Asker named, FabricPeer? from);
}

/// <summary>
/// Believes every node that carries the group's role, as in a community without accounts; but no node speaks as another one, or by roles that its
/// certificate does not have.
/// </summary>
public sealed class NodeAskers : IAskers
{
    /// <summary>There is nothing to know of it.</summary>
    public static NodeAskers Instance { get; } = new();

    /// <summary>
    /// A node that hands in a command of its own may have its own roles alone; null when it speaks for itself rightly, or for nobody that is a node.
    /// </summary>
    public static Failure? Check(Asker named, FabricPeer? from) =>
        from is not null && KeyId.TryParse(named.Account, out var node) && (node != from.Id || !named.Roles.All(from.Roles.Contains))
            ? new Failure(FailureKind.Forbidden, $"node {from.Id} speaks as node {node}, or by roles that it does not have")
            : null;

    /// <inheritdoc/>
    public Outcome<Asker> Stamp(GroupId group, Asker named, FabricPeer? from) => Check(named, from) is { } failure ? failure : named;
}
