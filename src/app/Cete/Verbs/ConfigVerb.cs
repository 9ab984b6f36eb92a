using System.CommandLine;
using Cete.App.Compose;
using Cete.App.Output;
using Cete.Hocon;

namespace Cete.App.Verbs;

/// <summary><c>cete config</c>: settings, as they are understood.</summary>
internal static class ConfigVerb
{
    public static Command Make() => new("config", "Settings, as they are understood.") { MakeShow() };

    private static Command MakeShow()
    {
        var file = new Argument<string>("file") { Description = "A HOCON file.", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "As JSON; otherwise as HOCON." };
        var verb = new Command("show", Common.WithExamples(
            "Show a HOCON file as it is understood: includes read, substitutions made, values merged. Mistakes are named by file, line and column.",
            "cete config show hocon/reference.conf --json")) { file, json };
        verb.SetAction(parsed =>
        {
            var document = HoconFiles.Parse(parsed.GetRequiredValue(file));
            var resolved = document.Succeeded ? HoconFiles.Resolve(document.Value) : document.Failure;
            if (!resolved.Succeeded)
            {
                return ExitCodes.Say(resolved.Failure);
            }

            Console.WriteLine(parsed.GetValue(json) ? HoconWriter.ToJson(resolved.Value, indented: true) : HoconWriter.ToHocon(resolved.Value));
            return ExitCodes.Ok;
        });
        return verb;
    }
}
