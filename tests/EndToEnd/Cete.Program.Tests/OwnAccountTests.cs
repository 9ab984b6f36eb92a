using System.Net.Http.Json;
using Cete.Accounts;
using Cete.Core;

namespace Cete.Program.Tests;

/// <summary>One's own account from several terminals: devices, recovery codes, the second factor.</summary>
public sealed class OwnAccountTests : IDisposable
{
    private const string Anna = "anna";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ATerminalBecomesADeviceAndTheAccountComesBackByACode()
    {
        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        var (password, fresh) = (_folder.WriteText("password", "a long password of anna\n"), _folder.WriteText("fresh", "another one entirely\n"));
        (await AtAsync("laptop", node, "register", Anna, "--password-file", password)).Ended(0);
        var twice = (await AtAsync("laptop", node, "account", "device", "add")).Ended(4);
        Assert.Contains("a device of your account already", twice.Error, StringComparison.Ordinal);

        // A second terminal is not one until the first says so.
        (await AtAsync("phone", node, "login", Anna, "--password-file", password)).Ended(0);
        Assert.Contains("device add", (await AtAsync("phone", node, "account", "recovery-codes")).Ended(9).Error, StringComparison.Ordinal);
        var text = (await AtAsync("phone", node, "account", "device", "add", "--label", "phone")).Ended(0).Out.Trim();
        Assert.Contains("has no device", (await AtAsync("phone", node, "account", "recovery-codes")).Ended(9).Error, StringComparison.Ordinal);
        (await AtAsync("phone", node, "login", Anna, "--password-file", password)).Ended(0);

        // Asked again it is the same keys; their signature is another.
        var again = (await AtAsync("phone", node, "account", "device", "add", "--label", "phone", "--json")).Ended(0).Json;
        Assert.StartsWith(text[..200], again.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Contains("--yes", (await AtAsync("laptop", node, "account", "device", "approve", text)).Ended(130).Error, StringComparison.Ordinal);
        var cut = (await AtAsync("laptop", node, "account", "device", "approve", text[..50], "--yes")).Ended(2);
        Assert.Contains("copy it again", cut.Error, StringComparison.Ordinal);
        (await AtAsync("laptop", node, "account", "device", "approve", text, "--yes")).Ended(0);
        (await AtAsync("phone", node, "login", Anna, "--password-file", password)).Ended(0);
        var codes = (await AtAsync("phone", node, "account", "recovery-codes", "--json")).Ended(0).Json.GetProperty("codes").EnumerateArray()
            .Select(code => code.GetString()!).ToList();
        Assert.Equal(RecoveryCode.CountDefault, codes.Distinct().Count());

        // The phone is lost: removed by the laptop, and its session has ended.
        var devices = (await AtAsync("laptop", node, "account", "devices", "--json")).Ended(0).Lines;
        var phone = devices.Single(device => device.GetProperty("label").GetString() == "phone").GetProperty("id").GetString()!;
        Assert.Contains("(this terminal)", (await AtAsync("laptop", node, "account", "devices")).Ended(0).Out, StringComparison.Ordinal);
        (await AtAsync("laptop", node, "account", "device", "remove", phone)).Ended(0);
        await Testing.Eventually.TrueAsync(
            async () => (await AtAsync("phone", node, "account", "devices")).Code == 9, "the session of a removed device ends", TimeSpan.FromMinutes(1));

        // All is lost but a code: it brings the account back, once, with this terminal as a device.
        var code = _folder.WriteText("code", codes[0].ToUpperInvariant() + "\n");
        string[] recover = ["account", "recover", Anna, "--code-file", code, "--password-file", fresh];
        (await AtAsync("found", node, recover)).Ended(0);
        Assert.Contains("recovery code", (await AtAsync("found", node, recover)).Ended(9).Error, StringComparison.Ordinal);
        Assert.Equal(9, (await AtAsync("laptop", node, "account", "devices")).Code);
        var id = devices.Single(device => device.GetProperty("id").GetString() != phone).GetProperty("id").GetString()!;
        (await AtAsync("found", node, "account", "device", "remove", id)).Ended(0);
        Assert.Equal(9, (await AtAsync("laptop", node, "login", Anna, "--password-file", password)).Code);
    }

    [Fact]
    public async Task AnAccountWithoutADeviceTakesItsFirstByThePassword()
    {
        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        using var http = new HttpClient();
        using var made = await http.PostAsJsonAsync(
            new Uri(node.Address, "api/accounts"), new { name = "eve", password = "a long password" }, TestContext.Current.CancellationToken);
        Assert.True(made.IsSuccessStatusCode, $"{made.StatusCode}");
        var (password, wrong) = (_folder.WriteText("eves", "a long password\n"), _folder.WriteText("wrong", "another password\n"));
        (await AtAsync("desk", node, "login", "eve", "--password-file", password)).Ended(0);
        Assert.Contains("wrong", (await AtAsync("desk", node, "account", "device", "add", "--password-file", wrong)).Ended(9).Error, StringComparison.Ordinal);
        var added = (await AtAsync("desk", node, "account", "device", "add", "--password-file", password)).Ended(0);
        Assert.Contains("first device", added.Out, StringComparison.Ordinal);

        // It signs from now on, and no other comes in by the password.
        (await AtAsync("desk", node, "account", "recovery-codes", "--json")).Ended(0);
        (await AtAsync("desk", node, "account", "device", "add", "--password-file", password)).Ended(4);
        (await AtAsync("hall", node, "login", "eve", "--password-file", password)).Ended(0);
        var asked = (await AtAsync("hall", node, "account", "device", "add", "--password-file", password)).Ended(0).Out;
        Assert.StartsWith("cete_d_", asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoggingInTakesACodeOnceThereIsASecondFactor()
    {
        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        var password = _folder.WriteText("password", "a long password of anna\n");
        (await AtAsync("laptop", node, "register", Anna, "--password-file", password)).Ended(0);
        Assert.Contains("otpauth", (await AtAsync("laptop", node, "account", "second-factor", "on", "--json")).Ended(0).Out, StringComparison.Ordinal);
        var begun = (await AtAsync("laptop", node, "account", "second-factor", "on")).Ended(0);
        Assert.Contains("--code DIGITS", begun.Error, StringComparison.Ordinal);
        Assert.Contains("█", begun.Out, StringComparison.Ordinal);
        var secret = new byte[Totp.SecretSize];
        Assert.True(Base32.TryDecode(begun.Out.Trim().Split('\n')[^1].Trim(), secret));
        (await AtAsync("phone", node, "login", Anna, "--password-file", password)).Ended(0);
        var step = Totp.StepOf(Instant.From(TimeProvider.System.GetUtcNow()));
        (await AtAsync("laptop", node, "account", "second-factor", "on", "--code", Totp.CodeOf(secret, step))).Ended(0);

        // Each counts once; the next one counts already, since clocks differ.
        Assert.Contains("--code DIGITS", (await AtAsync("phone", node, "login", Anna, "--password-file", password)).Ended(9).Error, StringComparison.Ordinal);
        string[] login = ["login", Anna, "--password-file", password, "--code"];
        (await AtAsync("phone", node, [.. login, Totp.CodeOf(secret, step)])).Ended(9);
        (await AtAsync("phone", node, [.. login, Totp.CodeOf(secret, step + 1)])).Ended(0);
        Assert.True((await AtAsync("phone", node, "whoami", "--json")).Ended(0).Json.GetProperty("hasSecondFactor").GetBoolean());
        Assert.Contains("by --code", (await AtAsync("phone", node, "account", "second-factor", "off")).Ended(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMemberLetsInNodesOfHisOwnAsFarAsTheCommunityLetsHim()
    {
        await using var node = await TestNode.CreateAsync(_folder.At("node"), Community.Local);
        var password = _folder.WriteText("password", "a long password of anna\n");
        (await AtAsync("laptop", node, "register", Anna, "--password-file", password)).Ended(0);
        string[] create = ["token", "create", "--roles", "cache,share", "--json"];
        Assert.Contains("tracker.own-node", (await AtAsync("laptop", node, create)).Ended(9).Error, StringComparison.Ordinal);
        (await AtAsync("laptop", node, "community", "self-service", "cache,share")).Ended(9);

        // The administrator is logged in on the machine on which the community was made.
        Task<Ran> GovernAsync(params string[] arguments) => CeteProcess.RunAsync([.. arguments, "--node", node.Address.AbsoluteUri]);
        (await GovernAsync("account", "role", "grant", "member", "tracker.own-node")).Ended(0);
        Assert.Contains("tracker.own-node", (await GovernAsync("account", "role", "list")).Ended(0).Out, StringComparison.Ordinal);
        await Testing.Eventually.TrueAsync(
            async () => (await AtAsync("laptop", node, create)).Error.Contains("an administrator makes the tokens", StringComparison.Ordinal),
            "the right is there, the rule is not", TimeSpan.FromMinutes(1));
        (await GovernAsync("community", "self-service", "cache,share", "--per-account", "1")).Ended(0);
        var wrong = (await AtAsync("laptop", node, "token", "create", "--roles", "index")).Ended(9);
        Assert.Contains("the role 'index' is none that members take", wrong.Error, StringComparison.Ordinal);
        var token = (await AtAsync("laptop", node, create)).Ended(0).Json;
        Assert.Contains("has 1 nodes of its own at most", (await AtAsync("laptop", node, create)).Ended(9).Error, StringComparison.Ordinal);
        (await AtAsync("laptop", node, "token", "revoke", token.GetProperty("id").GetString()!)).Ended(0);
        token = (await AtAsync("laptop", node, create)).Ended(0).Json;

        // Who comes in by it is the member's.
        await using var own = await TestNode.StartAsync(
            _folder.At("own"), ["--token", token.GetProperty("token").GetString()!, .. Community.Local]);
        var told = (await AtAsync("laptop", node, "community", "self-service", "--json")).Ended(0).Json;
        Assert.Equal((1, 0), (told.GetProperty("nodes").GetInt32(), told.GetProperty("awaited").GetInt32()));
        Assert.Equal(["usedUp", "revoked"], (await AtAsync("laptop", node, "token", "list", "--json")).Ended(0).Lines
            .Select(line => line.GetProperty("state").GetString()));
        Assert.Contains("yours has 1", (await AtAsync("laptop", node, create)).Ended(9).Error, StringComparison.Ordinal);
    }

    private Task<Ran> AtAsync(string terminal, TestNode node, params string[] arguments) => CeteProcess.RunAsync(
        [.. arguments, "--node", node.Address.AbsoluteUri], variable: ("CETE_SETTINGS", _folder.At("settings-" + terminal)));
}
