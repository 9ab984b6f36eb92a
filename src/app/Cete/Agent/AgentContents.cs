using Cete.Core;
using Cete.Ports;
using Cete.Ports.Folders;
using Cete.Storage.Contents;

namespace Cete.App.Agent;

/// <summary>What others may have of an agent: what its user downloaded, and what he shares.</summary>
/// <param name="given">What he downloaded.</param>
/// <param name="communityOf">The community of a node; null where it takes part in none there.</param>
internal sealed class AgentContents(GivenBack given, Func<string, KeyId?> communityOf) : ICommunityContents
{
    /// <summary>What he shares; null before that is known.</summary>
    public ISharedFiles? Shared { get; set; }

    /// <inheritdoc/>
    public IContentFile? Find(in Hash256 root) => given.Find(root) ?? Shared?.Find(root);

    /// <inheritdoc/>
    public bool IsOf(KeyId community, in Hash256 root) =>
        given.IsOf(community, root) || Shared?.NodesOf(root).Any(node => communityOf(node) == community) == true;
}
