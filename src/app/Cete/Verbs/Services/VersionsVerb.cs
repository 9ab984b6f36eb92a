using System.CommandLine;
using Cete.Api;
using Cete.App.Output;
using Cete.App.Verbs.Accounts;
using Cete.Core;
using Cete.Net;

namespace Cete.App.Verbs.Services;

/// <summary><c>cete service versions</c>.</summary>
internal static class VersionsVerb
{
    public static Command Make()
    {
        var name = ShowVerb.NameArgument();
        return AccountVerbs.Make(
            "versions", Common.WithExamples("List the editions of a service that are kept, the newest first.", "cete service versions library"), [name],
            async (client, parsed, json, stop) =>
            {
                var found = await new ServicesClient(client).EditionsAsync(parsed.GetRequiredValue(name), stop);
                if (!found.Succeeded)
                {
                    return ExitCodes.Say(found.Failure);
                }

                foreach (var edition in found.Value.Editions)
                {
                    if (json)
                    {
                        JsonOut.Line(edition, ServicesJson.Default.EditionInfo);
                        continue;
                    }

                    Console.WriteLine(EntryName.Show(
                        $"{edition.Edition,4}  {edition.Version,-8}  {AccountVerbs.Date(edition.Published)}  {edition.By}  {string.Join("; ", edition.Changes)}"));
                }

                return ExitCodes.Ok;
            });
    }
}
