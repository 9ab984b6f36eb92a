using System.Diagnostics;
using Cete.App.Output;
using Cete.Core;

namespace Cete.App.Verbs;

/// <summary>This program, run again as processes of their own.</summary>
internal static class OwnProgram
{
    /// <summary>Starts it with what it says redirected.</summary>
    /// <param name="arguments">Its command line.</param>
    /// <param name="settings">Folder of another user's settings; null for this one's.</param>
    /// <param name="variables">Stand in its environment, unless the user set them himself.</param>
    public static Process Start(IEnumerable<string> arguments, string? settings = null, IReadOnlyDictionary<string, string>? variables = null)
    {
        var program = Environment.ProcessPath!;
        var isHost = Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in isHost ? arguments.Prepend(Path.Combine(AppContext.BaseDirectory, "cete.dll")) : arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment.TryAdd(name, value);
        }

        if (settings is not null)
        {
            start.Environment[Common.SettingsVariable] = settings;
        }

        return Process.Start(start)!;
    }

    /// <summary>Runs it; what it says, or how it failed.</summary>
    public static async Task<Outcome<string>> CallAsync(string[] arguments, CancellationToken stop, string? settings = null)
    {
        using var process = Start(arguments, settings);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(stop);
            var errors = process.StandardError.ReadToEndAsync(stop);
            await process.WaitForExitAsync(stop);
            return process.ExitCode == ExitCodes.Ok
                ? await output
                : new Failure(FailureKind.Unavailable, $"'cete {string.Join(' ', arguments)}' ended with {process.ExitCode}: {await errors}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
