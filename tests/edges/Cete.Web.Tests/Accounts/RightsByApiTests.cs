using System.Net.Http.Headers;
using Cete.Accounts;
using Cete.Api;
using Cete.Core;
using Cete.Groups;
using Cete.Web.Tests.Support;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Tests.Accounts;

/// <summary>
/// Every role times every action, asked by HTTP at every route that says which right it needs. What a right is worth for one's own or in a folder is
/// the index's to decide (its <c>RightsTests</c>); acts are signed (<c>GoverningTests</c>); the tracker's routes are for the administrator's key alone,
/// its commands for whoever its own <c>RightsTests</c> list.
/// </summary>
public sealed class RightsByApiTests
{
    /// <summary>
    /// Not asked for at any route of this site: who governs signs, the roster is the administrator's, and the bank and described services have tests of
    /// their own.
    /// </summary>
    private static readonly string[] Elsewhere =
    [
        Actions.AccountsSuspend, Actions.AccountsGovern, Actions.TrackerGovern, Actions.TrackerOwnNode, Actions.BankRead, Actions.BankGovern,
        Actions.ServicesPublish, Actions.ServicesModerate,
    ];

    /// <summary>Who may by the roles of a new community; the others may not.</summary>
    private static readonly Dictionary<string, string> May = new()
    {
        [Actions.IndexRead] = "guest member moderator administrator",
        [Actions.IndexFile] = "member moderator administrator",
        [Actions.IndexMakeFolder] = "member moderator administrator",
        [Actions.IndexDescribe] = "member moderator administrator",
        [Actions.IndexMove] = "member moderator administrator",
        [Actions.IndexRemove] = "member moderator administrator",
        [Actions.IndexLend] = "member moderator administrator",
        [Actions.IndexModerate] = "moderator administrator",
        [Actions.AccountsRead] = "member moderator administrator",
        [Actions.AccountsInvite] = "moderator administrator",
        [Actions.AccountsAudit] = "moderator administrator",
    };

    public static TheoryData<string> Roles => [.. RoleDefinition.Defaults.Select(role => role.Name)];

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task EveryRoleMayDoByTheApiWhatItsRightsSayAndNothingElse(string role)
    {
        // Whoever registers is a member: here members have the rights of the role.
        var grants = RoleDefinition.Defaults.Single(one => one.Name == role).Grants;
        await using var site = await AccountsSite.StartAsync(
            Registration.Open, [.. RoleDefinition.Defaults.Select(one => one.Name == RoleDefinition.Member ? one with { Grants = grants } : one)]);
        var secret = role == RoleDefinition.Guest ? null : await LogInAsync(site);
        var seen = new SortedSet<string>(StringComparer.Ordinal) { Actions.IndexRead };
        Assert.Equal(200, (await AskAsync(site, "GET", "/api/entries", secret)).Status);
        foreach (var route in site.Site.Routes)
        {
            // Pages answer in other ways, and have tests of their own.
            if (route.Metadata.GetMetadata<NeedsSession>()?.Action is not { } action || !AddressOf(route).StartsWith("/api/", StringComparison.Ordinal))
            {
                continue;
            }

            seen.Add(action);
            var method = route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Single();
            var answer = await AskAsync(site, method, AddressOf(route), secret);
            if (secret is null)
            {
                Assert.True(answer.Status == 401, $"{method} {AddressOf(route)} gives {answer.Status} to a guest");
            }
            else
            {
                var lacks = answer.Status == 403
                    && answer.Text.Contains("does not have the right", StringComparison.Ordinal)
                    && answer.Text.Contains(action, StringComparison.Ordinal);
                Assert.True(lacks != May[action].Split(' ').Contains(role),
                    $"{role}: {method} {AddressOf(route)} needs {action}, gives {answer.Status} {answer.Text}");
            }
        }

        Assert.Equal(Actions.All.Order(StringComparer.Ordinal), seen.Concat(Elsewhere).Order(StringComparer.Ordinal));
        Assert.Equal(seen, May.Keys.Order(StringComparer.Ordinal));
    }

    private static string AddressOf(RouteEndpoint route) =>
        string.Join('/', route.RoutePattern.RawText!.Split('/').Select(part => part.StartsWith('{') ? "1" : part));

    private static async Task<string> LogInAsync(AccountsSite site)
    {
        await site.RegisterAsync("bob");
        var asked = new LogIn("bob", AccountsSite.Password, null, SessionKind.Terminal, "a terminal", TimeSpan.FromDays(1), null, "192.0.2.1");
        var opened = await site.Service.LogInAsync(
            asked, new Asker(KeyId.Of("node"u8).ToString(), [AccountsMachine.AccountsRole]), TestContext.Current.CancellationToken);
        return opened.Value.Secret;
    }

    private static async Task<(int Status, string Text)> AskAsync(AccountsSite site, string method, string address, string? secret)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        request.Headers.Authorization = secret is null ? null : new AuthenticationHeaderValue("Bearer", secret);
        using var answer = await site.Site.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
