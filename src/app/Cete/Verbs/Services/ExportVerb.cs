using System.CommandLine;
using Cete.App.Output;
using Cete.App.Verbs.Accounts;
using Cete.Hocon;
using Cete.Net;

namespace Cete.App.Verbs.Services;

/// <summary>What <c>cete service export</c> tells a script that has it write a file.</summary>
internal sealed record DescriptionWritten(string File, string Service, long Edition);

/// <summary><c>cete service export</c>.</summary>
internal static class ExportVerb
{
    public static Command Make()
    {
        var (name, edition) = (ShowVerb.NameArgument(), ShowVerb.EditionOption());
        var file = new Argument<string?>("FILE") { Description = "Where to write it; to the output when absent.", Arity = ArgumentArity.ZeroOrOne };
        return AccountVerbs.Make(
            "export",
            Common.WithExamples(
                "Write the description of a service as a file that can be changed and published. Comments of its author did not travel.",
                "cete service export library library.conf",
                "cete service export library --edition 2 | less"),
            [name, file, edition],
            async (client, parsed, json, stop) =>
            {
                var found = await new ServicesClient(client).DescribeAsync(parsed.GetRequiredValue(name), parsed.GetValue(edition), stop);
                if (!found.Succeeded)
                {
                    return ExitCodes.Say(found.Failure);
                }

                var text = HoconWriter.ToHocon(DescriptionFile.Tree(Comparison.JsonOf(found.Value)));
                if (parsed.GetValue(file) is not { } path)
                {
                    Console.Write(text);
                    return ExitCodes.Ok;
                }

                if (NewFile.Write(path, text) is { } failure)
                {
                    return ExitCodes.Say(failure);
                }

                if (json)
                {
                    JsonOut.Line(new DescriptionWritten(path, found.Value.Name, found.Value.Edition), OutputJson.Default.DescriptionWritten);
                }
                else
                {
                    Console.WriteLine($"{path}: {found.Value.Name}, edition {found.Value.Edition}");
                }

                return ExitCodes.Ok;
            });
    }
}
