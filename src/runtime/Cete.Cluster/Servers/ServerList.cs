using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Cete.Cluster.Membership;
using Cete.Core;

namespace Cete.Cluster.Servers;

/// <summary>A server of a service.</summary>
/// <param name="Node">Its node.</param>
/// <param name="Name">What people call that.</param>
/// <param name="Http">Where it is reached, the best first.</param>
/// <param name="IsRoot">It takes the writes.</param>
/// <param name="IsOverloaded">It asks to be spared.</param>
public sealed record Server(KeyId Node, string Name, IReadOnlyList<string> Http, bool IsRoot, bool IsOverloaded);

/// <summary>The servers of a service in the order in which they are to be asked.</summary>
public sealed record ServiceServers(string Service, IReadOnlyList<Server> Servers);

/// <summary>
/// For every service its servers, root first and overloaded ones last. It is made of what nodes signed and of who is there, not of what one node
/// measured, so nodes with the same view make the same list.
/// </summary>
/// <param name="Version">
/// 16 hexadecimal digits of what the list says and where nodes are: equal lists have equal versions. Every node counts, since clients come back
/// through any.
/// </param>
/// <param name="Services">By name.</param>
public sealed record ServerList(string Version, IReadOnlyList<ServiceServers> Services)
{
    /// <summary>From this load on a node is asked last.</summary>
    public const int OverloadedFrom = 800;

    /// <summary>A community that nobody is known of.</summary>
    public static ServerList Empty { get; } = Make(new ClusterView(default, []));

    /// <summary>Derives the list from a view.</summary>
    public static ServerList Make(ClusterView view)
    {
        var services = new SortedDictionary<string, List<(ClusterMember Member, GroupClaim Claim)>>(StringComparer.Ordinal);
        foreach (var member in view.Present)
        {
            foreach (var claim in member.Facts.Groups.Where(claim => member.Certificate.Roles.Contains(claim.Group)))
            {
                if (!services.TryGetValue(claim.Group, out var servers))
                {
                    services[claim.Group] = servers = [];
                }

                servers.Add((member, claim));
            }
        }

        var listed = services.Select(service => new ServiceServers(service.Key, Order(service.Value))).ToList();
        return new ServerList(VersionOf(listed, view), listed);
    }

    private static List<Server> Order(List<(ClusterMember Member, GroupClaim Claim)> servers)
    {
        // Of several who are, the one of the newest term is; an older one does not know yet that it no longer is.
        var root = servers.Where(server => server.Claim.IsRoot && IsProven(server.Member.Id, server.Claim.Term, servers))
            .OrderByDescending(server => server.Claim.Term).ThenBy(server => server.Member.Id)
            .Select(server => (KeyId?)server.Member.Id).FirstOrDefault();
        return
        [
            .. servers
                .Select(server => new Server(
                    server.Member.Id, server.Member.Facts.Name, server.Member.Facts.Http, server.Member.Id == root,
                    server.Member.Facts.Load >= OverloadedFrom))
                .OrderByDescending(server => server.IsRoot).ThenBy(server => server.IsOverloaded).ThenBy(server => server.Node),
        ];
    }

    /// <summary>
    /// Nobody is taken for the root by its own word: of those who sign that they vote and that take part now, most must sign that they follow it in
    /// that term. A minority that lies can so hide who is the root, which delays nobody, since every server knows; it cannot become it.
    /// </summary>
    private static bool IsProven(KeyId root, long term, List<(ClusterMember Member, GroupClaim Claim)> servers)
    {
        var voters = servers.Select(server => server.Claim).Where(claim => claim.Votes).ToList();
        return 2 * voters.Count(claim => claim.Term == term && claim.Follows == root) > voters.Count;
    }

    private static string VersionOf(List<ServiceServers> services, ClusterView view)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var service in services)
        {
            Add(service.Service);
            foreach (var server in service.Servers)
            {
                Add(server.Node.ToString());
                Add(server.Name);
                Add(string.Join(' ', server.Http));
                Add(server.IsRoot ? "root" : server.IsOverloaded ? "overloaded" : string.Empty);
            }
        }

        foreach (var member in view.Present.Where(member => member.Facts.Http.Count > 0).OrderBy(member => member.Id))
        {
            Add(member.Id.ToString());
            Add(string.Join(' ', member.Facts.Http));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));

        void Add(string text)
        {
            Span<byte> length = stackalloc byte[sizeof(int)];
            var bytes = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
    }
}
