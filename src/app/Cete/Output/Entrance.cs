using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Cete.Core;

namespace Cete.App.Output;

/// <summary>Runs a command line; whatever goes wrong becomes a line for people and an exit code for scripts.</summary>
internal static class Entrance
{
    /// <summary>A node closes its stores after Ctrl-C; this is how long it may take.</summary>
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        try
        {
            // A name that begins with '@' is a name here, not a file with more arguments.
            var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            string[] errors = parsed.Action is ParseErrorAction ? [.. parsed.Errors.Select(error => error.Message).Distinct()]
                : parsed.Action is HelpAction ? []
                : [.. UnknownOptions(parsed).Select(name => $"there is no option '{name}'; a name or word that begins with '-' stands after '--'")];
            if (errors.Length > 0)
            {
                return await RefuseAsync(parsed, errors);
            }

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

    /// <summary>Arguments that look like options: the parser takes a mistyped option for one file more.</summary>
    private static IEnumerable<string> UnknownOptions(ParseResult parsed)
    {
        var arguments = parsed.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens).ToHashSet(ReferenceEqualityComparer.Instance);
        return parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash)
            .Where(token => token.Value is ['-', _, ..] && arguments.Contains(token))
            .Select(token => token.Value);
    }

    private static async Task<int> RefuseAsync(ParseResult parsed, string[] errors)
    {
        foreach (var error in errors)
        {
            await Console.Error.WriteLineAsync($"cete: {EntryName.Show(error)}");
        }

        var verb = string.Empty;
        for (var command = parsed.CommandResult; command.Command is not RootCommand; command = (CommandResult)command.Parent!)
        {
            verb = $"{command.Command.Name} {verb}";
        }

        await Console.Error.WriteLineAsync($"Try 'cete {verb}--help'.");
        return ExitCodes.Usage;
    }
}
