using System.Collections.Frozen;
using Cete.Api;
using Cete.Core;
using Cete.Net;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.App.Agent;

/// <summary>Which peers of a community are its nodes, and which of those keep what is hot.</summary>
/// <param name="node">Tells; stays the caller's.</param>
/// <param name="known">What it told last.</param>
internal sealed class CommunityNodes(NodeClient node, ServersAnswer known)
{
    private const string CacheRole = "cache";
    private const string ShareRole = "share";

    /// <summary>Nodes come and go seldom.</summary>
    private static readonly TimeSpan AskInterval = TimeSpan.FromMinutes(1);

    private volatile FrozenDictionary<KeyId, JobSourceKind> _kinds = Read(known);
    private long _asked = TimeProvider.System.GetTimestamp();

    /// <summary>What a source is. Who is not known is a user, and it is asked whether he still is.</summary>
    public JobSourceKind KindOf(Uri source)
    {
        if (PeerAddress.Of(source) is not { } peer)
        {
            return JobSourceKind.Node;
        }

        if (_kinds.TryGetValue(peer.Key, out var kind))
        {
            return kind;
        }

        var asked = Interlocked.Read(ref _asked);
        if (TimeProvider.System.GetElapsedTime(asked) > AskInterval
            && Interlocked.CompareExchange(ref _asked, TimeProvider.System.GetTimestamp(), asked) == asked)
        {
            _ = AskAsync();
        }

        return JobSourceKind.Peer;
    }

    private async Task AskAsync()
    {
        var servers = await node.GetAsync(Routes.Servers, ApiJson.Default.ServersAnswer, CancellationToken.None);
        if (servers.Succeeded)
        {
            _kinds = Read(servers.Value);
        }
    }

    private static FrozenDictionary<KeyId, JobSourceKind> Read(ServersAnswer servers)
    {
        Dictionary<KeyId, JobSourceKind> kinds = [];
        foreach (var one in servers.Nodes ?? [])
        {
            if (KeyId.TryParse(one?.Id, out var key))
            {
                // One that was given contents to keep is no mere cache.
                kinds[key] = one!.Roles?.Contains(CacheRole) == true && !one.Roles.Contains(ShareRole) ? JobSourceKind.Cache : JobSourceKind.Node;
            }
        }

        return kinds.ToFrozenDictionary();
    }
}
