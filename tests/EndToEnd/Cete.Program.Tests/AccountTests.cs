using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cete.Api;
using Cete.Testing;

namespace Cete.Program.Tests;

/// <summary>Accounts from terminals, at nodes of which one is killed: who may do what, wherever he asks.</summary>
public sealed class AccountTests : IDisposable
{
    private const string Anna = "anna";
    private const string Ben = "ben";
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TwoTerminalsLiveWithTheirAccountsOnThreeNodesOfWhichOneIsKilled()
    {
        await using var community = await Replicas.StartAsync(_folder, 3);
        await Eventually.TrueAsync(
            async () => await community.Apis[0].GroupAsync("accounts") is { Succeeded: true, Value.FailuresTolerated: 1 },
            "three nodes keep the accounts", Bound);
        var (first, second, third) = (community.Nodes[0], community.Nodes[1], community.Nodes[2]);
        await RegisterAsync(first, Anna);
        await RegisterAsync(second, Ben);

        // What one puts in, the other may fetch, not replace; at whatever node each asks.
        var poem = _folder.Write("anna/poem", 1_000, 1);
        var other = _folder.Write("ben/poem", 1_000, 2);
        (await AsAsync(Anna, third, "put", poem, "--to", "/poems")).Ended(0);
        Assert.Contains("no right", (await AsAsync(Ben, first, "put", other, "--to", "/poems")).Error, StringComparison.Ordinal);
        (await AsAsync(Ben, second, "put", other, "--to", "/bens")).Ended(0);

        // A session counts at every node, and on after one of them is killed: the root of the accounts.
        var root = await community.RootedAsync("accounts");
        await root.EndAsync(CeteProcess.Kill);
        var left = community.Nodes.First(node => node != root);
        await community.RootedAsync("accounts", left);
        Assert.Equal(Anna, await WhoAsync(Anna, left));
        (await AsAsync(Anna, left, "put", _folder.Write("anna/more", 1_000, 3), "--to", "/poems")).Ended(0);
        await RegisterAsync(left, "cleo");

        // Whoever is suspended has a guest's rights within seconds, at the other node too.
        var elsewhere = community.Nodes.Last(node => node != root);
        (await GovernAsync(left, "suspend", Ben, "--reason", "spam")).Ended(0);
        await Eventually.TrueAsync(
            async () => (await AsAsync(Ben, elsewhere, "put", other, "--to", "/again")).Error.Contains("index.file", StringComparison.Ordinal),
            "the suspension counts elsewhere", TimeSpan.FromSeconds(10));
        (await GovernAsync(left, "resume", Ben)).Ended(0);

        // A moderator is given roles by a signed act, and is not an administrator.
        (await GovernAsync(left, "roles", Anna, "moderator")).Ended(0);
        await Eventually.TrueAsync(
            async () => (await AsAsync(Anna, elsewhere, "account", "suspend", Ben, "--reason", "again")).Code == 0, "a moderator suspends", Bound);
        Assert.NotEqual(0, (await AsAsync(Anna, elsewhere, "account", "roles", Anna, "administrator")).Code);
        Assert.Contains("again", (await GovernAsync(left, "acts")).Ended(0).Out, StringComparison.Ordinal);

        // Logged out is out, and logged in again it is the same account.
        var account = await IdOfAsync(Anna, left);
        (await AsAsync(Anna, left, "logout")).Ended(0);
        Assert.Null(await WhoAsync(Anna, left));
        (await AsAsync(Anna, elsewhere, "login", Anna, "--password-file", PasswordOf(Anna))).Ended(0);
        Assert.Equal(account, await IdOfAsync(Anna, left));
        Assert.Contains("/poems/more", (await AsAsync(Anna, left, "ls", "-r", "/")).Ended(0).Out, StringComparison.Ordinal);
        (await AsAsync(Anna, left, "account", "close", "--yes", "--password-file", PasswordOf(Anna))).Ended(0);
        Assert.Equal(9, (await AsAsync(Anna, left, "login", Anna, "--password-file", PasswordOf(Anna))).Code);
    }

