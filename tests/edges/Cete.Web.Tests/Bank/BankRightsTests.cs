using System.Net.Http.Headers;
using Cete.Accounts;
using Cete.Api;
using Cete.Core;
using Cete.Groups;
using Cete.Web.Tests.Support;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Tests.Bank;

/// <summary>Every route of the bank times every role.</summary>
public sealed class BankRightsTests
{
    private const string All = "guest member moderator administrator";
    private const string Accounts = "member moderator administrator";

    /// <summary>Who gets past the door; what is signed is looked at behind it.</summary>
    private static readonly Dictionary<string, string> May = new()
    {
        ["GET /api/bank"] = All,
        ["PUT /api/bank"] = "administrator",
        ["GET /api/bank/balance"] = Accounts,
        ["GET /api/bank/statement"] = Accounts,
        ["GET /api/bank/statement.csv"] = Accounts,
        ["GET /api/bank/channels"] = Accounts,
        ["GET /api/bank/channels/1"] = Accounts,
        ["POST /api/bank/channels"] = Accounts,
        ["POST /api/bank/transfers"] = Accounts,
        ["POST /api/bank/vouchers"] = Accounts,
        ["POST /api/bank/claims"] = Accounts,
        ["GET /api/bank/receipts/1"] = Accounts,
        ["GET /api/bank/supply"] = Accounts,
        ["GET /api/bank/figures"] = Accounts,
        ["GET /api/bank/journal"] = Accounts,
    };

    public static TheoryData<string> Roles => [.. RoleDefinition.Defaults.Select(role => role.Name)];

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task EveryRoleGetsWhereItMayAndNowhereElse(string role)
    {
        // Whoever registers is a member: here members have the rights of the role.
        var grants = RoleDefinition.Defaults.Single(one => one.Name == role).Grants;
        await using var site = await BankSite.StartAsync(
            [.. RoleDefinition.Defaults.Select(one => one.Name == RoleDefinition.Member ? one with { Grants = grants } : one)]);
        var secret = role == RoleDefinition.Guest ? null : await LogInAsync(site);
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var route in site.Accounts.Site.Routes.Where(route => AddressOf(route).StartsWith(Routes.Bank, StringComparison.Ordinal)))
        {
            var method = route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Single();
            var name = $"{method} {AddressOf(route)}";
            seen.Add(name);
            var (status, text) = await AskAsync(site, method, AddressOf(route), secret);
            var may = May[name].Split(' ').Contains(role);
            var isRefused = secret is null ? status == 401 : status == 403 && text.Contains("does not have the right", StringComparison.Ordinal);
            Assert.True(isRefused != may, $"{role}: {name} gives {status} {text}");
            Assert.True(status < 500, $"{role}: {name} gives {status} {text}");
        }

        Assert.Equal(May.Keys.Order(StringComparer.Ordinal), seen);
    }

    private static string AddressOf(RouteEndpoint route) =>
        string.Join('/', route.RoutePattern.RawText!.Split('/').Select(part => part.StartsWith('{') ? "1" : part));

    private static async Task<string> LogInAsync(BankSite site)
    {
        await site.MeetAsync("bob");
        var asked = new LogIn("bob", AccountsSite.Password, null, SessionKind.Terminal, "a terminal", TimeSpan.FromDays(1), null, "192.0.2.1");
        var opened = await site.Accounts.Service.LogInAsync(
            asked, new Asker(KeyId.Of("node"u8).ToString(), [AccountsMachine.AccountsRole]), TestContext.Current.CancellationToken);
        return opened.Value.Secret;
    }

    private static async Task<(int Status, string Text)> AskAsync(BankSite site, string method, string address, string? secret)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        request.Headers.Authorization = secret is null ? null : new AuthenticationHeaderValue("Bearer", secret);
        using var answer = await site.Accounts.Site.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
