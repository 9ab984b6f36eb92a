using System.CommandLine;
using Cete.App.Agent;
using Cete.App.Compose;
using Cete.App.Output;
using Cete.App.Verbs.Demo;
using Cete.Configuration;

namespace Cete.App.Verbs;

/// <summary><c>cete demo</c>: a whole community on this machine, doing its main job on real files.</summary>
internal static class DemoVerb
{
    public static Command Make()
    {
        var once = new Option<bool>("--once") { Description = "End when all is shown: 0 if it all worked, else what failed." };
        var define = Common.Define();
        var verb = new Command("demo", Common.WithExamples(
            "Start a community of three nodes in a temporary folder, fill it with real files, find and fetch some, verify them, register users, kill a node; then stay, with addresses "
            + "to open.",
            "cete demo",
            "cete demo --once")) { once, define };
        verb.SetAction((parsed, stop) => RunAsync(parsed.GetValue(once), parsed.Definitions(define), parsed.GetRequiredValue(define), stop));
        return verb;
    }

    private static async Task<int> RunAsync(bool once, IReadOnlyList<Definition> definitions, IReadOnlyList<string> said, CancellationToken stop)
    {
        var load = SettingsFiles.Loader(null, null, definitions).Load();
        var code = SettingsOutput.Say(load);
        if (load.Settings is null)
        {
            return code;
        }

        // Whoever watches a demo keeps no agent of it.
        Environment.SetEnvironmentVariable(AgentPlace.Variable, "off");
        var folder = Directory.CreateTempSubdirectory("cete-demo-").FullName;
        try
        {
            return await RunAsync(folder, said, once, stop);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> RunAsync(string folder, IReadOnlyList<string> definitions, bool once, CancellationToken stop)
    {
        await using var nodes = new DemoNodes(folder, definitions);
        if (await nodes.StartFirstAsync(stop) is { } unstarted)
        {
            return ExitCodes.Say(unstarted);
        }

        Console.WriteLine($"Community 'demo' runs on {nodes.Address} (data in {folder})");
        using var login = await DemoLogin.FindAsync(nodes, stop);
        var script = new DemoScript(nodes, folder);
        var failure = await script.RunAsync(stop);
        if (failure is not null)
        {
            Console.Error.WriteLine($"The demo failed: {failure.Message}");
            return ExitCodes.Of(failure);
        }

        Console.WriteLine();
        Console.WriteLine($"All of it worked. Open {nodes.Address} in a browser, or try:");
        Console.WriteLine($"  cete ls --node {nodes.Address} /dotnet");
        Console.WriteLine($"  cete search --node {nodes.Address} json");
        Console.WriteLine($"  cete get --node {nodes.Address} /archive/dotnet.tar --to /tmp");
        Console.WriteLine($"  cete open library --node {nodes.Address}                  # a service that a file describes, by the keyboard");
        Console.WriteLine($"  cete service show library --node {nodes.Address}          # its page is {new Uri(nodes.Address, "/services/library")}");
        Console.WriteLine($"  cete whoami --node {nodes.Address}                        # this terminal is logged in as its administrator");
        if (!once)
        {
            Console.WriteLine("Ctrl-C ends it and removes its folder.");
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop).ContinueWith(_ => { }, TaskScheduler.Default);
        }

        return ExitCodes.Ok;
    }
}
