using System.Net;
using System.Net.Http.Json;
using Cete.Accounts;
using Cete.Api;
using Cete.Web.Security;
using Cete.Web.Tests.Support;

namespace Cete.Web.Tests.Accounts;

/// <summary>Nodes that pay, passkeys and closing on the page of one's own account, as forms send them.</summary>
public sealed class KeyPagesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WithoutAScriptANodeIsLetPayByThePassword()
    {
        await using var site = await AccountsSite.StartAsync();
        using var browser = await site.OpenAsync("eve");
        var account = await browser.GetAsync("/account");
        Assert.Equal(400, (await BeginAsync(browser, account, "0", "30")).Status);
        Assert.Equal(400, (await BeginAsync(browser, account, "1000001", "30")).Status);
        Assert.Equal(400, (await BeginAsync(browser, account, "5", "91")).Status);
        Assert.Equal(403, (await BeginAsync(browser, account, "5", "30", "not the password")).Status);
        Assert.Equal(0, site.Keys.Count);
        var added = await browser.FollowAsync(await BeginAsync(browser, account, "2.5", "30"));
        Assert.Contains("This node may pay for you", added.Of("p", "done").Single().Value, StringComparison.Ordinal);
        Assert.Contains("up to 2.5 credits", added.Text, StringComparison.Ordinal);
        added.AssertWhole();
        var eve = (await site.Service.ByNameAsync("eve", Cancel)).Value;
        var one = Assert.Single((await site.Service.DelegatesAsync(eve.Id, Cancel)).Value);
        Assert.Equal((2_500_000L, site.Now + TimeSpan.FromDays(30)), (one.Cap, one.ExpiresAt));
        Assert.True(site.Keys.Has(eve.Id, one.Id));
        var removed = await browser.FollowAsync(await browser.SubmitAsync(added, "delegate-remove", ("delegate", one.Id.ToString())));
        Assert.Contains("may not pay for you any more", removed.Of("p", "done").Single().Value, StringComparison.Ordinal);
        Assert.Equal(0, site.Keys.Count);
    }

    [Fact]
    public async Task WhereThereIsADeviceThatOneSignsIt()
    {
        await using var site = await AccountsSite.StartAsync();
        using var terminal = await Terminal.RegisterAsync(site, "eve");
        using var browser = await site.OpenAsync("eve");
        var account = await browser.GetAsync("/account");
        var asked = await browser.SubmitAsync(account, "delegate-begin", ("cap", "5"), ("days", "30"));
        Assert.Equal(200, asked.Status);
        asked.AssertWhole();
        string Field(string name) => asked.All("input").First(input => input.Attribute("name")?.Value == name).Attribute("value")!.Value;
        var act = new DeviceAct.AddDelegate(
            Convert.FromBase64String(Field("signingKey")), Field("node"),
            long.Parse(Field("expiresAt"), System.Globalization.CultureInfo.InvariantCulture), 5_000_000, Convert.FromBase64String(Field("certificate")));
        Assert.Equal(400, (await browser.SubmitAsync(asked, "add-delegate")).Status);
        var statement = Convert.ToBase64String(terminal.Sign(DeviceAct.Purpose, act.ToPayload()));
        var added = await browser.FollowAsync(await browser.SubmitAsync(asked, "add-delegate", ("statement", statement)));
        Assert.Contains("This node may pay for you", added.Of("p", "done").Single().Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAccountWithADeviceIsNotClosedByThePasswordAlone()
    {
        await using var site = await AccountsSite.StartAsync();
        using var terminal = await Terminal.RegisterAsync(site, "eve");
        using var browser = await site.OpenAsync("eve");
        var account = await browser.GetAsync("/account");
        var bare = await browser.SubmitAsync(account, "close", ("closing", AccountsSite.Password), ("sure", "yes"));
        Assert.Equal(403, bare.Status);
        Assert.Contains("closed by what that one signs", bare.Text, StringComparison.Ordinal);
        var statement = Convert.ToBase64String(terminal.Sign(CloseAct.Purpose, new CloseAct(terminal.Account.ToString()).ToPayload()));
        var closed = await browser.FollowAsync(
            await browser.SubmitAsync(account, "close", ("closing", AccountsSite.Password), ("sure", "yes"), ("statement", statement)));
        Assert.Contains("The account is closed", closed.Of("p", "done").Single().Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsNoPasskeyIsRefusedOnEveryWay()
    {
        await using var site = await AccountsSite.StartAsync();
        using var browser = await site.OpenAsync("eve");
        var account = await browser.GetAsync("/account");
        var token = account.All("input").First(input => input.Attribute("name")?.Value == CrossSiteGuard.Field).Attribute("value")!.Value;
        async Task<int> SendAsync(string action, string passkey, string client) => (await browser.PostAsync(
            "/account",
            [
                new(CrossSiteGuard.Field, token), new("action", action), new("passkey", passkey), new("client", client), new("attestation", client),
                new("proof", AccountsSite.Password), new("label", "x"),
            ])).Status;
        Assert.Equal(400, await SendAsync("passkey-add", "", ""));
        Assert.Equal(400, await SendAsync("passkey-add", "", "AAAA"));
        Assert.Equal(404, await SendAsync("passkey-remove", "AAAA", ""));
        Assert.Equal(404, await SendAsync("passkey-rename", "!", ""));
        using var stranger = site.Open();
        Assert.Equal(400, (await stranger.PostAsync("/login/passkey", [new("passkey", "AAAA"), new("client", "!")])).Status);
    }

    [Fact]
    public async Task GuessesAreToldWhenToGoOn()
    {
        await using var site = await AccountsSite.StartAsync();
        await site.RegisterAsync("eve");
        var last = HttpStatusCode.Unauthorized;
        for (var i = 0; i < 8 && last == HttpStatusCode.Unauthorized; i++)
        {
            using var answer = await site.Site.Client.PostAsJsonAsync(
                Routes.Sessions, new LogInRequest("eve", "a wrong password"), ApiJson.Default.LogInRequest, Cancel);
            last = answer.StatusCode;
            if (last == HttpStatusCode.TooManyRequests)
            {
                Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), LoginThrottle.DelayMax);
            }
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
    }

    private static Task<Page> BeginAsync(Browser browser, Page account, string cap, string days, string proof = AccountsSite.Password) =>
        browser.SubmitAsync(account, "delegate-begin", ("cap", cap), ("days", days), ("proof", proof));
}
