using System.CommandLine;
using System.Runtime.InteropServices;
using Cete.App.Compose;
using Cete.App.Output;
using Cete.Configuration;
using Cete.Core;

namespace Cete.App.Verbs;

/// <summary><c>cete node</c>: runs a node until it is told to stop.</summary>
internal static class NodeVerb
{
    private sealed record Wanted(string? Create, string Data, string? Config, IReadOnlyList<Definition> Definitions, bool Json);

    public static Command Make()
    {
        var create = new Option<string?>("--create") { Description = "Make a new community of this name, with this as its first node.", HelpName = "NAME" };
        var http = new Option<string?>("--http")
        {
            Description = $"Where to listen, {Common.DefaultListen} unless the settings say otherwise; loopback only until there are accounts. Port 0 takes a free one.",
            HelpName = "HOST:PORT",
        };
        var config = new Option<string?>("--config") { Description = "File with settings; 'hocon/reference.conf' explains them all.", HelpName = "FILE" };
        var (data, define, json) = (Common.Data(), Common.Define(), Common.Json());
        var verb = new Command("node", Common.WithExamples(
            "Run a node of a community, until Ctrl-C. Files with settings are read again when they change, and on SIGHUP.",
            "cete node --create cooks --data ~/cete        a new community",
            "cete node --data ~/cete                       the same node again",
            "cete node --data ~/cete --http 127.0.0.1:0    on a free port",
            "cete node -D cete.groups.readers=4            with a setting; 'cete config show' lists them")) { create, data, http, config, define, json };
        verb.SetAction((parsed, stop) =>
        {
            var definitions = parsed.Definitions(define);
            if (parsed.GetValue(http) is { } listen)
            {
                definitions.Add(Definition.OfText(HttpSettings.ListenPath, listen, "--http"));
            }

            var wanted = new Wanted(
                parsed.GetValue(create), Path.GetFullPath(parsed.GetRequiredValue(data)), parsed.GetValue(config), definitions, parsed.GetValue(json));
            return RunAsync(wanted, stop);
        });
        return verb;
    }

    private static async Task<int> RunAsync(Wanted wanted, CancellationToken stop)
    {
        if (wanted.Create is { } create && (EntryName.Check(create) is not null || create.Trim().Length == 0))
        {
            return ExitCodes.Say(new Failure(FailureKind.Invalid,
                $"'{EntryName.Show(create)}' cannot be the name of a community; use 1 to 255 bytes of plain text without '/'"));
        }

        var loader = SettingsFiles.Loader(wanted.Data, wanted.Config, wanted.Definitions);
        var load = loader.Load();
        var code = SettingsOutput.Say(load);
        if (load.Settings is null)
        {
            return code;
        }

        var live = new LiveSettings<EffectiveSettings>(load.Settings);
        var started = await NodeHost.StartAsync(wanted.Data, wanted.Create, live, stop);
        if (!started.Succeeded)
        {
            return ExitCodes.Say(started.Failure);
        }

        await using var host = started.Value;
        var reload = SettingsReload.Start(host.Actors, loader, live, SettingsOutput.Line);
        using var hangUp = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            reload.Reload();
            host.ReloadCertificate();
        });
        SayReady(host, wanted.Json);

        // Being told to stop is how a node ends well.
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop).ContinueWith(_ => { }, TaskScheduler.Default);
        return ExitCodes.Ok;
    }

    private static void SayReady(NodeHost host, bool json)
    {
        if (json)
        {
            JsonOut.Line(new NodeReady(host.Facts.Community, host.Facts.Node, host.Address.AbsoluteUri), OutputJson.Default.NodeReady);
            return;
        }

        Console.WriteLine($"{host.Facts.Node} of community '{host.Facts.Community}' is ready; Ctrl-C stops it.");
        Console.WriteLine($"  open      {host.Address}");
        Console.WriteLine($"  put in    cete put --node {host.Address} FILE-OR-FOLDER");
    }
}