    [Fact]
    public async Task WithoutASessionEveryRouteThatNeedsOneAnswersSo()
    {
        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        using var http = new HttpClient { BaseAddress = node.Address };
        using var document = JsonDocument.Parse(await http.GetStringAsync("/api/openapi.json", TestContext.Current.CancellationToken));
        var guarded = 0;
        foreach (var path in document.RootElement.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject().Where(operation => NeedsSession(operation.Value)))
            {
                var address = string.Join('/', path.Name.Split('/').Select(part => part.StartsWith('{') ? "1" : part));
                using var request = new HttpRequestMessage(new HttpMethod(operation.Name.ToUpperInvariant()), address);
                request.Content = JsonContent.Create(new { });
                using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
                Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{operation.Name} {path.Name}: {(int)answer.StatusCode}");
                Assert.Equal(Problems.MediaType, answer.Content.Headers.ContentType?.MediaType);
                Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
                guarded++;
            }
        }

        Assert.InRange(guarded, 20, 100);

        static bool NeedsSession(JsonElement operation) =>
            operation.TryGetProperty("responses", out var responses) && responses.TryGetProperty("401", out _);
    }

    [Fact]
    public async Task ASessionIsShownToNodesOfItsCommunityAlone()
    {
        var settings = _folder.At("settings-anna");
        int port;
        await using (var first = await TestNode.CreateAsync(_folder.At("first")))
        {
            port = first.Address.Port;
            await RegisterAsync(first, Anna);
            (await first.EndAsync(CeteProcess.Terminate)).Ended(0);
        }

        // Another program takes the port over. It is asked who it is, and cannot show it.
        using var thief = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
        thief.Start();
        var seen = new List<string>();
        var serving = AnswerAsync(thief, seen);
        Assert.NotEqual(0, (await CeteProcess.RunAsync(
            ["ls", "/", "--node", $"http://127.0.0.1:{port}"], variable: ("CETE_SETTINGS", settings))).Code);
        thief.Stop();
        await Assert.ThrowsAnyAsync<Exception>(() => serving);
        Assert.Contains(seen, line => line.StartsWith("/api/identity", StringComparison.Ordinal));
        Assert.DoesNotContain(seen, line => line.Contains("cete_s_", StringComparison.Ordinal));
    }

    private static async Task AnswerAsync(HttpListener thief, List<string> seen)
    {
        while (true)
        {
            var context = await thief.GetContextAsync();
            seen.Add($"{context.Request.Url!.AbsolutePath} {context.Request.Headers["Authorization"]}");
            context.Response.StatusCode = 404;
            context.Response.Close();
        }
    }

    /// <summary>As the administrator, which is who made the community.</summary>
    private static Task<Ran> GovernAsync(TestNode node, params string[] arguments) =>
        CeteProcess.RunAsync(["account", .. arguments, "--node", node.Address.AbsoluteUri]);

    private string PasswordOf(string user) => _folder.At(user + ".password");

    private Task<Ran> AsAsync(string user, TestNode node, params string[] arguments) => CeteProcess.RunAsync(
        [arguments[0], .. arguments[1..], "--node", node.Address.AbsoluteUri], variable: ("CETE_SETTINGS", _folder.At("settings-" + user)));

    private async Task RegisterAsync(TestNode node, string user)
    {
        await File.WriteAllTextAsync(PasswordOf(user), $"a long password of {user}\n", TestContext.Current.CancellationToken);
        (await AsAsync(user, node, "register", user, "--password-file", PasswordOf(user))).Ended(0);
        Assert.Equal(user, await WhoAsync(user, node));
    }

    private async Task<string?> WhoAsync(string user, TestNode node) => (await TellAsync(user, node))?.GetProperty("name").GetString();

    private async Task<string?> IdOfAsync(string user, TestNode node) => (await TellAsync(user, node))?.GetProperty("id").GetString();

    private async Task<JsonElement?> TellAsync(string user, TestNode node) =>
        (await AsAsync(user, node, "whoami", "--json")).Ended(0).Json.TryGetProperty("account", out var account) ? account : null;
}
