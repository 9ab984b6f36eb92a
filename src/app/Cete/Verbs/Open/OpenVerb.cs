using System.CommandLine;
using Cete.App.Output;
using Cete.App.Verbs.Open.Model;
using Cete.App.Verbs.Open.Plain;
using Cete.App.Verbs.Open.Running;
using Cete.Net;

namespace Cete.App.Verbs.Open;

/// <summary><c>cete open</c>: any described service in a terminal, or its records for a script.</summary>
internal static class OpenVerb
{
    private const int LimitMax = 100_000;

    public static Command Make()
    {
        var service = ServiceFinder.NameArgument();
        var what = new Argument<string?>("WHAT")
        {
            Description = "A view, a kind of records, or one of them as KIND/ID; the service's first view when absent.",
            HelpName = "VIEW|KIND|KIND/ID",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var filter = new Option<string?>("--filter")
        {
            Description = "Only those for which this is true, as \"record.state == 'open'\".",
            HelpName = "CONDITION",
        };
        var sort = new Option<string?>("--sort") { Description = "Up to three fields, '-' before those that fall, as -created.", HelpName = "FIELD,FIELD" };
        var limit = new Option<int?>("--limit") { Description = "Records at most; all when absent.", HelpName = "N" };
        var after = new Option<string?>("--after") { Description = "Where a list before ended, as it said.", HelpName = "CURSOR" };
        var (node, trust, json) = (Common.Node(), Common.Trust(), Common.Json());
        foreach (var option in new Option[] { filter, sort, after })
        {
            Common.MustNotBeEmpty(option);
        }

        Common.MustBeWithin(limit, 1, LimitMax);
        var verb = new Command("open", Common.WithExamples(
            "Open a described service: forum, chat, polls, or whatever the community has. In a terminal it is browsed, searched and filled in by the keyboard ('?' tells "
            + "the keys), and what others do comes in by itself. Into a pipe, with --json, or with an option that says which records are wanted, it prints them and ends.",
            "cete open forum",
            "cete open polls closed",
            "cete open forum topics/3",
            "cete open forum topics --json --sort -created --limit 10",
            "cete open todo tasks --filter \"record.state != 'done'\" > tasks.txt")) { service, what, filter, sort, limit, after, node, trust, json };
        verb.SetAction(async (parsed, stop) =>
        {
            var how = new ListAsk(parsed.GetValue(filter), parsed.GetValue(sort), parsed.GetValue(limit), parsed.GetValue(after), parsed.GetValue(json));
            var isRead = Console.IsInputRedirected || Console.IsOutputRedirected || how.IsAsked;
            var (address, believed) = (parsed.GetRequiredValue(node), parsed.GetRequiredValue(trust));

            // In a terminal that is drawn upon nothing is said beside the frame.
            await using var client = Common.Connect(address, believed, isRead ? null : static (_, _) => { });
            return await RunAsync(client, parsed.GetRequiredValue(service), parsed.GetValue(what), isRead ? how : null, stop);
        });
        return verb;
    }

    private static async Task<int> RunAsync(NodeClient client, string service, string? what, ListAsk? how, CancellationToken stop)
    {
        var scene = await ServiceFinder.FindAsync(client, service, stop);
        if (!scene.Succeeded)
        {
            return ExitCodes.Say(scene.Failure);
        }

        Target? target = null;
        if (what is not null)
        {
            var read = Target.Read(scene.Value.Service, what);
            if (!read.Succeeded)
            {
                return ExitCodes.Say(read.Failure);
            }

            target = read.Value;
        }

        if (how is not null)
        {
            return await new OpenPrint(client, scene.Value).RunAsync(target, how, stop);
        }

        var desk = new ServiceDesk(client, scene.Value.Service.Name);
        using var terminal = RawTerminal.TryOpen();
        if (terminal is null)
        {
            return await new LineMode(desk).RunAsync(scene.Value, target, stop);
        }

        using var run = new OpenRun(terminal, desk);
        return await run.RunAsync(scene.Value, target, stop);
    }
}
