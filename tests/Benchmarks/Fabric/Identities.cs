using Cete.Core;
using Cete.Trust;

namespace Cete.Benchmarks.Fabric;

/// <summary>A community of the benchmark's own, and members of it with real keys and certificates, as files for processes to find.</summary>
internal static class Identities
{
    /// <summary>Makes nodes; their identities are in <c>NUMBER.pem</c> afterwards, the community's name in <c>community</c>.</summary>
    public static void Make(string folder, int nodes)
    {
        var now = Instant.From(TimeProvider.System.GetUtcNow());
        using var community = CommunityKey.Create("bench", now).Value;
        using var authority = community.CreateAuthority(community.Id, now).Value;
        File.WriteAllText(Path.Combine(folder, "community"), community.Id.ToString());
        for (var i = 0; i < nodes; i++)
        {
            using var key = NodeKey.Create();
            var issued = authority.Issue(key.CreateSigningRequest(), RoleSet.From(["share"]).Value, now).Value;
            File.WriteAllText(Path.Combine(folder, $"{i}.pem"), key.ToPem() + issued.ToPem());
        }
    }

    public static KeyId Community(string folder) =>
        KeyId.TryParse(File.ReadAllText(Path.Combine(folder, "community")), out var id) ? id : throw new InvalidOperationException("no community");

    public static NodeIdentity Open(string folder, int node) =>
        NodeIdentity.FromPem(File.ReadAllText(Path.Combine(folder, $"{node}.pem")), Community(folder)).Value;
}
