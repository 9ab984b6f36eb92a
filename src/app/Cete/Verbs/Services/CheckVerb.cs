using System.CommandLine;
using Cete.App.Output;
using Cete.Core;
using Cete.Described;

namespace Cete.App.Verbs.Services;

/// <summary>What <c>cete service check</c> tells a script of one file.</summary>
internal sealed record DescriptionReport(string File, bool Ok, string? Service, IReadOnlyList<DescriptionLine> Problems);

/// <summary>One finding; line and column are 0 where no text is behind it.</summary>
internal sealed record DescriptionLine(string Source, int Line, int Column, string Path, string Message, string Hint, bool Warning);

/// <summary><c>cete service check</c>. Its findings are its output; a file that is not there is said on the error stream.</summary>
internal static class CheckVerb
{
    /// <summary>Files of a folder that are looked at.</summary>
    private const int FilesMax = 1_000;

    public static Command Make()
    {
        var files = new Argument<string[]>("FILE|DIR") { Description = "Descriptions; of a folder all *.conf in it.", Arity = ArgumentArity.OneOrMore };
        var json = Common.Json();
        var verb = new Command("check", Common.WithExamples(
            "Tell everything that is wrong with descriptions, with file, line and column and what to do about it. Needs no node; ends with 2 where something is wrong.",
            "cete service check recipes.conf",
            "cete service check services/ --json")) { files, json };
        verb.SetAction(parsed => Run(parsed.GetRequiredValue(files), parsed.GetValue(json)));
        return verb;
    }

    private static int Run(IReadOnlyList<string> named, bool json)
    {
        var code = ExitCodes.Ok;
        foreach (var name in named)
        {
            var files = Find(name);
            if (!files.Succeeded)
            {
                code = Worse(code, ExitCodes.Say(files.Failure));
                continue;
            }

            foreach (var file in files.Value)
            {
                code = Worse(code, Check(file, json));
            }
        }

        return code;
    }

    private static int Worse(int code, int other) => code == ExitCodes.Ok ? other : code;

    private static Outcome<IReadOnlyList<string>> Find(string name)
    {
        if (!Directory.Exists(name))
        {
            return Outcome.Of<IReadOnlyList<string>>([name]);
        }

        try
        {
            string[] found = [.. Directory.EnumerateFiles(name, "*.conf").Order(StringComparer.Ordinal).Take(FilesMax)];
            return found.Length > 0
                ? Outcome.Of<IReadOnlyList<string>>(found)
                : new Failure(FailureKind.NotFound, $"there is no *.conf in {name}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new Failure(FailureKind.Forbidden, $"{name} cannot be read: {error.Message}");
        }
    }

    private static int Check(string file, bool json)
    {
        var reading = DescriptionFile.Read(file);
        if (!reading.Succeeded)
        {
            return ExitCodes.Say(reading.Failure);
        }

        var (descriptor, problems) = (reading.Value.Descriptor, reading.Value.Problems);
        if (json)
        {
            var report = new DescriptionReport(file, descriptor is not null, descriptor?.Name, [.. problems.Select(ToLine)]);
            JsonOut.Line(report, OutputJson.Default.DescriptionReport);
        }
        else
        {
            foreach (var problem in problems)
            {
                Console.WriteLine(EntryName.Show(problem.ToString()));
            }

            Console.WriteLine(EntryName.Show(
                descriptor is not null ? $"{file}: {Counts(descriptor)}; it can be published" : $"{file}: it cannot be published"));
        }

        return descriptor is not null ? ExitCodes.Ok : ExitCodes.Usage;
    }

    private static string Counts(ServiceDescriptor service) =>
        $"{service.Name} {service.Version}, {service.Records.Count} kinds of records, {service.Actions.Count} actions, {service.Hooks.Count} hooks, {service.Views.Count} views";

    private static DescriptionLine ToLine(Problem problem) =>
        new(problem.Source, problem.Line, problem.Column, problem.Path, problem.Message, problem.Hint, problem.IsWarning);
}
