using System.CommandLine;
using System.Globalization;
using Cete.Api;
using Cete.App.Output;
using Cete.Net;
using Cete.Net.Tls;

namespace Cete.App.Verbs;

/// <summary><c>cete token</c>: tokens by which nodes join a community.</summary>
internal static class TokenVerb
{
    public static Command Make() => new("token", Common.WithExamples(
        "Make, list and revoke tokens by which nodes join the community. The administrator does it by his key; members, where the community lets them have "
        + "nodes of their own, in their session ('cete community self-service' tells).",
        "cete token create --roles share,cache --hours 24",
        "cete token list",
        "cete token revoke 0123456789abcdef")) { MakeCreate(), MakeList(), MakeRevoke() };

    private static Command MakeCreate()
    {
        var roles = new Option<string>("--roles")
        {
            Description = "What the node may host, names separated by commas.",
            HelpName = "ROLES",
            DefaultValueFactory = _ => "share",
        };
        var hours = new Option<int>("--hours") { Description = "How long the token counts, 1 to 8760.", HelpName = "N", DefaultValueFactory = _ => 24 };
        var seconds = new Option<int?>("--seconds") { Description = "The same in seconds, for one that is used at once; goes before --hours.", HelpName = "N" };
        var uses = new Option<int>("--uses") { Description = "How many nodes it lets in, 1 to 1000.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var note = new Option<string?>("--note") { Description = "What it is for.", HelpName = "TEXT" };
        var qr = new Option<bool>("--qr") { Description = "Show the link as a QR code too." };
        Common.MustBeWithin(hours, 1, 8_760);
        Common.MustBeWithin(seconds, 1, 8_760 * 3_600);
        Common.MustBeWithin(uses, 1, 1_000);
        var (key, node, trust, json) = (Common.Key(), Common.Node(), Common.Trust(), Common.Json());
        var verb = new Command("create", "Make a token. Its secret is shown this once.") { roles, hours, seconds, uses, note, qr, key, node, trust, json };
        verb.SetAction((parsed, stop) => AskAsync(parsed, key, node, trust, async (client, tokens) =>
        {
            var request = new TokenRequest(
                parsed.GetRequiredValue(roles).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
                parsed.GetValue(hours), parsed.GetValue(uses), null, parsed.GetValue(note), parsed.GetValue(seconds));
            return await CreateAsync(client, tokens, request, parsed.GetValue(json), parsed.GetValue(qr), stop);
        }));
        return verb;
    }

    private static Command MakeList()
    {
        var (key, node, trust, json) = (Common.Key(), Common.Node(), Common.Trust(), Common.Json());
        var verb = new Command("list", "List tokens, without their secrets.") { key, node, trust, json };
        verb.SetAction((parsed, stop) => AskAsync(
            parsed, key, node, trust, (client, tokens) => ListAsync(client, tokens, parsed.GetValue(json), stop)));
        return verb;
    }

    private static Command MakeRevoke()
    {
        var token = new Argument<string>("TOKEN") { Description = "Its name, as 'cete token list' shows it." };
        var (key, node, trust, json) = (Common.Key(), Common.Node(), Common.Trust(), Common.Json());
        var verb = new Command("revoke", "Take a token back: it lets nobody in from now on. Nodes that it has let in stay.") { token, key, node, trust, json };
        verb.SetAction((parsed, stop) => AskAsync(parsed, key, node, trust, async (client, tokens) =>
        {
            var address = $"{tokens}/{Uri.EscapeDataString(parsed.GetRequiredValue(token))}";
            var revoked = await client.DeleteAsync(address, ApiJson.Default.ChangeAnswer, stop);
            return Changes.Say(revoked, parsed.GetValue(json), "The token lets nobody in any more.", "It was revoked already.");
        }));
        return verb;
    }

    /// <summary>As the administrator, for whoever names his key or has it where it is looked for; else as the member whose session this terminal has.</summary>
    private static async Task<int> AskAsync(
        ParseResult parsed, Option<string> key, Option<Uri> node, Option<TlsTrust> trust, Func<NodeClient, string, Task<int>> run)
    {
        var isNamed = parsed.GetResult(key) is { Implicit: false } || Environment.GetEnvironmentVariable("CETE_KEY") is { Length: > 0 };
        if (isNamed || File.Exists(parsed.GetRequiredValue(key)))
        {
            return await Common.AdministerAsync(parsed, key, node, trust, client => run(client, Routes.Tokens));
        }

        await using var member = Common.Connect(parsed.GetRequiredValue(node), parsed.GetRequiredValue(trust));
        return await run(member, Routes.OwnTokens);
    }

    private static async Task<int> CreateAsync(NodeClient node, string tokens, TokenRequest request, bool json, bool qr, CancellationToken stop)
    {
        var made = await node.CommandAsync(HttpMethod.Post, tokens, request, ApiJson.Default.TokenRequest, ApiJson.Default.TokenAnswer, stop);
        if (!made.Succeeded)
        {
            return ExitCodes.Say(made.Failure);
        }

        var token = made.Value;
        if (json)
        {
            JsonOut.Line(token, ApiJson.Default.TokenAnswer);
            return ExitCodes.Ok;
        }

        var first = token.Addresses.Count > 0 ? token.Addresses[0] : "HOST:PORT";
        Console.WriteLine($"Token {token.Id}, until {token.Expires.ToLocalTime():yyyy-MM-dd HH:mm}. Whoever has it can join; hand it over in private:");
        Console.WriteLine();
        Console.WriteLine($"  cete node --join {first} --token {token.Token} --data DIR");
        Console.WriteLine();
        Console.WriteLine($"or  cete join {token.Link}");
        if (token.Addresses.All(address => address.StartsWith("127.", StringComparison.Ordinal) || address.StartsWith("[::1]", StringComparison.Ordinal)))
        {
            Console.WriteLine("The community's nodes are reached from this machine alone; start one with --fabric 0.0.0.0:2384 to let others join from elsewhere.");
        }

        if (qr)
        {
            Console.WriteLine(TerminalQrCode.Draw(token.Link.ToUpperInvariant(), onLight: false));
        }

        return ExitCodes.Ok;
    }

    private static async Task<int> ListAsync(NodeClient node, string tokens, bool json, CancellationToken stop)
    {
        string? cursor = null;
        do
        {
            var next = cursor is null ? string.Empty : "?cursor=" + Uri.EscapeDataString(cursor);
            var page = await node.GetAsync(tokens + next, ApiJson.Default.TokenList, stop);
            if (!page.Succeeded)
            {
                return ExitCodes.Say(page.Failure);
            }

            foreach (var token in page.Value.Tokens)
            {
                if (json)
                {
                    JsonOut.Line(token, ApiJson.Default.TokenInfo);
                    continue;
                }

                var until = token.Expires.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
                Console.WriteLine($"{token.Id}  {token.State,-8}  {token.UsesLeft,4} left  until {until}  {string.Join(',', token.Roles)}  {token.Note}");
            }

            cursor = page.Value.Next;
        }
        while (cursor is not null);

        return ExitCodes.Ok;
    }
}
