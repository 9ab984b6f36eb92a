using System.CommandLine;
using System.Runtime.InteropServices;
using Cete.App.Compose;
using Cete.App.Compose.Community;
using Cete.App.Output;
using Cete.Configuration;
using Cete.Core;
using Cete.Trust;

namespace Cete.App.Verbs;

/// <summary><c>cete node</c>: runs a node until it is told to stop. <c>cete join</c>: the same, for a node that joins by a link.</summary>
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
        var options = new Options();
        var verb = new Command("node", Common.WithExamples(
            "Run a node of a community, until Ctrl-C. Files with settings are read again when they change, and on SIGHUP.",
            "cete node --create cooks --data ~/cete        a new community",
            "cete node --join example.org:2384 --token T   a further node of a community, by a token of 'cete token create'",
            "cete node --data ~/cete                       the same node again",
            "cete node --data ~/cete --http 127.0.0.1:0    on a free port",
            "cete node -D cete.groups.readers=4            with a setting; 'cete config show' lists them")) { create, join, token, DrainVerb.Make(), CommunityVerb.MakeRemove() };
        options.AddTo(verb);
        verb.SetAction((parsed, stop) => RunAsync(
            Opening(parsed.GetValue(create), parsed.GetRequiredValue(join), parsed.GetValue(token), options.NameOf(parsed)), options, parsed, stop));
        return verb;
    }

    /// <summary>The verb for people who were sent a link.</summary>
    public static Command MakeJoin()
    {
        var link = new Argument<string>("LINK") { Description = "The link, or the token in it, as 'cete token create' showed it." };
        var options = new Options();
        var verb = new Command("join", Common.WithExamples(
            "Join a community by a link, and run as a node of it, until Ctrl-C. Start it again with 'cete node'.",
            "cete join cete:join/cete1... --data ~/cete")) { link };
        options.AddTo(verb);
        verb.SetAction((parsed, stop) => RunAsync(Opening(null, [], parsed.GetRequiredValue(link), options.NameOf(parsed)), options, parsed, stop));
        return verb;
    }

    /// <summary>Whether a command line, not read yet, looks like that of a node that is to join.</summary>
    public static bool IsJoin(string[] args) =>
        args is ["join", ..] || (args is ["node", ..] && args.Any(argument => argument.StartsWith("--token", StringComparison.Ordinal)));

    private static Outcome<NodeOpening> Opening(string? create, string[] join, string? token, string? name)
    {
        if (create is not null)
        {
            return token is not null || join.Length > 0
                ? new Failure(FailureKind.Invalid, "a node either makes a community (--create) or joins one (--join, --token)")
                : EntryName.Check(create) is not null || create.Trim().Length == 0 ? new Failure(FailureKind.Invalid,
                    $"'{EntryName.Show(create)}' cannot be the name of a community; use 1 to 255 bytes of plain text without '/'")
                : new NodeOpening.New(create, name, MustExport: true);
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

    private static Task<int> RunAsync(Outcome<NodeOpening> opening, Options options, ParseResult parsed, CancellationToken stop) =>
        opening.Succeeded ? RunAsync(options.Read(parsed, opening.Value), stop) : Task.FromResult(ExitCodes.Say(opening.Failure));

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
        NodeLog.Follow(live);
        var started = await NodeHost.StartAsync(wanted.Data, wanted.Opening, live, Common.Logins(), stop);
        if (!started.Succeeded)
        {
            return ExitCodes.Say(started.Failure);
        }

        await using var host = started.Value;
        var reload = SettingsReload.Start(host.Actors, loader, live, text => NodeLog.SettingsSaid(NodeLog.Log, text));
        using var hangUp = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            reload.Reload();
            host.ReloadCertificate();
        });
        NodeLog.Ready(NodeLog.Log, host.Facts.Node, host.Facts.Community, host.Address, host.FabricAddress);
        SayReady(host, wanted.Json);

        // Being told to stop is how a node ends well.
        var stopped = Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop).ContinueWith(_ => { }, TaskScheduler.Default);
        var isTold = await Task.WhenAny(stopped, host.Failed) == stopped;
        NodeLog.Stopping(NodeLog.Log);
        return isTold ? ExitCodes.Ok : ExitCodes.Say(await host.Failed);
    }

    private static void SayReady(NodeHost host, bool json)
    {
        if (json)
        {
            JsonOut.Line(
                new NodeReady(host.Facts.Community, host.Facts.Node, host.Address.AbsoluteUri, host.FabricAddress, host.Fingerprint),
                OutputJson.Default.NodeReady);
            return;
        }

        Console.WriteLine($"{host.Facts.Node} of community '{host.Facts.Community}' is ready; Ctrl-C stops it.");
        Console.WriteLine($"  open      {host.Address}");
        Console.WriteLine($"  put in    cete put --node {host.Address} FILE-OR-FOLDER");
        Console.WriteLine($"  more      cete token create --node {host.Address}, for a further node; this one is met at {host.FabricAddress}");
        if (host.Fingerprint is { } fingerprint)
        {
            Console.WriteLine($"  https     its certificate has the fingerprint {fingerprint}; clients elsewhere name it by --ca");
        }

        if (host.Founded is { } founded)
        {
            Console.WriteLine();
            Console.WriteLine($"The community's root key is in {founded.RootKeyFile}, encrypted by the passphrase");
            Console.WriteLine($"  {founded.Passphrase}");
            Console.WriteLine("Keep both offline and apart from each other: who has them can bring the community back, or take it over. The passphrase is not told again.");
        }
    }

    /// <summary>What can be said of a node however it comes to be.</summary>
    private sealed class Options
    {
        private readonly Option<string?> _name = new("--name")
        {
            Description = "What people are to call a new node; the name of the machine otherwise.",
            HelpName = "NAME",
        };

        private readonly Option<string?> _fabric = new("--fabric")
        {
            Description = "Where other nodes reach this one, 127.0.0.1:2384 unless the settings say otherwise; 0.0.0.0:2384 for all addresses of the machine.",
            HelpName = "HOST:PORT",
        };

        private readonly Option<string?> _http = new("--http")
        {
            Description = $"Where to listen, {Common.DefaultListen} unless the settings say otherwise; people elsewhere are answered by TLS, see cete.http.tls. "
                + "Port 0 takes a free one.",
            HelpName = "HOST:PORT",
        };

        private readonly Option<string?> _config = new("--config")
        {
            Description = "File with settings; 'hocon/reference.conf' explains them all.",
            HelpName = "FILE",
        };

        private readonly Option<string> _data = Common.Data();
        private readonly Option<string[]> _define = Common.Define();
        private readonly Option<bool> _json = Common.Json();

        public void AddTo(Command verb)
        {
            foreach (var option in new Option[] { _name, _data, _http, _fabric, _config, _define, _json })
            {
                verb.Add(option);
            }
        }

        public string? NameOf(ParseResult parsed) => parsed.GetValue(_name);

        public Wanted Read(ParseResult parsed, NodeOpening opening)
        {
            var definitions = parsed.Definitions(_define);
            if (parsed.GetValue(_http) is { } listen)
            {
                definitions.Add(Definition.OfText(HttpSettings.ListenPath, listen, "--http"));
            }

            if (parsed.GetValue(_fabric) is { } meet)
            {
                definitions.Add(Definition.OfText(FabricSettings.ListenPath, meet, "--fabric"));
            }

            return new Wanted(opening, Path.GetFullPath(parsed.GetRequiredValue(_data)), parsed.GetValue(_config), definitions, parsed.GetValue(_json));
        }
    }
}
