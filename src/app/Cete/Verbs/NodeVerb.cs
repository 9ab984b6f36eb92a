using System.CommandLine;
using System.Runtime.InteropServices;
using Cete.App.Compose;
using Cete.App.Compose.Community;
using Cete.App.Output;
using Cete.Configuration;
using Cete.Core;
using Cete.Trust;

namespace Cete.App.Verbs;

/// <summary><c>cete node</c>: runs a node until it is told to stop.</summary>
internal static class NodeVerb
{
    private sealed record Wanted(NodeOpening Opening, string Data, string? Config, IReadOnlyList<Definition> Definitions, bool Json);

    public static Command Make()
    {
        var create = new Option<string?>("--create") { Description = "Make a new community of this name, with this as its first node.", HelpName = "NAME" };
        var join = new Option<string[]>("--join")
        {
            Description = "Join the community of the token by a node at this address; may be repeated. Without it the token's own addresses are tried.",
            HelpName = "HOST:PORT",
            Arity = ArgumentArity.OneOrMore,
            DefaultValueFactory = _ => [],
        };
        var token = new Option<string?>("--token") { Description = "Token that lets this node in, from 'cete token create'.", HelpName = "TOKEN" };
        var name = new Option<string?>("--name") { Description = "What people are to call this node; the name of the machine otherwise.", HelpName = "NAME" };
        var fabric = new Option<string?>("--fabric")
        {
            Description = "Where other nodes reach this one, 127.0.0.1:2384 unless the settings say otherwise; 0.0.0.0:2384 for all addresses of the machine.",
            HelpName = "HOST:PORT",
        };
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
            "cete node --join example.org:2384 --token T   a further node of a community, by a token of 'cete token create'",
            "cete node --data ~/cete                       the same node again",
            "cete node --data ~/cete --http 127.0.0.1:0    on a free port",
            "cete node -D cete.groups.readers=4            with a setting; 'cete config show' lists them")) { create, join, token, name, data, http, fabric, config, define, json };
        verb.SetAction((parsed, stop) =>
        {
            var definitions = parsed.Definitions(define);
            if (parsed.GetValue(http) is { } listen)
            {
                definitions.Add(Definition.OfText(HttpSettings.ListenPath, listen, "--http"));
            }

            if (parsed.GetValue(fabric) is { } meet)
            {
                definitions.Add(Definition.OfText(FabricSettings.ListenPath, meet, "--fabric"));
            }

            var opening = Opening(parsed.GetValue(create), parsed.GetRequiredValue(join), parsed.GetValue(token), parsed.GetValue(name));
            var folder = Path.GetFullPath(parsed.GetRequiredValue(data));
            return opening.Succeeded
                ? RunAsync(new Wanted(opening.Value, folder, parsed.GetValue(config), definitions, parsed.GetValue(json)), stop)
                : Task.FromResult(ExitCodes.Say(opening.Failure));
        });
        return verb;
    }

    private static Outcome<NodeOpening> Opening(string? create, string[] join, string? token, string? name)
    {
        if (create is not null)
        {
            return token is not null || join.Length > 0 ? new Failure(FailureKind.Invalid, "a node either makes a community (--create) or joins one (--join, --token)")
                : EntryName.Check(create) is not null || create.Trim().Length == 0 ? new Failure(FailureKind.Invalid,
                    $"'{EntryName.Show(create)}' cannot be the name of a community; use 1 to 255 bytes of plain text without '/'")
                : new NodeOpening.New(create, MustExport: true);
        }

        if (token is null)
        {
            return join.Length > 0
                ? new Failure(FailureKind.Invalid, "to join a community takes a token too: --token T, from 'cete token create' on a node of it")
                : new NodeOpening.Existing();
        }

        return JoinToken.Parse(token).Then(read => (NodeOpening)new NodeOpening.Joining(
            read, [.. join, .. read.Addresses.Select(address => address.ToString())], name ?? NodeFolder.DefaultName));
    }

    private static async Task<int> RunAsync(Wanted wanted, CancellationToken stop)
    {
        var loader = SettingsFiles.Loader(wanted.Data, wanted.Config, wanted.Definitions);
        var load = loader.Load();
        var code = SettingsOutput.Say(load);
        if (load.Settings is null)
        {
            return code;
        }

        var live = new LiveSettings<EffectiveSettings>(load.Settings);
        var started = await NodeHost.StartAsync(wanted.Data, wanted.Opening, live, stop);
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
        var stopped = Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop).ContinueWith(_ => { }, TaskScheduler.Default);
        return await Task.WhenAny(stopped, host.Failed) == stopped ? ExitCodes.Ok : ExitCodes.Say(await host.Failed);
    }

    private static void SayReady(NodeHost host, bool json)
    {
        if (json)
        {
            JsonOut.Line(new NodeReady(host.Facts.Community, host.Facts.Node, host.Address.AbsoluteUri, host.FabricAddress), OutputJson.Default.NodeReady);
            return;
        }

        Console.WriteLine($"{host.Facts.Node} of community '{host.Facts.Community}' is ready; Ctrl-C stops it.");
        Console.WriteLine($"  open      {host.Address}");
        Console.WriteLine($"  put in    cete put --node {host.Address} FILE-OR-FOLDER");
        Console.WriteLine($"  more      cete token create --node {host.Address}, for a further node; this one is met at {host.FabricAddress}");
        if (host.Founded is { } founded)
        {
            Console.WriteLine();
            Console.WriteLine($"The community's root key is in {founded.RootKeyFile}, encrypted by the passphrase");
            Console.WriteLine($"  {founded.Passphrase}");
            Console.WriteLine("Keep both offline and apart from each other: who has them can bring the community back, or take it over. The passphrase is not told again.");
        }
    }
}
