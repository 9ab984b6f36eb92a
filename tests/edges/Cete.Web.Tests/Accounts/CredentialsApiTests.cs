using System.Net.Http.Headers;
using Cete.Accounts;
using Cete.Api;
using Cete.Core;
using Cete.Web.Tests.Support;

namespace Cete.Web.Tests.Accounts;

/// <summary>Devices, recovery codes and the second factor of one's own account, by programs.</summary>
public sealed class CredentialsApiTests
{
    private const string Other = "another four words";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ADeviceThatAsksIsApprovedByOneThatIsThereAndRemoved()
    {
        await using var site = await AccountsSite.StartAsync();
        using var laptop = await Terminal.RegisterAsync(site, "eve");
        using var phone = new Terminal(site);
        await phone.LogInAsync("eve", Terminal.Password);
        Refused(await phone.AddAsync(phone.NewDevice("phone")), FailureKind.Forbidden, "has no device");

        // What it shows is what the other one approves: letters of either case, as a QR code has them.
        var text = PendingDevice.ToText(phone.NewDevice("phone"));
        var asked = PendingDevice.Parse(text.ToUpperInvariant(), site.Parts.Community).Value;
        Assert.True((await laptop.AddAsync(asked)).Value.Changed);
        Refused(await laptop.AddAsync(asked), FailureKind.Conflict, "added already");
        var listed = (await laptop.GetAsync(Routes.Devices, ApiJson.Default.DeviceList)).Value.Devices;
        Assert.Equal(["laptop", "phone"], listed.Select(device => device.Label).Order(StringComparer.Ordinal));
        Assert.Equal([laptop.Key.Id.ToString()], listed.Where(device => device.IsCurrent).Select(device => device.Id));

        // From now on it signs itself.
        Assert.True((await phone.RemoveAsync(laptop.Key.Id)).Value.Changed);
        site.Wait(TimeSpan.FromSeconds(10));
        Refused(await laptop.GetAsync(Routes.Devices, ApiJson.Default.DeviceList), FailureKind.Unauthenticated, "ended");
        var left = (await phone.GetAsync(Routes.Devices, ApiJson.Default.DeviceList)).Value.Devices;
        Assert.Equal(["phone"], left.Where(device => device.Removed is null).Select(device => device.Label));
    }

    [Fact]
    public async Task AStatementCountsForTheAccountOfItsSessionAlone()
    {
        await using var site = await AccountsSite.StartAsync();
        using var eve = await Terminal.RegisterAsync(site, "eve");
        using var mallory = await Terminal.RegisterAsync(site, "mallory");
        using var phone = new Terminal(site);
        var statement = new StatementRequest(eve.Sign(DeviceAct.Purpose, new DeviceAct.Add(phone.NewDevice("phone")).ToPayload()));
        Refused(
            await mallory.ChangeAsync(HttpMethod.Post, Routes.Devices, statement, ApiJson.Default.StatementRequest), FailureKind.Forbidden,
            "another account");
        Refused(
            await eve.ChangeAsync(HttpMethod.Delete, Routes.Devices, statement, ApiJson.Default.StatementRequest), FailureKind.Invalid, "another thing");
        Refused(
            await eve.ChangeAsync(HttpMethod.Post, Routes.Devices, new StatementRequest(null), ApiJson.Default.StatementRequest), FailureKind.Invalid,
            "'statement'");
        Refused(
            await eve.ChangeAsync(HttpMethod.Post, Routes.Devices, new StatementRequest([1, 2]), ApiJson.Default.StatementRequest), FailureKind.Invalid,
            "no signed statement");
        Assert.True((await eve.ChangeAsync(HttpMethod.Post, Routes.Devices, statement, ApiJson.Default.StatementRequest)).Value.Changed);
    }

    [Fact]
    public async Task ATokenChangesNothingOfHowItsOwnerComesIn()
    {
        await using var site = await AccountsSite.StartAsync();
        using var eve = await Terminal.RegisterAsync(site, "eve");
        var token = await site.Service.CreateTokenAsync(eve.Account, "backup", [], TimeSpan.FromDays(1), Cancel);
        eve.Session = new AuthenticationHeaderValue("Bearer", token.Value);
        const string Text = "a token is for programs";
        Refused(await eve.RemoveAsync(eve.Key.Id), FailureKind.Forbidden, Text);
        Refused(await BeginFactorAsync(eve), FailureKind.Forbidden, Text);
        Refused(await ConfirmAsync(eve, "123456"), FailureKind.Forbidden, Text);
        var keys = new RecoveryKeysRequest([RecoveryCode.Create().PublicKey()], Password: Terminal.Password);
        Refused(await SetKeysAsync(eve, keys), FailureKind.Forbidden, Text);
    }

