using Cete.Accounts;
using Cete.Web.Security;
using Cete.Web.Tests.Support;

namespace Cete.Web.Tests.Accounts;

/// <summary>The pages of those who keep order. What a browser signs there, a terminal's key signs here.</summary>
public sealed class GovernPagesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhoMaySeeWhatIsWhatTheRightsSay()
    {
        await using var site = await AccountsSite.StartAsync();
        using var guest = site.Open();
        using var member = await site.OpenAsync("eve");
        using var ada = await site.OpenAsync("ada");
        (string, int, int)[] pages = [("/accounts", 303, 200), ("/accounts/ada", 303, 200), ("/accounts/audit", 303, 403), ("/accounts/roles", 200, 200)];
        foreach (var (address, guests, members) in pages)
        {
            Assert.Equal(guests, (await guest.GetAsync(address)).Status);
            var seen = await member.GetAsync(address);
            Assert.Equal(members, seen.Status);
            Assert.DoesNotContain(seen.All("form"), form => form.Attribute("method")?.Value == "post");
            var governed = await ada.GetAsync(address);
            Assert.Equal(200, governed.Status);
            Assert.Equal(address is "/accounts/ada" or "/accounts/roles", governed.All("form").Any(form => form.Attribute("method")?.Value == "post"));
        }

        Assert.Equal("/login?next=%2Faccounts%2Faudit", (await guest.GetAsync("/accounts/audit")).Headers["Location"]);
        Assert.Equal(404, (await member.GetAsync("/accounts/nobody")).Status);
        Assert.Null((await guest.GetAsync("/")).LinkTo("Accounts"));
        Assert.Equal("/accounts", (await member.GetAsync("/")).LinkTo("Accounts"));
    }

    [Fact]
    public async Task AccountsAreListedByNameAndFoundByItsBeginning()
    {
        await using var site = await AccountsSite.StartAsync();
        for (var i = 0; i < 60; i++)
        {
            await site.RegisterAsync($"member{(char)('a' + (i / 26))}{(char)('a' + (i % 26))}");
        }

        await site.RegisterAsync("Zoë");
        using var browser = await site.OpenAsync("ada");
        var first = await browser.GetAsync("/accounts");
        var second = await browser.GetAsync(first.LinkTo("Next page")!);
        Assert.Equal("/accounts", second.LinkTo("First page"));
        Assert.Null(second.LinkTo("Next page"));
        var names = first.Names.Concat(second.Names).ToList();
        Assert.Equal(62, names.Count);
        Assert.Equal(names.Select(name => name.ToLowerInvariant()).Order(StringComparer.Ordinal), names.Select(name => name.ToLowerInvariant()));
        Assert.Equal(["memberca", "membercb"], (await browser.GetAsync("/accounts?q=MEMBERC")).Names[..2]);
        var found = await browser.GetAsync("/accounts?q=zo");
        Assert.Equal(["Zoë"], found.Names);
        Assert.Equal(200, (await browser.GetAsync(found.LinkTo("Zoë")!)).Status);
        foreach (var nothing in new[] { "nobody", "%25", "_", "'", "%EF%BF%BF", new string('a', 5_000) })
        {
            var page = await browser.GetAsync("/accounts?q=" + nothing);
            Assert.Equal(200, page.Status);
            Assert.Contains("No account has a name that begins so", page.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ASignedActIsCarriedOutAndWrittenDown()
    {
        await using var site = await AccountsSite.StartAsync();
        var eve = await site.RegisterAsync("eve");
        using var browser = await site.OpenAsync("ada");
        using var key = await KeyOfAsync(site, "ada");
        var page = await browser.GetAsync("/accounts/eve");
        var signer = page.All("div").Single(div => div.Attribute("id")?.Value == "signer");
        Assert.Equal(key.Key.Id.ToString(), signer.Attribute("data-devices")!.Value);
        Assert.Equal(site.Parts.Community.ToString(), signer.Attribute("data-community")!.Value);
        Assert.Equal(key.Account.ToString(), signer.Attribute("data-account")!.Value);

        var suspended = await browser.FollowAsync(
            await browser.SubmitAsync(page, "suspend", ("statement", Signed(key, new GovernAct.Suspend(eve.Id.ToString(), "spam & <more>")))));
        Assert.Contains("It is done", suspended.Of("p", "done").Single().Value, StringComparison.Ordinal);
        Assert.Contains(suspended.Of("p", "notice"), notice => notice.Value.Contains("spam & <more>", StringComparison.Ordinal));
        var resumed = await browser.FollowAsync(
            await browser.SubmitAsync(suspended, "resume", ("statement", Signed(key, new GovernAct.Resume(eve.Id.ToString())))));
        Assert.DoesNotContain("Suspended since", resumed.Text, StringComparison.Ordinal);
        var roles = new GovernAct.SetRoles(eve.Id.ToString(), ["moderator"]);
        var given = await browser.FollowAsync(await browser.SubmitAsync(resumed, "set-roles", ("statement", Signed(key, roles))));
        Assert.Contains("member, moderator", given.Text, StringComparison.Ordinal);
        var audit = (await browser.GetAsync("/accounts/audit")).Rows.Select(row => row.Value).ToList();
        Assert.Equal(3, audit.Count);
        Assert.StartsWith("adaset the roles of eve", string.Concat(audit[0].Split('\n').Select(line => line.Trim())), StringComparison.Ordinal);
        Assert.Contains("spam & <more>", audit[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsNotSignedByTheRightKeyIsNotDone()
    {
        await using var site = await AccountsSite.StartAsync();
        var eve = await site.RegisterAsync("eve");
        using var browser = await site.OpenAsync("ada");
        using var key = await KeyOfAsync(site, "ada");
        using var evesKey = await KeyOfAsync(site, "eve");
        var act = new GovernAct.SetRoles(eve.Id.ToString(), ["administrator"]);
        var signed = Signed(key, act);
        var page = await browser.GetAsync("/accounts/eve");
        foreach (var (statement, status, text) in new[]
        {
            ("", 403, "Nothing was signed"), ("not base64!", 400, "garbled"), (signed[..^8], 400, "no signed statement"),
            (Convert.ToBase64String(evesKey.Sign(GovernAct.Purpose, act.ToPayload())), 403, "no right"),
            (Convert.ToBase64String(key.Sign(DeviceAct.Purpose, act.ToPayload())), 403, "was signed for 'accounts.device'"),
        })
        {
            var answer = await browser.SubmitAsync(page, "set-roles", ("statement", statement));
            Assert.Equal(status, answer.Status);
            Assert.Contains(text, answer.Of("p", "fault").Single().Value, StringComparison.OrdinalIgnoreCase);
        }

        // The form of another session, and none at all.
        using var other = await site.OpenAsync("eve");
        KeyValuePair<string, string>[] fields = [new(CrossSiteGuard.Field, "0123"), new("action", "set-roles"), new("statement", signed)];
        Assert.Equal(403, (await browser.PostAsync("/accounts/eve", fields)).Status);
        Assert.Equal(403, (await other.PostAsync("/accounts/eve", fields)).Status);
        Assert.Equal(["member"], (await site.Service.AccountAsync(eve.Id, Cancel)).Value.Roles);
    }

    [Fact]
    public async Task WhatRolesMeanIsShownInWordsAndChanged()
    {
        await using var site = await AccountsSite.StartAsync();
        using var browser = await site.OpenAsync("ada");
        using var key = await KeyOfAsync(site, "ada");
        var page = await browser.GetAsync("/accounts/roles");
        Assert.Contains("see folders and entries, and download", page.Text, StringComparison.Ordinal);
        Assert.Contains("made by anybody", page.Of("p", "summary").Single().Value, StringComparison.Ordinal);
        var define = new GovernAct.DefineRole("librarian", ["index.move@/books", "index.describe:own"]);
        var defined = await browser.FollowAsync(await browser.SubmitAsync(page, "define-role", ("statement", Signed(key, define))));
        Assert.Contains("move and rename entries and folders, in /books and below", defined.Text, StringComparison.Ordinal);
        var closed = await browser.FollowAsync(
            await browser.SubmitAsync(defined, "set-registration", ("statement", Signed(key, new GovernAct.SetRegistration("closed")))));
        Assert.Contains("made by nobody", closed.Of("p", "summary").Single().Value, StringComparison.Ordinal);
        var removed = await browser.FollowAsync(
            await browser.SubmitAsync(closed, "remove-role", ("statement", Signed(key, new GovernAct.RemoveRole("librarian")))));
        Assert.DoesNotContain("librarian", removed.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("audit")]
    [InlineData("Roles")]
    public async Task AnAccountThatIsCalledAsAPageIsShownByItsId(string name)
    {
        await using var site = await AccountsSite.StartAsync();
        var account = await site.RegisterAsync(name);
        using var browser = await site.OpenAsync("ada");
        var row = (await browser.GetAsync("/accounts?q=" + name)).Rows.Single();
        var page = await browser.GetAsync(row.Descendants("a").Single().Attribute("href")!.Value);
        Assert.Equal(name, page.Heading);
        Assert.Contains(account.Id.ToString(), page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PagesAreWholeAndEveryFieldHasItsName()
    {
        await using var site = await AccountsSite.StartAsync();
        await site.RegisterAsync("eve");
        using var browser = await site.OpenAsync("ada");
        foreach (var address in new[] { "/accounts", "/accounts/eve", "/accounts/roles", "/accounts/audit", "/account" })
        {
            (await browser.GetAsync(address)).AssertWhole();
        }
    }

    private static string Signed(Terminal key, GovernAct act) => Convert.ToBase64String(key.Sign(GovernAct.Purpose, act.ToPayload()));

    /// <summary>The first device of an account.</summary>
    private static async Task<Terminal> KeyOfAsync(AccountsSite site, string name)
    {
        var terminal = new Terminal(site);
        await terminal.LogInAsync(name, AccountsSite.Password);
        var added = await site.Service.AddFirstDeviceAsync(terminal.Account, terminal.NewDevice("browser"), AccountsSite.Password, Cancel);
        Assert.True(added.Succeeded, added.Failure?.Message);
        return terminal;
    }
}
