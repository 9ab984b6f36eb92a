using System.Text.Json;
using Cete.Accounts;
using Cete.Core;
using Cete.Web.Pages.Accounts;
using Cete.Web.Security;
using Cete.Web.Tests.Support;
using QRCoder;

namespace Cete.Web.Tests.Accounts;

/// <summary>The page of one's own account, and what its forms do.</summary>
public sealed class OwnAccountTests
{
    private const string Other = "another four words";

    [Fact]
    public async Task AGuestIsSentToLogIn()
    {
        await using var site = await AccountsSite.StartAsync();
        using var browser = site.Open();
        foreach (var address in (string[])["/account", "/account/export"])
        {
            Assert.Equal("/login?next=%2Faccount", (await browser.GetAsync(address)).Headers["Location"]);
        }

        Assert.Equal("/login?next=%2Faccount", (await browser.PostAsync("/account", [])).Headers["Location"]);
    }

    [Fact]
    public async Task PagesAreWholeAndEveryFieldHasItsName()
    {
        await using var site = await AccountsSite.StartAsync();
        using var guest = site.Open();
        using var browser = await site.OpenAsync("eve");
        var account = await browser.GetAsync("/account");
        List<Page> pages =
        [
            await guest.GetAsync("/login"), await guest.GetAsync("/register"), await guest.GetAsync("/recover"), account,
            await browser.SubmitAsync(account, "factor-begin"),
        ];
        foreach (var page in pages)
        {
            page.AssertWhole();
        }
    }

    [Fact]
    public async Task AFormCountsInItsOwnSessionAlone()
    {
        await using var site = await AccountsSite.StartAsync();
        using var browser = await site.OpenAsync("eve");
        using var other = await site.OpenAsync("eve");
        var (own, others) = (TokenOf(await browser.GetAsync("/account")), TokenOf(await other.GetAsync("/account")));
        Assert.NotEqual(own, others);
        foreach (var (token, from) in new[] { ("", "same-origin"), (others, "same-origin"), (own, "cross-site"), (own, "same-site") })
        {
            KeyValuePair<string, string>[] fields = [new(CrossSiteGuard.Field, token), new("action", "sessions-end")];
            Assert.Equal(403, (await browser.PostAsync("/account", fields, from)).Status);
            Assert.Equal(403, (await browser.PostAsync("/logout", fields, from)).Status);
        }

        Assert.Equal(200, (await other.GetAsync("/account")).Status);
        Assert.Equal(400, (await browser.PostAsync("/account", [new(CrossSiteGuard.Field, own), new("action", "invented")])).Status);
    }

    [Fact]
    public async Task SessionsAreListedAndEnded()
    {
        await using var site = await AccountsSite.StartAsync();
        using var browser = await site.OpenAsync("eve");
        site.Wait(TimeSpan.FromMinutes(1));
        using var second = await site.OpenAsync("eve");
        site.Wait(TimeSpan.FromMinutes(1));
        using var third = await site.OpenAsync("eve");
        var account = await browser.GetAsync("/account");
        var rows = account.All("li").Where(row => row.Attribute("class")?.Value == "row").ToList();
        Assert.Equal(3, rows.Count);
        Assert.All(rows, row => Assert.Contains("Firefox on Linux", row.Value, StringComparison.Ordinal));
        Assert.Contains("this browser", rows[2].Value, StringComparison.Ordinal);
        Assert.Empty(rows[2].Descendants("form"));

        // The first form ends the newest.
        var ended = await browser.FollowAsync(await browser.SubmitAsync(account, "session-end"));
        Assert.Contains("The session has ended", ended.Of("p", "done").Single().Value, StringComparison.Ordinal);
        Assert.Equal(303, (await third.GetAsync("/account")).Status);
        Assert.Empty(third.Cookies);
        Assert.Equal(200, (await second.GetAsync("/account")).Status);

        Assert.Equal(303, (await browser.SubmitAsync(ended, "sessions-end")).Status);

        // Another browser's session is known from memory for some seconds.
        site.Wait(TimeSpan.FromSeconds(10));
        Assert.Equal(303, (await second.GetAsync("/account")).Status);
        var left = await browser.GetAsync("/account");
        Assert.Single(left.All("li"), row => row.Attribute("class")?.Value == "row");

        var gone = await browser.FollowAsync(await browser.SubmitAsync(left, "log-out"));
        Assert.Contains("You are logged out", gone.Of("p", "done").Single().Value, StringComparison.Ordinal);
        Assert.Empty(browser.Cookies);
        Assert.Equal(303, (await browser.GetAsync("/account")).Status);
    }

