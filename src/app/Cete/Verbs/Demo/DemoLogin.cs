using System.Text.Json;
using Cete.Api;

namespace Cete.App.Verbs.Demo;

/// <summary>That this user is logged in to the demo's community, which ends with it.</summary>
internal sealed class DemoLogin : IDisposable
{
    private readonly string? _community;

    private DemoLogin(string? community) => _community = community;

    public static async Task<DemoLogin> FindAsync(DemoNodes nodes, CancellationToken stop)
    {
        var who = await OwnProgram.CallAsync(["whoami", "--json", "--node", nodes.Address.AbsoluteUri], stop);
        return new DemoLogin(who.Succeeded ? JsonSerializer.Deserialize(who.Value, ApiJson.Default.WhoAmI)?.CommunityId : null);
    }

    public void Dispose()
    {
        if (_community is not null)
        {
            Common.Logins()?.Forget(_community);
        }
    }
}
