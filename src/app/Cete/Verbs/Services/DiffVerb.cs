using System.CommandLine;
using Cete.App.Output;
using Cete.App.Verbs.Accounts;
using Cete.Core;
using Cete.Net;

namespace Cete.App.Verbs.Services;

/// <summary><c>cete service diff</c>.</summary>
internal static class DiffVerb
{
    public static Command Make()
    {
        var file = DescriptionFile.Argument();
        return AccountVerbs.Make(
            "diff",
            Common.WithExamples(
                "Tell what publishing a description would change: + for what is new, - for what is gone, ~ for what is another.",
                "cete service diff recipes.conf"),
            [file],
            async (client, parsed, json, stop) =>
            {
                var (descriptor, code) = DescriptionFile.Open(parsed.GetRequiredValue(file));
                if (descriptor is null)
                {
                    return code;
                }

                var compared = await Comparison.MakeAsync(new ServicesClient(client), descriptor, stop);
                return compared.Succeeded ? Show(descriptor.Name, compared.Value, json) : ExitCodes.Say(compared.Failure);
            });
    }

    private static int Show(string service, Comparison compared, bool json)
    {
        foreach (var line in compared.Lines)
        {
            if (json)
            {
                JsonOut.Line(line, OutputJson.Default.DiffLine);
            }
            else
            {
                Console.WriteLine(EntryName.Show(line.ToString()));
            }
        }

        if (!json && compared.Lines.Count == 0)
        {
            Console.WriteLine(
                compared.Edition is { } edition ? $"Nothing would change: edition {edition} is the same." : $"There is no service '{service}' yet.");
        }

        return ExitCodes.Ok;
    }
}
