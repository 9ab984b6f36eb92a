using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cete.App.Output;
using Cete.App.Verbs.Bank;
using Cete.Configuration;
using Cete.Core;
using Cete.Ledger;
using Cete.Net;
using Cete.Net.Tls;
using Cete.Ports.Payments;
using Cete.Storage;
using Cete.Storage.Local;
using Cete.Storage.Payments;
using Cete.Trust;

namespace Cete.App.Verbs;

/// <summary>Options that several verbs share.</summary>
internal static class Common
{
    /// <summary>Where a node listens unless told otherwise: 2383 is C-E-T-E on a phone.</summary>
    public const string DefaultListen = "127.0.0.1:2383";

    public static Option<Uri> Node() => new("--node", "-n")
    {
        Description = "Address of a node of the community; CETE_NODE in the environment says it for good.",
        HelpName = "URL",
        DefaultValueFactory = result =>
        {
            var text = Environment.GetEnvironmentVariable("CETE_NODE") is { Length: > 0 } set ? set : DefaultListen;
            if (TryParseAddress(text) is { } address)
            {
                return address;
            }

            // To fall back to another node than the one that was meant would put files where nobody wants them.
            result.AddError($"CETE_NODE is '{text}', which is no address of a node; it looks like http://127.0.0.1:2383");
            return null!;
        },
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : string.Empty;
            if (TryParseAddress(text) is { } address)
            {
                return address;
            }

            result.AddError($"'{text}' is no address of a node; it looks like http://127.0.0.1:2383");
            return null;
        },
    };

    /// <summary>Whom to believe over HTTPS, beside the authorities of this system.</summary>
    public static Option<TlsTrust> Trust() => new("--ca")
    {
        Description = "Certificate to trust for https, of a community's own authority or of one node, as PEM; CETE_CA in the environment says it for good.",
        HelpName = "FILE",
        DefaultValueFactory = result => Environment.GetEnvironmentVariable("CETE_CA") is { Length: > 0 } file
            ? ReadTrust(file, "CETE_CA", result.AddError)
            : TlsTrust.OfSystem,
        CustomParser = result => ReadTrust(result.Tokens.Count == 1 ? result.Tokens[0].Value : string.Empty, "--ca", result.AddError),
    };

    /// <summary>What <see cref="Trust"/> was given, for somebody who reads it later and elsewhere; null for the authorities of this system alone.</summary>
    public static string? TrustText(ParseResult parsed, Option<TlsTrust> trust)
    {
        var text = parsed.GetResult(trust)?.Tokens is [{ Value: var given }] ? given : Environment.GetEnvironmentVariable("CETE_CA");
        return string.IsNullOrEmpty(text) ? null : File.Exists(text) ? Path.GetFullPath(text) : text;
    }

    public static Option<bool> Json() => new("--json") { Description = "Print JSON for scripts, one object a line, and no progress." };

    /// <summary>A client of a community: it goes on with another of its nodes when the one that is named is gone.</summary>
    /// <param name="node">The node that is named.</param>
    /// <param name="trust">Whom to believe.</param>
    /// <param name="moved">Is told when it goes on with another one; null to say it.</param>
    public static NodeClient Connect(Uri node, TlsTrust trust, Action<Uri, Uri>? moved = null) =>
        new(node, NewSession(), trust, Book(), moved ?? SayMoved, Logins());

    /// <summary>A client of a community that shows no session, as whoever logs in.</summary>
    public static NodeClient ConnectAsGuest(Uri node, TlsTrust trust) => new(node, NewSession(), trust, Book(), SayMoved);

    /// <summary>A client of one node.</summary>
    public static NodeClient ConnectOnly(Uri node, TlsTrust trust) => new(node, NewSession(), trust, logins: Logins());

    /// <summary>The folder of this user's node.</summary>
    public static string DefaultData() =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "cete");

    /// <summary>The folder of a node.</summary>
    public static Option<string> Data()
    {
        var data = new Option<string>("--data", "-d")
        {
            Description = "Folder in which the node keeps everything.",
            HelpName = "DIR",
            DefaultValueFactory = _ => DefaultData(),
        };
        MustNotBeEmpty(data);
        return data;
    }

    /// <summary>Settings on the command line.</summary>
    public static Option<string[]> Define()
    {
        var define = new Option<string[]>("-D", "--define")
        {
            Description = "Set a setting, over what files and environment say; may be repeated.",
            HelpName = "KEY=VALUE",
            Arity = ArgumentArity.OneOrMore,
            DefaultValueFactory = _ => [],
        };
        define.Validators.Add(result =>
        {
            foreach (var failure in result.Tokens.Select(token => Definition.Parse(token.Value).Failure).OfType<Failure>())
            {
                result.AddError(failure.Message);
            }
        });
        return define;
    }

    /// <summary>What an option of <see cref="Define"/> says. An option of definitions would load their library at every start of every verb.</summary>
    public static List<Definition> Definitions(this ParseResult parsed, Option<string[]> define) =>
        [.. parsed.GetRequiredValue(define).Select(text => Definition.Parse(text).Value)];

    /// <summary>Refuses an option that is given without text, as scripts do whose variable is not set.</summary>
    public static void MustNotBeEmpty(Option option) => option.Validators.Add(result =>
    {
        if (result.Tokens.Any(token => token.Value.Length == 0))
        {
            result.AddError($"{option.Name} is empty");
        }
    });

    /// <summary>Refuses what is not a number or not within bounds. The text is looked at, since asking for the value of a bad one throws.</summary>
    public static void MustBeWithin(Option option, int min, int max) => option.Validators.Add(result =>
    {
        if (!result.Tokens.All(token =>
            int.TryParse(token.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max))
        {
            result.AddError($"{option.Name} is a number from {min} to {max}");
        }
    });

    /// <summary>Adds examples to a verb's help.</summary>
    public static string WithExamples(string description, params string[] examples) =>
        $"{description}\n\nExamples:\n  {string.Join("\n  ", examples)}";

    /// <summary>The key by which the administrator of a community is known to the tracker.</summary>
    public static Option<string> Key() => new("--key", "-k")
    {
        Description = "The administrator's key, trust/administrator.pem in the folder of the community's first node; CETE_KEY in the environment says it for good.",
        HelpName = "FILE",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("CETE_KEY") is { Length: > 0 } file
            ? file
            : new TrustFolder(DefaultData()).PathOf(TrustFolder.Administrator),
    };

    /// <summary>Speaks with a node as the administrator.</summary>
    public static async Task<int> AdministerAsync(
        ParseResult parsed, Option<string> key, Option<Uri> node, Option<TlsTrust> trust, Func<NodeClient, Task<int>> run)
    {
        return await SignAsync(parsed.GetRequiredValue(key), parsed.GetRequiredValue(node), parsed.GetRequiredValue(trust), run);
    }

    /// <summary>Speaks with a node as whoever has a key.</summary>
    public static async Task<int> SignAsync(string key, Uri node, TlsTrust trust, Func<NodeClient, Task<int>> run)
    {
        var opened = OpenKey(key);
        if (!opened.Succeeded)
        {
            return ExitCodes.Say(opened.Failure);
        }

        using var administrator = opened.Value;
        await using var client = new NodeClient(node, NewSession(), trust, Book(), SayMoved, Logins())
        {
            Administrator = administrator,
        };
        return await run(client);
    }

    /// <summary>Reads a key from a file that is its owner's alone.</summary>
    public static Outcome<NodeKey> OpenKey(string file)
    {
        var text = PrivateFile.Read(file);
        return !text.Succeeded ? text.Failure
            : text.Value is { } bytes ? NodeKey.FromPem(Encoding.UTF8.GetString(bytes))
            : new Failure(
                FailureKind.NotFound,
                $"there is no key {file}; name the administrator's, trust/administrator.pem in the folder of the community's first node, by --key");
    }

    private static string NewSession() => "cli-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));

    /// <summary>The communities that this user has been to; null where a user has no folder for settings.</summary>
    private static ServerBook? Book() => SettingsFolder() is { } folder ? new ServerBook(Path.Combine(folder, "communities")) : null;

    /// <summary>What this user is logged in to; null where a user has no folder for settings.</summary>
    public static SessionBook? Logins() => SettingsFolder() is { } folder ? new SessionBook(Path.Combine(folder, "sessions")) : null;

    /// <summary>The bank that a node's community pays with.</summary>
    /// <param name="node">A node of the community.</param>
    public static IPayerBank Bank(NodeClient node) => new TerminalBank(node);

    /// <summary>An option that takes credits.</summary>
    public static void MustBeAmount(Option<string> option) => option.Validators.Add(result =>
    {
        if (result.Tokens.Select(token => Credits.Parse(token.Value).Failure).OfType<Failure>().FirstOrDefault() is { } failure)
        {
            result.AddError($"{option.Name}: {failure.Message}");
        }
    });

    /// <summary>This user's channels that are not closed yet; null where a user has no folder for settings.</summary>
    public static PayerBook? Channels() => SettingsFolder() is { } folder ? new PayerBook(Path.Combine(folder, "channels")) : null;

    /// <summary>Names a folder for what the program keeps of its user, in the place of the usual one.</summary>
    public const string SettingsVariable = "CETE_SETTINGS";

    /// <summary>What the program keeps of its user; null where there is no folder for that.</summary>
    public static string? SettingsFolder() =>
        Environment.GetEnvironmentVariable(SettingsVariable) is { Length: > 0 } named ? named
        : Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } settings
            ? Path.Combine(settings, "cete")
            : null;

    private static void SayMoved(Uri gone, Uri other) =>
        Console.Error.WriteLine($"cete: {gone} does not answer; going on with {other} of the same community");

    private static TlsTrust ReadTrust(string file, string said, Action<string> problem)
    {
        var trust = file.Length == 0 ? new Failure(FailureKind.Invalid, "it is empty") : TlsTrust.Read(file);
        if (trust.Succeeded)
        {
            return trust.Value;
        }

        problem($"{said}: {trust.Failure.Message}");
        return null!;
    }

    private static Uri? TryParseAddress(string text)
    {
        var full = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        return Uri.TryCreate(full.TrimEnd('/') + "/", UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0 ? uri : null;
    }
}
