using System.CommandLine;
using Cete.App.Compose;
using Cete.App.Output;
using Cete.Core;

namespace Cete.App.Verbs;

/// <summary><c>cete node</c>: runs a node until it is told to stop.</summary>
internal static class NodeVerb
{
    public static Command Make()
    {
        var create = new Option<string?>("--create") { Description = "Make a new community of this name, with this as its first node.", HelpName = "NAME" };
        var data = new Option<string>("--data", "-d")
        {
            Description = "Folder in which the node keeps everything.",
            HelpName = "DIR",
            DefaultValueFactory = _ => DefaultData()
        };
        var http = new Option<string?>("--http")
        {
            Description = $"Where to listen, {Common.DefaultListen} unless the settings say otherwise; loopback only until there are accounts. Port 0 takes a free one.",
            HelpName = "HOST:PORT",
        };
        var config = new Option<string?>("--config") { Description = "File with settings; 'hocon/reference.conf' explains them all.", HelpName = "FILE" };
        var json = Common.Json();
        Common.MustNotBeEmpty(data);
        var verb = new Command("node", Common.WithExamples(
            "Run a node of a community, until Ctrl-C.",
            "cete node --create cooks --data ~/cete        a new community",
            "cete node --data ~/cete                       the same node again",
            "cete node --data ~/cete --http 127.0.0.1:0    on a free port")) { create, data, http, config, json };
        verb.SetAction((parsed, stop) => RunAsync(
            parsed.GetValue(create), parsed.GetRequiredValue(data), parsed.GetValue(http), parsed.GetValue(config), parsed.GetValue(json), stop));
        return verb;
    }

    private static async Task<int> RunAsync(string? create, string data, string? http, string? config, bool json, CancellationToken stop)
    {
        if (create is not null && (EntryName.Check(create) is not null || create.Trim().Length == 0))
        {
            return ExitCodes.Say(new Failure(FailureKind.Invalid,
                $"'{EntryName.Show(create)}' cannot be the name of a community; use 1 to 255 bytes of plain text without '/'"));
        }

        var folder = Path.GetFullPath(data);
        var settings = SettingsFiles.Read(folder, config);
        if (!settings.Succeeded)
        {
            return ExitCodes.Say(settings.Failure);
        }

        var effective = http is null ? settings.Value : settings.Value with { HttpListen = http };
        var started = await NodeHost.StartAsync(folder, create, effective, stop);
        if (!started.Succeeded)
        {
            return ExitCodes.Say(started.Failure);
        }

        await using var host = started.Value;
        if (json)
        {
            JsonOut.Line(new NodeReady(host.Facts.Community, host.Facts.Node, host.Address.AbsoluteUri), OutputJson.Default.NodeReady);
        }
        else
        {
            Console.WriteLine($"{host.Facts.Node} of community '{host.Facts.Community}' is ready; Ctrl-C stops it.");
            Console.WriteLine($"  open      {host.Address}");
            Console.WriteLine($"  put in    cete put --node {host.Address} FILE-OR-FOLDER");
        }

        // Being told to stop is how a node ends well.
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop).ContinueWith(_ => { }, TaskScheduler.Default);
        return ExitCodes.Ok;
    }

    private static string DefaultData() =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "cete");
}