    [Fact]
    public async Task RecoveryCodesAreReplacedAndBringAnAccountBackWithADevice()
    {
        await using var site = await AccountsSite.StartAsync();
        var (before, after) = (RecoveryCode.Create(), RecoveryCode.Create());
        using var eve = await Terminal.RegisterAsync(site, "eve", before);
        byte[][] keys = [after.PublicKey()];
        Refused(await SetKeysAsync(eve, new RecoveryKeysRequest(keys, Password: Terminal.Password)), FailureKind.Invalid, "statement");
        Refused(await SetKeysAsync(eve, new RecoveryKeysRequest(null)), FailureKind.Invalid, "'keys'");
        Refused(await SetKeysAsync(eve, new RecoveryKeysRequest([null!])), FailureKind.Invalid, "'keys'");
        var payload = new RecoveryKeysAct([.. keys.Select(key => (ReadOnlyMemory<byte>)key)]).ToPayload();
        var signed = new RecoveryKeysRequest(keys, eve.Sign(RecoveryKeysAct.Purpose, payload));
        Assert.True((await SetKeysAsync(eve, signed)).Value.Changed);

        // Whoever recovers has no session.
        using var lost = new Terminal(site);
        Refused(await RecoverAsync(lost, new RecoveryRequest("eve", Other, Code: before.ToString())), FailureKind.Forbidden, "no such recovery code");
        Refused(await RecoverAsync(lost, new RecoveryRequest("eve", Other)), FailureKind.Invalid, "'code'");
        Refused(await RecoverAsync(lost, new RecoveryRequest(null, Other, Code: after.ToString())), FailureKind.Invalid, "'name'");
        var statement = after.Sign(site.Parts.Community, 1, lost.NewDevice("new laptop")).ToArray();
        Assert.Equal("eve", (await RecoverAsync(lost, new RecoveryRequest("eve", Other, statement))).Value.Name);
        await lost.LogInAsync("eve", Other, device: lost.Key.Id.ToString());
        Assert.True((await lost.RemoveAsync(eve.Key.Id)).Value.Changed);
    }

    [Fact]
    public async Task GuessedRecoveryCodesAreSlowedDown()
    {
        await using var site = await AccountsSite.StartAsync();
        await site.RegisterAsync("eve");
        using var mallory = new Terminal(site);
        var kinds = new List<FailureKind>();
        while (kinds is not [.., FailureKind.Throttled])
        {
            Assert.True(kinds.Count <= LoginThrottle.AccountFree, "nobody slows it down");
            kinds.Add((await RecoverAsync(mallory, new RecoveryRequest("eve", Other, Code: RecoveryCode.Create().ToString()))).Failure!.Kind);
        }

        Assert.Contains(FailureKind.Forbidden, kinds);
    }

    [Fact]
    public async Task ASecondFactorCountsOnceItIsConfirmedAndUntilItIsRemoved()
    {
        await using var site = await AccountsSite.StartAsync();
        using var eve = await Terminal.RegisterAsync(site, "eve");
        Refused(await ConfirmAsync(eve, "123456"), FailureKind.NotFound, "no second factor");
        var begun = (await BeginFactorAsync(eve)).Value;
        Assert.StartsWith("otpauth://totp/", begun.Uri, StringComparison.Ordinal);
        var secret = new byte[Totp.SecretSize];
        Assert.True(Base32.TryDecode(begun.Secret, secret));
        await eve.LogInAsync("eve", Terminal.Password);
        Refused(await eve.ChangeAsync(HttpMethod.Put, Routes.SecondFactor, new CodeRequest(null), ApiJson.Default.CodeRequest), FailureKind.Invalid, "'code'");
        Assert.True((await ConfirmAsync(eve, Code())).Value.Changed);
        Refused(await BeginFactorAsync(eve), FailureKind.Conflict, "has a second factor");

        site.Wait(TimeSpan.FromMinutes(1));
        await eve.LogInAsync("eve", Terminal.Password, Code());
        Assert.True((await eve.GetAsync(Routes.Me, ApiJson.Default.WhoAmI)).Value.HasSecondFactor);
        Refused(await RemoveAsync(), FailureKind.Unauthenticated, "code");
        site.Wait(TimeSpan.FromMinutes(1));
        Assert.True((await RemoveAsync()).Value.Changed);
        await eve.LogInAsync("eve", Terminal.Password);

        string Code() => Totp.CodeOf(secret, Totp.StepOf(site.Now));

        Task<Outcome<ChangeAnswer>> RemoveAsync() =>
            eve.ChangeAsync(HttpMethod.Delete, Routes.SecondFactor, new CodeRequest(Code()), ApiJson.Default.CodeRequest);
    }

