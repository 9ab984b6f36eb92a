using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Cete.Fuzzing;

/// <summary>
/// With arguments of ours, fuzzes; else it is what a test project of xunit is: the two calls below are those of the entry point that xunit would
/// generate.
/// </summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (FuzzArguments.AreMeant(args))
        {
            return FuzzRun.Run(args, Console.Out);
        }

        return args.Any(arg => arg is "--server" or "--internal-msbuild-node")
            ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : await ConsoleRunner.Run(args);
    }
}
