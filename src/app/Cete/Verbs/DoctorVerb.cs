using System.CommandLine;
using Cete.Api;
using Cete.App.Output;
using Cete.Core;
using Cete.Net;

namespace Cete.App.Verbs;

/// <summary><c>cete doctor</c>: what is wrong with a node, and how it is mended.</summary>
internal static class DoctorVerb
{
    private static readonly TimeSpan ClockDifferenceMax = TimeSpan.FromSeconds(5);

    public static Command Make()
    {
        var (node, trust, json) = (Common.Node(), Common.Trust(), Common.Json());
        var verb = new Command("doctor", Common.WithExamples(
            "Examine a node: clock, disk, certificate, network, versions, groups. Each finding comes with its mend. Ends with 0 when there is no problem.",
            "cete doctor",
            "cete doctor --node http://127.0.0.1:2383 --json")) { node, trust, json };
        verb.SetAction(async (parsed, stop) =>
        {
            await using var client = Common.ConnectOnly(parsed.GetRequiredValue(node), parsed.GetRequiredValue(trust));
            return await RunAsync(client, parsed.GetValue(json), stop);
        });
        return verb;
    }

    private static async Task<int> RunAsync(NodeClient node, bool json, CancellationToken stop)
    {
        var (answer, now) = (await node.GetAsync(Routes.Doctor, ApiJson.Default.DoctorAnswer, stop), TimeProvider.System.GetUtcNow());
        if (!answer.Succeeded)
        {
            Print([Unreachable(node.Node, answer.Failure)], string.Empty, now, json);
            return ExitCodes.Of(answer.Failure);
        }

        FindingInfo reached = new("reachable", "ok", $"the node answers at {node.Node}");
        var findings = Sorted([.. answer.Value.Findings, Clock(answer.Value.Checked - now), reached]);
        Print(findings, answer.Value.Node, answer.Value.Checked, json);
        return findings[0].Level == "problem" ? ExitCodes.Ailing : ExitCodes.Ok;
    }

    private static FindingInfo Unreachable(Uri node, Failure failure) => new(
        "reachable", "problem", EntryName.Show(failure.Message),
        node.Scheme == "https"
            ? "see whether the node runs, whether it speaks TLS at this port, and say whom to trust with --ca"
            : "see whether the node runs: 'systemctl status cete' or its terminal; it says at which address it is open. Name that with --node");

    /// <summary>The time of this machine against the node's; the way there and back is within it.</summary>
    private static FindingInfo Clock(TimeSpan difference) => difference.Duration() <= ClockDifferenceMax
        ? new FindingInfo("clock.here", "ok", "the clock of this machine agrees with the node's")
        : new FindingInfo(
            "clock.here", "warning", $"the clock of this machine is {Units.Uptime(difference.Duration())} off the node's",
            "set both by NTP: 'timedatectl set-ntp true'");

    private static List<FindingInfo> Sorted(FindingInfo[] findings) => [.. findings.OrderBy(finding => Rank(finding.Level))];

    private static int Rank(string level) => level switch
    {
        "problem" => 0,
        "warning" => 1,
        "note" => 2,
        _ => 3,
    };

    private static void Print(IReadOnlyList<FindingInfo> findings, string node, DateTimeOffset at, bool json)
    {
        if (json)
        {
            JsonOut.Line(new DoctorAnswer(node, at, findings), ApiJson.Default.DoctorAnswer);
            return;
        }

        foreach (var finding in findings)
        {
            Console.WriteLine($"{finding.Level,-7}  {finding.Check,-15}  {EntryName.Show(finding.Seen)}");
            if (finding.Mend is { } mend)
            {
                Console.WriteLine($"{string.Empty,-7}  {string.Empty,-15}  mend: {EntryName.Show(mend)}");
            }
        }

        var (problems, warnings) = (findings.Count(finding => finding.Level == "problem"), findings.Count(finding => finding.Level == "warning"));
        Console.WriteLine();
        Console.WriteLine($"{findings.Count} looked at: {problems} problems, {warnings} warnings.");
    }
}
