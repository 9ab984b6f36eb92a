using System.CommandLine;
using Cete.App.Output;
using Cete.App.Verbs.Accounts;
using Cete.Core;
using Cete.Net;

namespace Cete.App.Verbs.Services;

/// <summary><c>cete service rollback</c>: an edition from before is published again, as a new one.</summary>
internal static class RollbackVerb
{
    public static Command Make()
    {
        var name = ShowVerb.NameArgument();
        var edition = new Argument<long>("EDITION") { Description = "The edition, as 'cete service versions' lists them." };
        return AccountVerbs.Make(
            "rollback",
            Common.WithExamples(
                "Publish an edition from before again, as a new one. Records go on under it: what it would lose is refused. It takes the right 'services.publish'.",
                "cete service rollback library 3"),
            [name, edition],
            async (client, parsed, json, stop) =>
            {
                var (service, services) = (parsed.GetRequiredValue(name), new ServicesClient(client));
                var before = await services.DescribeAsync(service, parsed.GetRequiredValue(edition), stop);
                var now = before.Succeeded ? await services.DescribeAsync(service, null, stop) : before;

                // One that was withdrawn has no edition in use; it comes back so.
                long? replaces = now.Succeeded ? now.Value.Edition : null;
                return before.Failure is { } missing ? ExitCodes.Say(missing)
                    : now.Failure is { Kind: not FailureKind.NotFound } failure ? ExitCodes.Say(failure)
                    : await PublishVerb.PublishAsync(client, service, Comparison.JsonOf(before.Value), replaces, json, stop);
            });
    }
}
