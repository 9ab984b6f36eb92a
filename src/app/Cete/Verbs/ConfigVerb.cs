using System.CommandLine;
using Cete.App.Compose;
using Cete.App.Verbs.Config;
using Cete.Configuration;

namespace Cete.App.Verbs;

/// <summary><c>cete config</c>: settings, as they are understood.</summary>
internal static class ConfigVerb
{
    public static Command Make() => new("config", Common.WithExamples(
        "Settings: whether they are right, what they are and who says so. Of two that say something the later one wins: hocon/reference.conf, "
        + "cete.conf in the node's folder, a file that is named, the environment (CETE_HTTP_LISTEN for cete.http.listen), -D.",
        "cete config check                          the settings of this user's node",
        "cete config show                           all of them, with where each comes from")) { MakeCheck(), MakeShow() };

    private static Command MakeCheck()
    {
        var file = File("A file with settings.");
        var strict = new Option<bool>("--strict") { Description = "End with 2 for warnings too." };
        var (data, define, json) = (Data(), Common.Define(), Common.Json());
        var verb = new Command("check", Common.WithExamples(
            "Check settings as a node would read them; each mistake is named by file, line and column. Ends with 0 when there is none, 2 when there are some, "
            + "3 when the file is not there, 9 when it cannot be read. A key under 'cete' that is no setting is a warning.",
            "cete config check hocon/reference.conf",
            "cete config check --data ~/cete --strict",
            "cete config check my.conf -D cete.groups.readers=4 --json")) { file, data, define, strict, json };
        verb.SetAction(parsed => ConfigCheck.Run(Loader(parsed, file, data, define), parsed.GetValue(strict), parsed.GetValue(json)));
        return verb;
    }

    private static Command MakeShow()
    {
        var file = File("A HOCON file; without --data it is shown as it is, whatever it holds.");
        var origins = new Option<bool>("--origins") { Description = "One value a line, with where it comes from; always so without --json when settings are shown." };
        var json = new Option<bool>("--json") { Description = "As JSON; otherwise as HOCON." };
        var (data, define) = (Data(), Common.Define());
        var verb = new Command("show", Common.WithExamples(
            "Show the settings of a node and where each comes from; or any HOCON file as it is understood: includes read, substitutions made, values merged.",
            "cete config show --data ~/cete             the settings that count",
            "cete config show -D cete.groups.readers=4",
            "cete config show hocon/reference.conf --json",
            "cete config show my.conf --origins")) { file, data, define, origins, json };
        verb.SetAction(parsed => parsed.GetValue(file) is { } path && parsed.GetValue(data) is null
            ? ConfigShow.File(path, parsed.Definitions(define), parsed.GetValue(origins), parsed.GetValue(json))
            : ConfigShow.Settings(Loader(parsed, file, data, define).Load(), parsed.GetValue(origins), parsed.GetValue(json)));
        return verb;
    }

    private static Argument<string?> File(string description) =>
        new("file") { Description = description, HelpName = "FILE", Arity = ArgumentArity.ZeroOrOne };

    private static Option<string?> Data()
    {
        var data = new Option<string?>("--data", "-d") { Description = "Folder of a node, whose cete.conf counts too; the usual one when no file is named.", HelpName = "DIR" };
        Common.MustNotBeEmpty(data);
        return data;
    }

    private static SettingsLoader Loader(ParseResult parsed, Argument<string?> file, Option<string?> data, Option<string[]> define)
    {
        var (named, folder) = (parsed.GetValue(file), parsed.GetValue(data));
        return SettingsFiles.Loader(folder ?? (named is null ? Common.DefaultData() : null), named, parsed.Definitions(define));
    }
}
