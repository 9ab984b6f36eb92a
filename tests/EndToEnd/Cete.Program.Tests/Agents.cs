using System.Text.Json;
using Cete.Testing;

namespace Cete.Program.Tests;

/// <summary>A user with settings, and hence an agent, of his own.</summary>
internal sealed class AgentUser(string settings, TestNode node) : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    public Dictionary<string, string> Variables { get; } = new()
    {
        ["CETE_SETTINGS"] = settings,
        ["CETE_AGENT"] = "on",
        ["CETE_NODE"] = node.Address.AbsoluteUri,
    };

    public Task<Ran> CeteAsync(params string[] arguments) => CeteProcess.RunAsync(arguments, variables: Variables);

    public async Task<JsonElement> SubscriptionAsync(long id) => await OneAsync("subscriptions", id);

    public async Task<JsonElement> ShareAsync(long id) => await OneAsync("shares", id);

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
    }

    private Task GoneAsync() => Eventually.TrueAsync(async () => (await CeteAsync("agent", "status")).Code != 0, "the agent ends", Bound);

    private async Task<JsonElement> OneAsync(string verb, long id) =>
        (await CeteAsync(verb, "--json")).Ended(0).Lines.Single(one => one.GetProperty("id").GetInt64() == id);
}
