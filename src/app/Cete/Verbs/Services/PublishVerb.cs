using System.CommandLine;
using Cete.Api;
using Cete.App.Output;
using Cete.App.Verbs.Accounts;
using Cete.Core;
using Cete.Described;
using Cete.Net;

namespace Cete.App.Verbs.Services;

/// <summary><c>cete service publish</c> and <c>import</c>.</summary>
internal static class PublishVerb
{
    public static Command Make() => Make("publish", Common.WithExamples(
        "Have the community use a description, or a changed one: its records go on under it, or it is refused and told why. It takes the right 'services.publish'.",
        "cete service publish recipes.conf",
        "cete service publish recipes.conf --yes --json"));

    public static Command MakeImport() => Make("import", Common.WithExamples(
        "Publish a description that 'cete service export' wrote, in this community or another. Records do not travel with it.",
        "cete service export recipes recipes.conf --node https://one.example",
        "cete service import recipes.conf --node https://other.example"));

    /// <summary>Publishes a description in the place of the edition that was compared with, and says what came of it.</summary>
    public static async Task<int> PublishAsync(
        NodeClient client, string service, string text, long? replaces, bool json, CancellationToken stop)
    {
        var done = await new ServicesClient(client).PublishAsync(service, text, replaces, stop);
        if (!done.Succeeded)
        {
            return ExitCodes.Say(done.Failure);
        }

        if (json)
        {
            JsonOut.Line(done.Value, ServicesJson.Default.PublishAnswer);
            return ExitCodes.Ok;
        }

        foreach (var change in done.Value.Changes)
        {
            Console.WriteLine(EntryName.Show($"  {change}"));
        }

        Console.WriteLine($"{service} is in use, as edition {done.Value.Edition}: {new Uri(client.Node, $"/services/{service}")}");
        return ExitCodes.Ok;
    }

    /// <summary>Asks somebody at a terminal; scripts have said it by calling.</summary>
    public static bool IsWanted(string question, bool yes) =>
        yes || Console.IsInputRedirected || Typed.Line($"{question} Type yes: ") is { Succeeded: true, Value: "yes" };

    private static Command Make(string name, string description)
    {
        var file = DescriptionFile.Argument();
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask where it replaces another edition." };
        return AccountVerbs.Make(name, description, [file, yes], async (client, parsed, json, stop) =>
        {
            var (descriptor, code) = DescriptionFile.Open(parsed.GetRequiredValue(file));
            return descriptor is null ? code : await RunAsync(client, descriptor, parsed.GetValue(yes), json, stop);
        });
    }

    private static async Task<int> RunAsync(NodeClient client, ServiceDescriptor descriptor, bool yes, bool json, CancellationToken stop)
    {
        var compared = await Comparison.MakeAsync(new ServicesClient(client), descriptor, stop);
        if (!compared.Succeeded)
        {
            return ExitCodes.Say(compared.Failure);
        }

        var known = compared.Value;
        if (known.IsSame && !json)
        {
            Console.WriteLine($"It is in use so already, as edition {known.Edition}.");
            return ExitCodes.Ok;
        }

        if (known.Edition is { } edition && !json)
        {
            Console.WriteLine($"Against edition {edition}, which is in use:");
            foreach (var line in known.Lines)
            {
                Console.WriteLine(EntryName.Show($"  {line}"));
            }
        }

        if (known.Edition is not null && !json && !IsWanted($"Shall it take the place of edition {known.Edition}?", yes))
        {
            return ExitCodes.Say(new Failure(FailureKind.Cancelled, "nothing was published"));
        }

        return await PublishAsync(client, descriptor.Name, descriptor.Json, known.Edition, json, stop);
    }
}