    [Fact]
    public async Task TheSessionBeforeEndsWithTheNextLogin()
    {
        await using var site = await AccountsSite.StartAsync();
        using var browser = await site.OpenAsync("eve");
        var former = browser.Cookies.Single().Value;
        var form = await site.Open().GetAsync("/login");
        Assert.Equal(303, (await browser.SubmitAsync(form, "/login", ("name", "ada"), ("password", AccountsSite.Password))).Status);
        Assert.False((await site.Service.SessionAsync(former, TestContext.Current.CancellationToken)).Succeeded);
    }

    [Fact]
    public async Task ThePasswordIsChangedByWhoeverKnowsIt()
    {
        await using var site = await AccountsSite.StartAsync();
        using var browser = await site.OpenAsync("eve");
        using var other = await site.OpenAsync("eve");
        var account = await browser.GetAsync("/account");
        var wrong = await browser.SubmitAsync(account, "password", ("old", "not the password"), ("password", Other), ("again", Other));
        Assert.Equal(403, wrong.Status);
        Assert.Equal("The password is wrong.", wrong.Of("p", "fault").Single().Value);
        Assert.Equal(400, (await browser.SubmitAsync(account, "password", ("old", AccountsSite.Password), ("password", Other), ("again", "other"))).Status);
        Assert.Equal(400, (await browser.SubmitAsync(account, "password", ("old", AccountsSite.Password), ("password", "eve"), ("again", "eve"))).Status);

        var sent = await browser.SubmitAsync(account, "password", ("old", AccountsSite.Password), ("password", Other), ("again", Other));
        var changed = await browser.FollowAsync(sent);
        Assert.Contains("The password is changed", changed.Of("p", "done").Single().Value, StringComparison.Ordinal);
        site.Wait(TimeSpan.FromSeconds(10));
        Assert.Equal(303, (await other.GetAsync("/account")).Status);
        Assert.Equal(401, (await other.LogInAsync("eve", AccountsSite.Password)).Status);
        Assert.Equal(303, (await other.LogInAsync("eve", Other)).Status);
    }

    [Fact]
    public async Task ASecondFactorIsSetUpAskedForAndTakenAway()
    {
        await using var site = await AccountsSite.StartAsync();
        using var browser = await site.OpenAsync("eve");
        var setup = await browser.SubmitAsync(await browser.GetAsync("/account"), "factor-begin");
        Assert.Equal("no-store", setup.Headers["Cache-Control"]);
        Assert.Single(setup.Of("svg", "qr").Single().Descendants("path"));
        var secret = new byte[Totp.SecretSize];
        var key = setup.All("code").Single(code => code.Attribute("id")?.Value == "key").Value;
        Assert.True(Base32.TryDecode(key.Replace(" ", "", StringComparison.Ordinal), secret));

        var wrong = await browser.SubmitAsync(setup, "factor-confirm", ("code", WrongCodeOf(secret, site.Now)));
        Assert.Equal(401, wrong.Status);
        var on = await browser.FollowAsync(await browser.SubmitAsync(wrong, "factor-confirm", ("code", CodeOf(secret, site.Now))));
        Assert.Contains("is on", on.Of("p", "done").Single().Value, StringComparison.Ordinal);

        // A password alone is not enough from now on, and says nothing about the code before it is right.
        using var other = site.Open();
        Assert.Equal("Name or password is wrong.", (await other.LogInAsync("eve", "not the password")).Of("p", "fault").Single().Value);
        var asked = await other.LogInAsync("eve", AccountsSite.Password);
        Assert.Equal(401, asked.Status);
        Assert.Empty(other.Cookies);
        site.Wait(TimeSpan.FromSeconds(31));
        var code = CodeOf(secret, site.Now);
        var opened = await other.SubmitAsync(asked, "/login", ("password", AccountsSite.Password), ("code", code));
        Assert.Equal(303, opened.Status);
        Assert.Equal(401, (await other.SubmitAsync(asked, "/login", ("password", AccountsSite.Password), ("code", code))).Status);

        site.Wait(TimeSpan.FromSeconds(31));
        var off = await browser.SubmitAsync(on, "factor-remove", ("code", CodeOf(secret, site.Now)));
        Assert.Contains("is off", (await browser.FollowAsync(off)).Of("p", "done").Single().Value, StringComparison.Ordinal);
        using var third = site.Open();
        Assert.Equal(303, (await third.LogInAsync("eve", AccountsSite.Password)).Status);
    }

