using System.CommandLine;
using System.Globalization;
using Cete.Api;
using Cete.App.Output;
using Cete.Core;
using Cete.Net;
using Spectre.Console;

namespace Cete.App.Verbs;

/// <summary><c>cete status</c>: how a node stands, and the community as it sees it.</summary>
internal static class StatusVerb
{
    private const int LineWidth = 60;
    private const int FullLoad = 1_000;
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(2);

    public static Command Make()
    {
        var watch = new Option<bool>("--watch", "-w") { Description = "Stay, and show it every two seconds." };
        var (node, trust, json) = (Common.Node(), Common.Trust(), Common.Json());
        var verb = new Command("status", Common.WithExamples(
            "Show how a node stands: load over time, memory, disk, groups, and the nodes that it sees.",
            "cete status",
            "cete status --node http://127.0.0.1:2383 --watch",
            "cete status --json | jq .roster")) { watch, node, trust, json };
        verb.SetAction(async (parsed, stop) =>
        {
            await using var client = Common.ConnectOnly(parsed.GetRequiredValue(node), parsed.GetRequiredValue(trust));
            return await RunAsync(client, parsed.GetValue(watch), parsed.GetValue(json), stop);
        });
        return verb;
    }

    private static async Task<int> RunAsync(NodeClient node, bool watch, bool json, CancellationToken stop)
    {
        while (true)
        {
            var status = await node.GetAsync(Routes.Status, ApiJson.Default.NodeStatus, stop);
            if (!status.Succeeded)
            {
                return ExitCodes.Say(status.Failure);
            }

            if (json)
            {
                JsonOut.Line(status.Value, ApiJson.Default.NodeStatus);
            }
            else
            {
                if (watch && !Console.IsOutputRedirected)
                {
                    Console.Clear();
                }

                Print(status.Value);
            }

            if (!watch)
            {
                return ExitCodes.Ok;
            }

            await Task.Delay(WatchInterval, TimeProvider.System, stop);
        }
    }

    private static void Print(NodeStatus status)
    {
        var now = TimeProvider.System.GetUtcNow();
        Console.WriteLine($"Community '{EntryName.Show(status.Community)}', node {Named(status.Name)} {status.Node}, Cete {EntryName.Show(status.Version)}");
        Line("roles", status.Roles is { Count: > 0 } roles ? string.Join(", ", roles) : "none");
        Line("up", status.Started is { } started ? $"{Units.Uptime(now - started)}, since {started.UtcDateTime:yyyy-MM-dd HH:mm} UTC" : null);
        if (status.Process is { } process)
        {
            Line("load", $"{Percent(process.Load)} of {process.Processors} processors; memory {Units.Bytes(process.ResidentBytes)}");
        }

        if (status.History is { Load.Count: > 0 } history)
        {
            Line("over time", $"{Sparkline.Draw(history.Load, FullLoad, LineWidth)}  {Units.Uptime(TimeSpan.FromSeconds(history.Load.Count * history.IntervalSeconds))}");
        }

        Line("disk", status.Disk is { } disk ? $"{Units.Bytes(disk.FreeBytes)} of {Units.Bytes(disk.TotalBytes)} free for {EntryName.Show(disk.Folder)}" : null);
        Line("cache", status.Cache is { } cache ? Cached(cache) : null);
        foreach (var service in status.Services)
        {
            Line("group", $"{EntryName.Show(service.Service)}: {Standing(service)}");
        }

        if (status.Fabric is { } fabric)
        {
            var connections = fabric.Connections == 1 ? "1 connection" : $"{fabric.Connections} connections";
            Line("fabric", $"{connections}; others reach it at {string.Join(", ", fabric.Advertised.Select(EntryName.Show))}");
        }

        if (status.Roster is { } roster)
        {
            var tolerance = roster.FailuresTolerated == 0 ? "not yet fault tolerant" : $"{roster.FailuresTolerated} may fail";
            Line("roster", $"version {roster.Version}, kept by {roster.Keepers} {(roster.Keepers == 1 ? "node" : "nodes")}: {tolerance}");
        }

        foreach (var finding in status.Findings ?? [])
        {
            Line(finding.Level, EntryName.Show(finding.Seen));
        }

        if (status.Members is { Count: > 0 } members)
        {
            PrintMembers(members, status.Node, now);
        }
    }

    private static void PrintMembers(IReadOnlyList<NodeInfo> members, string self, DateTimeOffset now)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns("node", "state", "roles", "version", "round trip", "load", "up", "certificate");
        foreach (var node in members)
        {
            var isThere = node.State is "alive" or "suspect";
            string[] cells =
            [
                $"{Named(node.Name)}{(node.Id == self ? " (asked)" : string.Empty)}", node.State, string.Join(",", node.Roles),
                EntryName.Show(node.Version), isThere && node.RoundTripMicroseconds is { } trip ? Milliseconds(trip) : "-",
                isThere ? Percent(node.Load) : "-", isThere ? Units.Uptime(now - node.Started) : "-",
                node.CertificateEnds.UtcDateTime.ToString("'to' yyyy-MM-dd", CultureInfo.InvariantCulture),
            ];
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }

        // Whoever reads it from a pipe wants whole lines, however long.
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = int.MaxValue / 4;
        }

        console.Write(table);
    }

    private static void Line(string what, string? text)
    {
        if (text is not null)
        {
            Console.WriteLine($"  {what,-9}  {text}");
        }
    }

    private static string Standing(ServiceStatus service) => service.Problem is { } problem
        ? $"stands still: {EntryName.Show(problem)}"
        : $"{(service.Root ? "root" : "mirror")}, applied {service.Applied}{(service.Term is { } term ? $", term {term}" : string.Empty)}"
            + (service.Level is { } level ? $", level {level}" : string.Empty);

    private static string Cached(CacheInfo cache) => cache.SizeBytes == 0
        ? "has the role, but no room: give it some by cete.cache.size"
        : $"{Units.Bytes(cache.UsedBytes)} of {Units.Bytes(cache.SizeBytes)} in {cache.Contents} contents; fetched {cache.Fetched} ({Units.Bytes(cache.FetchedBytes)}), "
            + $"served {Units.Bytes(cache.ServedBytes)}, evicted {cache.Evicted}; of {cache.Hits + cache.Misses} who asked {cache.Hits} found it here";

    private static string Named(string? name) => name is { Length: > 0 } ? EntryName.Show(name) : "-";

    private static string Percent(int ofThousand) => (ofThousand / 10.0).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    private static string Milliseconds(long microseconds) => (microseconds / 1_000.0).ToString("0.0", CultureInfo.InvariantCulture) + " ms";
}
