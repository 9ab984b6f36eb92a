using System.CommandLine;
using Cete.Api;
using Cete.App.Output;
using Cete.Core;
using Cete.Groups;
using Cete.Storage;
using Cete.Storage.Log;
using Cete.Storage.State;

namespace Cete.App.Verbs;

/// <summary><c>cete group</c>: where the replicas of services are, and which is the root.</summary>
internal static class GroupVerb
{
    public static Command Make() => new("group", Common.WithExamples(
        "Show where the replicas of services are, move a root, or go on with one replica when the others are gone for ever.",
        "cete group list",
        "cete group move index 4due3egc67x2ccop6n3weh6thozqbgoq",
        "cete group recover --data ~/cete --all")) { MakeList(), MakeMove(), MakeRecover() };

    private static Command MakeList()
    {
        var (node, trust, json) = (Common.Node(), Common.Trust(), Common.Json());
        var verb = new Command("list", "List the groups of the node, with their replicas: the root first, then other voters, then mirrors.") { node, trust, json };
        verb.SetAction(async (parsed, stop) =>
        {
            await using var client = Common.Connect(parsed.GetRequiredValue(node), parsed.GetRequiredValue(trust));
            var groups = await client.GetAsync(Routes.Groups, ApiJson.Default.GroupsAnswer, stop);
            if (!groups.Succeeded)
            {
                return ExitCodes.Say(groups.Failure);
            }

            foreach (var group in groups.Value.Groups)
            {
                if (parsed.GetValue(json))
                {
                    JsonOut.Line(group, ApiJson.Default.GroupInfo);
                }
                else
                {
                    Print(group);
                }
            }

            return ExitCodes.Ok;
        });
        return verb;
    }

    private static Command MakeMove()
    {
        var name = new Argument<string>("GROUP") { Description = "The group, as 'cete group list' shows it." };
        var to = new Argument<string>("NODE") { Description = "A voter of it, which is to be the root." };
        var (key, node, trust, json) = (Common.Key(), Common.Node(), Common.Trust(), Common.Json());
        var verb = new Command("move", "Have the root hand over to another voter. Writes wait for a moment meanwhile.") { name, to, key, node, trust, json };
        verb.SetAction((parsed, stop) => Common.AdministerAsync(parsed, key, node, trust, async client =>
        {
            var moved = await client.CommandAsync(
                HttpMethod.Post, $"{Routes.Groups}/{Uri.EscapeDataString(parsed.GetRequiredValue(name))}/root", new MoveRootRequest(parsed.GetRequiredValue(to)),
                ApiJson.Default.MoveRootRequest, ApiJson.Default.ChangeAnswer, stop);
            return Changes.Say(moved, parsed.GetValue(json), "The root hands over.", "It is the root already.");
        }));
        return verb;
    }

    private static Command MakeRecover()
    {
        var name = new Argument<string?>("GROUP") { Description = "The group.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "Every group that the node has a replica of." };
        var data = Common.Data();
        var verb = new Command(
            "recover",
            "Make a stopped node the only voter of a group, when most of the others are gone for ever: what they alone had is lost. Nodes that come back "
            + "later must be made anew. Do this on one node alone, the one whose replica is the newest ('cete group list' told how far each was).")
        {
            name, all, data,
        };
        verb.SetAction(parsed => Recover(Path.GetFullPath(parsed.GetRequiredValue(data)), parsed.GetValue(name), parsed.GetValue(all)));
        return verb;
    }

    /// <summary>Makes the node in a folder the only voter of a group, or of all.</summary>
    public static int Recover(string path, string? name, bool all)
    {
        if (name is null != all)
        {
            return ExitCodes.Say(new Failure(FailureKind.Invalid, "name a group, or say --all"));
        }

        var data = DataFolder.Open(path);
        if (!data.Succeeded)
        {
            return ExitCodes.Say(data.Failure);
        }

        using var held = data.Value;
        var log = SegmentLog.Open(new PhysicalFiles(), Path.Combine(path, "log"));
        if (!log.Succeeded || !KeyId.TryParse(held.Facts.Node, out var self))
        {
            return ExitCodes.Say(log.Failure ?? new Failure(FailureKind.Damaged, $"the data folder {path} names no node"));
        }

        using var opened = log.Value;
        var stores = new SqliteStateStores(DataFolder.GroupsIn(path));
        var known = GroupsIn(path);
        foreach (var wanted in all ? known : [name])
        {
            var done = GroupId.TryParse(wanted, out var group) ? GroupRecovery.MakeSoleVoter(opened, stores, group, self) : false;
            if (!done.Succeeded)
            {
                return ExitCodes.Say(done.Failure);
            }

            if (!done.Value && !all)
            {
                return ExitCodes.Say(new Failure(FailureKind.NotFound, $"the node in {path} has nothing of a group '{EntryName.Show(wanted!)}'; it has {string.Join(", ", known)}"));
            }

            Console.WriteLine(done.Value ? $"Group '{wanted}' goes on with this node alone, from its next start." : $"Of group '{wanted}' there is nothing here.");
        }

        return ExitCodes.Ok;
    }

    /// <summary>The groups that a node has something of.</summary>
    private static List<string?> GroupsIn(string path) => Directory.Exists(DataFolder.GroupsIn(path))
        ? Directory.GetDirectories(DataFolder.GroupsIn(path)).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToList()
        : [];

    private static void Print(GroupInfo group)
    {
        var standing = group.Root is null ? "no root: most of its voters are not to be reached"
            : group.FailuresTolerated > 0 ? $"{group.FailuresTolerated} may fail"
            : group.Replicas.Count(replica => replica.Votes) > 1 ? "no further voter may fail"
            : "not yet fault tolerant";
        Console.WriteLine($"{EntryName.Show(group.Name)}: {standing}; term {group.Term}, committed {group.Committed}");
        if (group.Problem is { } problem)
        {
            Console.WriteLine($"  problem here: {EntryName.Show(problem)}");
        }

        foreach (var replica in group.Replicas)
        {
            var role = replica.IsRoot ? "root" : replica.Votes ? "voter" : "mirror";
            var state = !replica.IsPresent ? "gone" : replica.Behind is > 0 and { } behind ? $"{behind} behind" : string.Empty;
            Console.WriteLine($"  {role,-6}  {EntryName.Show(replica.Name),-20}  {replica.Node}  {state}".TrimEnd());
        }

        foreach (var import in group.Imports ?? [])
        {
            var state = import.Problem is { } why ? $"stands still: {EntryName.Show(why)}"
                : import.IsScanning ? "takes over its records"
                : import.Behind is > 0 and { } behind ? $"{behind} behind" : "up to date";
            Console.WriteLine($"  follows {EntryName.Show(import.Source)}: {state}");
        }
    }
}
