using System.CommandLine;
using System.CommandLine.Invocation;
using Cete.Core;

namespace Cete.App.Output;

/// <summary>Runs a command line; whatever goes wrong becomes a line for people and an exit code for scripts.</summary>
internal static class Entrance
{
    /// <summary>A node closes its stores after Ctrl-C; this is how long it may take.</summary>
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        // A name that begins with '@' is a name here, not a file with more arguments.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync($"cete: {EntryName.Show(error.Message)}");
            }

            await Console.Error.WriteLineAsync($"Try 'cete {(parsed.CommandResult.Command is RootCommand ? string.Empty : parsed.CommandResult.Command.Name + " ")}--help'.");
            return ExitCodes.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = StopDeadline, EnableDefaultExceptionHandler = false });
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Cancelled;
        }
        catch (Exception bug) when (Environment.GetEnvironmentVariable("CETE_DEBUG") is null)
        {
            await Console.Error.WriteLineAsync($"cete: a mistake of the program's own: {bug.GetType().Name}: {bug.Message}");
            await Console.Error.WriteLineAsync("Please report it. With CETE_DEBUG=1 in the environment it shows where it happened.");
            return ExitCodes.Bug;
        }
    }
}