    [Fact]
    public async Task WhatIsKeptIsHandedOutToItsOwner()
    {
        await using var site = await AccountsSite.StartAsync();
        using var browser = await site.OpenAsync("eve");
        var export = await browser.GetAsync("/account/export");
        Assert.Equal(200, export.Status);
        Assert.StartsWith("attachment", export.Headers["Content-Disposition"], StringComparison.Ordinal);
        Assert.Equal("no-store", export.Headers["Cache-Control"]);
        var told = JsonDocument.Parse(export.Text).RootElement;
        Assert.Equal("eve", told.GetProperty("account").GetProperty("name").GetString());
        Assert.DoesNotContain("ada", export.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAccountIsClosedOnlyWhenThatIsMeant()
    {
        await using var site = await AccountsSite.StartAsync();
        using var browser = await site.OpenAsync("eve");
        var account = await browser.GetAsync("/account");
        Assert.Equal(400, (await browser.SubmitAsync(account, "close", ("closing", AccountsSite.Password))).Status);
        Assert.Equal(403, (await browser.SubmitAsync(account, "close", ("closing", "not the password"), ("sure", "yes"))).Status);
        var closed = await browser.FollowAsync(await browser.SubmitAsync(account, "close", ("closing", AccountsSite.Password), ("sure", "yes")));
        Assert.Contains("The account is closed", closed.Of("p", "done").Single().Value, StringComparison.Ordinal);
        Assert.Empty(browser.Cookies);
        Assert.Equal(401, (await browser.LogInAsync("eve", AccountsSite.Password)).Status);
    }

    [Fact]
    public async Task ATokenOfAProgramOpensNoPageOfTheAccount()
    {
        await using var site = await AccountsSite.StartAsync();
        var eve = await site.RegisterAsync("eve");
        var token = await site.Service.CreateTokenAsync(eve.Id, "script", [], TimeSpan.FromDays(1), TestContext.Current.CancellationToken);
        using var browser = site.Open();
        var request = new HttpRequestMessage(HttpMethod.Get, "/account");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token.Value);
        Assert.Equal(403, (await browser.SendAsync(request)).Status);
    }

    [Fact]
    public void ACodeIsDrawnAsItIs()
    {
        const string text = "otpauth://totp/Cete:eve?secret=ABCDEFGH&issuer=Cete";
        var drawn = QrPath.Of(text);
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var dark = new HashSet<(int X, int Y)>();
        foreach (var part in drawn.Data.Split('M', StringSplitOptions.RemoveEmptyEntries))
        {
            var numbers = part.Split([' ', 'h', 'v', 'z'], StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToList();
            dark.UnionWith(Enumerable.Range(numbers[0], numbers[2]).Select(x => (x, numbers[1])));
        }

        Assert.Equal(code.ModuleMatrix.Count, drawn.Size);
        for (var y = 0; y < drawn.Size; y++)
        {
            for (var x = 0; x < drawn.Size; x++)
            {
                Assert.Equal(code.ModuleMatrix[y][x], dark.Contains((x, y)));
            }
        }
    }

    private static string TokenOf(Page page) =>
        page.All("input").First(input => input.Attribute("name")?.Value == CrossSiteGuard.Field).Attribute("value")!.Value;

    private static string CodeOf(byte[] secret, Instant now) => Totp.CodeOf(secret, Totp.StepOf(now));

    private static string WrongCodeOf(byte[] secret, Instant now) => ((string[])["000000", "111111", "222222", "333333"])
        .First(code => Totp.StepOf(secret, code, now, 0) is null);
}
