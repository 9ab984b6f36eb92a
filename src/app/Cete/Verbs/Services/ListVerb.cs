using System.CommandLine;
using Cete.Api;
using Cete.App.Output;
using Cete.App.Verbs.Accounts;
using Cete.Core;
using Cete.Net;

namespace Cete.App.Verbs.Services;

/// <summary><c>cete service list</c>.</summary>
internal static class ListVerb
{
    public static Command Make() => AccountVerbs.Make(
        "list", Common.WithExamples("List the described services of the community.", "cete service list", "cete service list --json"), [],
        async (client, _, json, stop) =>
        {
            var listed = await new ServicesClient(client).ListAsync(stop);
            if (!listed.Succeeded)
            {
                return ExitCodes.Say(listed.Failure);
            }

            foreach (var service in listed.Value.Services)
            {
                if (json)
                {
                    JsonOut.Line(service, ServicesJson.Default.ServiceSummary);
                    continue;
                }

                Console.WriteLine(EntryName.Show(
                    $"{service.Name,-20}  {service.Version,-8}  edition {service.Edition,-4}  {AccountVerbs.Date(service.Published)}  {service.Title}"));
            }

            return ExitCodes.Ok;
        });
}
