using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Cete.Api;
using Cete.Storage.Local;
using Cete.Testing;

namespace Cete.Program.Tests;

/// <summary>A user with settings, and hence an agent, of his own; logged in as whoever founded the node's community.</summary>
internal sealed class AgentUser : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);
    private readonly HttpClient _http;

    private AgentUser(string settings, HttpClient http)
    {
        _http = http;
        Variables = new()
        {
            ["CETE_SETTINGS"] = settings,
            ["CETE_AGENT"] = "on",
            ["CETE_NODE"] = http.BaseAddress!.AbsoluteUri,
        };
    }

    public Dictionary<string, string> Variables { get; }

    public static async Task<AgentUser> LogInAsync(string settings, TestNode node)
    {
        var http = new HttpClient { BaseAddress = node.Address };
        var servers = await http.GetFromJsonAsync(Routes.Servers, ApiJson.Default.ServersAnswer);
        var session = new SessionBook(Path.Combine(CeteProcess.Settings, "cete", "sessions")).Find(servers!.CommunityId);
        Directory.CreateDirectory(settings);
        Assert.Null(new SessionBook(Path.Combine(settings, "sessions")).Keep(session!));
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", session!.Secret);
        return new AgentUser(settings, http);
    }

    public Task<Ran> CeteAsync(params string[] arguments) => CeteProcess.RunAsync(arguments, variables: Variables);

    public Task<JsonElement> SubscriptionAsync(long id) => OneAsync("subscriptions", id);

    public Task<JsonElement> ShareAsync(long id) => OneAsync("shares", id);

    public async Task PostAsync(string address, string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(address, body, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{address} gives {(int)answer.StatusCode}");
    }

    /// <summary>What his node answers, or an empty text where it refuses.</summary>
    public async Task<string> AskAsync(string address)
    {
        using var answer = await _http.GetAsync(address, TestContext.Current.CancellationToken);
        return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken) : string.Empty;
    }

    public async Task KillAgentAsync()
    {
        var process = (await CeteAsync("agent", "status", "--json")).Ended(0).Json.GetProperty("process").GetInt32();
        Signals.Send(process, CeteProcess.Kill);
        await GoneAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await CeteAsync("agent", "stop");
        await GoneAsync();
        _http.Dispose();
    }

    private Task GoneAsync() => Eventually.TrueAsync(async () => (await CeteAsync("agent", "status")).Code != 0, "the agent ends", Bound);

    private async Task<JsonElement> OneAsync(string verb, long id) =>
        (await CeteAsync(verb, "--json")).Ended(0).Lines.Single(one => one.GetProperty("id").GetInt64() == id);
}