    [Fact]
    public async Task WithoutASessionNoneOfItIsThere()
    {
        await using var site = await AccountsSite.StartAsync();
        using var guest = new Terminal(site);
        Refused(await guest.GetAsync(Routes.Devices, ApiJson.Default.DeviceList), FailureKind.Unauthenticated, "log in");
        Refused(await guest.AddAsync(guest.NewDevice("x")), FailureKind.Unauthenticated, "log in");
        Refused(await guest.RemoveAsync(guest.Key.Id), FailureKind.Unauthenticated, "log in");
        Refused(await BeginFactorAsync(guest), FailureKind.Unauthenticated, "log in");
        Refused(await ConfirmAsync(guest, "123456"), FailureKind.Unauthenticated, "log in");
        Refused(await SetKeysAsync(guest, new RecoveryKeysRequest([])), FailureKind.Unauthenticated, "log in");
    }

    [Theory]
    [InlineData("")]
    [InlineData("cete_d_")]
    [InlineData("cete_i_abcdefgh")]
    [InlineData("nonsense")]
    public void WhatIsNoDeviceIsSaidSo(string text) =>
        Refused(PendingDevice.Parse(text, KeyId.Of("community"u8)), FailureKind.Invalid, "no device that asks to be added");

    [Fact]
    public async Task ATextThatWasChangedOrIsOfAnotherCommunityIsNoDevice()
    {
        await using var site = await AccountsSite.StartAsync();
        using var phone = new Terminal(site);
        var device = phone.NewDevice("Eve's phone");
        var text = PendingDevice.ToText(device);
        var read = PendingDevice.Parse($" {text}\n", site.Parts.Community).Value;
        Assert.Equal(
            (device.Label, Convert.ToHexString(device.SigningKey.Span), Convert.ToHexString(device.ExchangeKey.Span)),
            (read.Label, Convert.ToHexString(read.SigningKey.Span), Convert.ToHexString(read.ExchangeKey.Span)));
        Refused(PendingDevice.Parse(text, KeyId.Of("elsewhere"u8)), FailureKind.Forbidden, "for this community");
        Assert.False(PendingDevice.Parse(text[..100], site.Parts.Community).Succeeded);
        Assert.False(PendingDevice.Parse(text + new string('a', 10_000), site.Parts.Community).Succeeded);
        foreach (var at in new[] { 10, 60, 130, 200, 260, 300 })
        {
            var changed = text[..at] + (text[at] == 'a' ? 'b' : 'a') + text[(at + 1)..];
            Assert.False(PendingDevice.Parse(changed, site.Parts.Community).Succeeded, $"changed at {at}");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AccountsOfOneAddressAreCountedFromTheNodesOwnMachineWhereThatIsWanted(bool countsLoopback)
    {
        await using var site = await AccountsSite.StartAsync(countsLoopback: countsLoopback);
        using var terminal = new Terminal(site);
        for (var i = 0; i <= AccountsLimits.RegistrationsMax; i++)
        {
            var made = await terminal.SendAsync(
                HttpMethod.Post, Routes.Accounts, new RegisterRequest($"one{i}", Terminal.Password), ApiJson.Default.RegisterRequest,
                ApiJson.Default.AccountInfo);
            Assert.Equal(countsLoopback && i == AccountsLimits.RegistrationsMax ? FailureKind.Throttled : null, made.Failure?.Kind);
        }

        // From a page it is the same.
        using var browser = site.Open();
        var page = await browser.SubmitAsync(
            await browser.GetAsync("/register"), "/register", ("name", "two"), ("password", Terminal.Password), ("again", Terminal.Password));
        Assert.Equal(countsLoopback ? 429 : 200, page.Status);
    }

    private static Task<Outcome<SecondFactorAnswer>> BeginFactorAsync(Terminal terminal) =>
        terminal.SendAsync(new HttpRequestMessage(HttpMethod.Post, Routes.SecondFactor), ApiJson.Default.SecondFactorAnswer);

    private static Task<Outcome<ChangeAnswer>> ConfirmAsync(Terminal terminal, string code) =>
        terminal.ChangeAsync(HttpMethod.Put, Routes.SecondFactor, new CodeRequest(code), ApiJson.Default.CodeRequest);

    private static Task<Outcome<ChangeAnswer>> SetKeysAsync(Terminal terminal, RecoveryKeysRequest request) =>
        terminal.ChangeAsync(HttpMethod.Post, Routes.RecoveryKeys, request, ApiJson.Default.RecoveryKeysRequest);

    private static Task<Outcome<AccountInfo>> RecoverAsync(Terminal terminal, RecoveryRequest request) =>
        terminal.SendAsync(HttpMethod.Post, Routes.Recoveries, request, ApiJson.Default.RecoveryRequest, ApiJson.Default.AccountInfo);

    private static void Refused<T>(Outcome<T> outcome, FailureKind kind, string text)
    {
        Assert.Equal(kind, outcome.Failure?.Kind);
        Assert.Contains(text, outcome.Failure!.Message, StringComparison.Ordinal);
    }
}
