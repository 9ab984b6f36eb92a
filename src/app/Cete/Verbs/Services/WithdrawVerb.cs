using System.CommandLine;
using Cete.Api;
using Cete.App.Output;
using Cete.App.Verbs.Accounts;
using Cete.Core;
using Cete.Net;

namespace Cete.App.Verbs.Services;

/// <summary><c>cete service withdraw</c>.</summary>
internal static class WithdrawVerb
{
    public static Command Make()
    {
        var name = ShowVerb.NameArgument();
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        return AccountVerbs.Make(
            "withdraw",
            Common.WithExamples(
                "Take a service out of use: nobody sees its records any more. Published again, it has them all. It takes the right 'services.publish'.",
                "cete service withdraw library --yes"),
            [name, yes],
            async (client, parsed, json, stop) =>
            {
                var (service, services) = (parsed.GetRequiredValue(name), new ServicesClient(client));
                var known = await services.DescribeAsync(service, null, stop);
                if (!known.Succeeded)
                {
                    return ExitCodes.Say(known.Failure);
                }

                if (!json && !PublishVerb.IsWanted($"Shall '{service}' be taken out of use?", parsed.GetValue(yes)))
                {
                    return ExitCodes.Say(new Failure(FailureKind.Cancelled, "nothing was withdrawn"));
                }

                var done = await services.WithdrawAsync(service, known.Value.Edition, stop);
                if (!done.Succeeded)
                {
                    return ExitCodes.Say(done.Failure);
                }

                if (json)
                {
                    JsonOut.Line(done.Value, ServicesJson.Default.PublishAnswer);
                }
                else
                {
                    Console.WriteLine($"{service} is out of use; 'cete service rollback {service} {known.Value.Edition}' brings it back.");
                }

                return ExitCodes.Ok;
            });
    }
}
