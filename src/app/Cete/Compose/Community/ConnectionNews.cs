using Cete.Core;
using Cete.Groups;
using Cete.Ports;

namespace Cete.App.Compose.Community;

/// <summary>Hands what happens to connections on to the membership, and what looks like the end of a node to the groups too.</summary>
internal sealed class ConnectionNews(IFabricWatcher membership, NodeGroups groups) : IFabricWatcher
{
    public void OnConnected(FabricPeer peer) => membership.OnConnected(peer);

    public void OnDisconnected(KeyId peer, Failure? failure)
    {
        membership.OnDisconnected(peer, failure);
        if (failure is not null)
        {
            groups.TakeGone(peer);
        }
    }

    public void OnUnreachable(KeyId peer, Failure failure)
    {
        membership.OnUnreachable(peer, failure);
        groups.TakeGone(peer);
    }
}
