using System.CommandLine;
using System.Globalization;
using Cete.Api;
using Cete.App.Output;
using Cete.Net;

namespace Cete.App.Verbs;

/// <summary><c>cete servers</c>: which nodes serve what.</summary>
internal static class ServersVerb
{
    public static Command Make()
    {
        var watch = new Option<bool>("--watch", "-w") { Description = "Stay, and show the list each time it changes." };
        var (node, trust, json) = (Common.Node(), Common.Trust(), Common.Json());
        var verb = new Command("servers", Common.WithExamples(
            "Show the community's services with their servers, the root first, and its nodes.",
            "cete servers",
            "cete servers --watch --json")) { watch, node, trust, json };
        verb.SetAction(async (parsed, stop) =>
        {
            await using var client = Common.Connect(parsed.GetRequiredValue(node), parsed.GetRequiredValue(trust));
            return parsed.GetValue(watch)
                ? await WatchAsync(client, parsed.GetValue(json), stop)
                : await ShowAsync(client, parsed.GetValue(json), stop);
        });
        return verb;
    }

    private static async Task<int> ShowAsync(NodeClient node, bool json, CancellationToken stop)
    {
        var servers = await node.GetAsync(Routes.Servers, ApiJson.Default.ServersAnswer, stop);
        if (!servers.Succeeded)
        {
            return ExitCodes.Say(servers.Failure);
        }

        Print(servers.Value, json);
        return ExitCodes.Ok;
    }

    private static async Task<int> WatchAsync(NodeClient node, bool json, CancellationToken stop)
    {
        var ended = await node.WatchAsync(
            Routes.ServersLive,
            ApiJson.Default.ServersAnswer,
            servers =>
            {
                Print(servers, json);
                if (!json)
                {
                    Console.WriteLine();
                }
            },
            stop);
        return ExitCodes.Say(ended);
    }

    private static void Print(ServersAnswer servers, bool json)
    {
        if (json)
        {
            JsonOut.Line(servers, ApiJson.Default.ServersAnswer);
            return;
        }

        Console.WriteLine($"Community '{servers.Community}', server list {servers.Version}");
        foreach (var service in servers.Services)
        {
            Console.WriteLine($"  {service.Service}");
            foreach (var server in service.Servers)
            {
                var role = server.Root ? "root" : server.Overloaded ? "busy" : "mirror";
                Console.WriteLine($"    {role,-6}  {Show(server.Name),-20}  {string.Join(' ', server.Addresses)}");
            }
        }

        Console.WriteLine($"  {servers.Nodes.Count(node => node.State is "alive" or "suspect")} nodes");
        foreach (var node in servers.Nodes)
        {
            var trip = node.RoundTripMicroseconds is { } microseconds
                ? (microseconds / 1_000.0).ToString("0.0", CultureInfo.InvariantCulture) + " ms"
                : "-";
            Console.WriteLine(
                $"    {node.State,-7}  {Show(node.Name),-20}  {node.Id}  {trip,8}  load {node.Load / 10.0,5:0.0} %  {Reach(node, servers),-9}  "
                + string.Join(',', node.Roles));
        }
    }

    private static string Reach(NodeInfo node, ServersAnswer servers)
    {
        var via = node.Via.Select(id => servers.Nodes.FirstOrDefault(other => other.Id == id) is { Name.Length: > 0 } known ? known.Name : id);
        return node.Via.Count == 0 ? node.Reach : $"via {string.Join(',', via)}";
    }

    private static string Show(string name) => name.Length == 0 ? "-" : name;
}
