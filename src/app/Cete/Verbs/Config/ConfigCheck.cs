using Cete.App.Output;
using Cete.Configuration;
using Cete.Core;
using Cete.Hocon;

namespace Cete.App.Verbs.Config;

/// <summary>What <c>cete config check</c> tells a script.</summary>
internal sealed record CheckReport(bool Ok, int Settings, IReadOnlyList<CheckLine> Problems, IReadOnlyList<CheckLine> Warnings);

/// <summary>One finding; line and column are 0 where no file is behind it.</summary>
internal sealed record CheckLine(string Source, int Line, int Column, string Message);

/// <summary><c>cete config check</c>. Its findings are its output; a file that is not there is said on the error stream.</summary>
internal static class ConfigCheck
{
    public static int Run(SettingsLoader loader, bool strict, bool json)
    {
        var load = loader.Load();
        var isRefused = strict && load.Warnings.Count > 0;
        var code = load.Problems.Count > 0 ? ExitCodes.Of(new Failure(load.Kind, string.Empty)) : isRefused ? ExitCodes.Usage : ExitCodes.Ok;
        if (json)
        {
            var report = new CheckReport(code == ExitCodes.Ok, load.Settings?.List.Count ?? 0, Lines(load.Problems), Lines(load.Warnings));
            JsonOut.Line(report, OutputJson.Default.CheckReport);
            return code;
        }

        if (load.Kind != FailureKind.Invalid)
        {
            return SettingsOutput.Say(load);
        }

        foreach (var problem in load.Problems)
        {
            Console.WriteLine(EntryName.Show(SettingsLoad.Describe(problem)));
        }

        foreach (var warning in load.Warnings)
        {
            Console.WriteLine(EntryName.Show($"{(warning with { Message = "warning: " + warning.Message })}"));
        }

        if (load.Settings is { } settings)
        {
            Console.WriteLine(EntryName.Show($"{settings.List.Count} settings are right; read: {string.Join(", ", load.Sources)}"));
        }

        return code;
    }

    private static List<CheckLine> Lines(IEnumerable<HoconError> errors) => [.. errors.Select(e => new CheckLine(e.Source, e.Line, e.Column, e.Message))];
}
