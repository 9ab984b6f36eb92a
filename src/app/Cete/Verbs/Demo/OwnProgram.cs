using System.Diagnostics;

namespace Cete.App.Verbs.Demo;

/// <summary>This program, run again as processes of their own.</summary>
internal static class OwnProgram
{
    /// <summary>Starts it with what it says redirected.</summary>
    public static Process Start(IEnumerable<string> arguments)
    {
        var program = Environment.ProcessPath!;
        var isHost = Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in isHost ? arguments.Prepend(Path.Combine(AppContext.BaseDirectory, "cete.dll")) : arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}
