using System.CommandLine;
using System.Net;
using Cete.App.Compose;
using Cete.App.Compose.Community;
using Cete.App.Output;
using Cete.App.Verbs.Demo;
using Cete.Configuration;
using Cete.Core;

namespace Cete.App.Verbs;

/// <summary><c>cete demo</c>: a whole community on this machine, doing its main job on real files.</summary>
internal static class DemoVerb
{
    public static Command Make()
    {
        var once = new Option<bool>("--once") { Description = "End when all is shown: 0 if it all worked, else what failed." };
        var define = Common.Define();
        var verb = new Command("demo", Common.WithExamples(
            "Start a community in a temporary folder, fill it with real files, find and fetch some through other processes, verify them; then stay, with addresses to open.",
            "cete demo",
            "cete demo --once")) { once, define };
        verb.SetAction((parsed, stop) => RunAsync(parsed.GetValue(once), parsed.Definitions(define), stop));
        return verb;
    }

    private static async Task<int> RunAsync(bool once, IReadOnlyList<Definition> definitions, CancellationToken stop)
    {
        var load = SettingsFiles.Loader(null, null, definitions).Load();
        var code = SettingsOutput.Say(load);
        if (load.Settings is not { } settings)
        {
            return code;
        }

        var folder = Directory.CreateTempSubdirectory("cete-demo-").FullName;
        try
        {
            return await RunAsync(folder, settings, once, stop);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> RunAsync(string folder, EffectiveSettings settings, bool once, CancellationToken stop)
    {
        var started = await StartNodeAsync(Path.Combine(folder, "node"), settings, stop);
        if (!started.Succeeded)
        {
            return ExitCodes.Say(started.Failure);
        }

        await using var host = started.Value;
        Console.WriteLine($"Community '{host.Facts.Community}' runs on {host.Address} (data in {folder})");
        var script = new DemoScript(host.Address, folder);
        var failure = await script.RunAsync(stop);
        if (failure is not null)
        {
            Console.Error.WriteLine($"The demo failed: {failure.Message}");
            return ExitCodes.Of(failure);
        }

        Console.WriteLine();
        Console.WriteLine($"All of it worked. Open {host.Address} in a browser, or try:");
        Console.WriteLine($"  cete ls --node {host.Address} /dotnet");
        Console.WriteLine($"  cete search --node {host.Address} json");
        Console.WriteLine($"  cete get --node {host.Address} /archive/dotnet.tar --to /tmp");
        if (!once)
        {
            Console.WriteLine("Ctrl-C ends it and removes its folder.");
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop).ContinueWith(_ => { }, TaskScheduler.Default);
        }

        return ExitCodes.Ok;
    }

    private static async Task<Outcome<NodeHost>> StartNodeAsync(string data, EffectiveSettings settings, CancellationToken stop)
    {
        var usual = await NodeHost.StartAsync(data, new NodeOpening.New("demo", null, MustExport: false), new LiveSettings<EffectiveSettings>(settings), stop);

        // A node may be running where the demo would like to listen; any other port does as well.
        var free = new IPEndPoint(IPAddress.Loopback, 0);
        var values = settings.Values with { Http = settings.Values.Http with { Listen = free }, Fabric = settings.Values.Fabric with { Listen = free } };
        return usual.Failure is { Kind: FailureKind.Conflict }
            ? await NodeHost.StartAsync(data, new NodeOpening.Existing(), new LiveSettings<EffectiveSettings>(settings with { Values = values }), stop)
            : usual;
    }
}
