using System.Net;
using Cete.Accounts;
using Cete.Core;
using Cete.Web.Pages.Accounts;
using Cete.Web.Tests.Support;

namespace Cete.Web.Tests.Accounts;

/// <summary>How a browser comes in: logging in, making an account, recovering one.</summary>
public sealed class EntranceTests
{
    private static readonly RoleDefinition[] GuestsSeeNothing =
        [.. RoleDefinition.Defaults.Select(role => role.Name == RoleDefinition.Guest ? role with { Grants = [] } : role)];

    [Fact]
    public async Task EveryPageSaysWhoIsLoggedIn()
    {
        await using var site = await AccountsSite.StartAsync();
        using var browser = site.Open();
        var before = await browser.GetAsync("/search?q=a%20b");
        var link = before.LinkTo("Log in")!;
        Assert.Equal("/login?next=%2Fsearch%3Fq%3Da%2520b", link);
        Assert.Equal("Cookie", before.Headers["Vary"]);

        var form = await browser.GetAsync(link);
        Assert.Equal("no-store", form.Headers["Cache-Control"]);
        var opened = await browser.SubmitAsync(form, "/login", ("name", "ADA"), ("password", AccountsSite.Password));
        Assert.Equal("/search?q=a%20b", opened.Headers["Location"]);
        Assert.Equal("no-store", opened.Headers["Cache-Control"]);
        var after = await browser.FollowAsync(opened);
        Assert.Null(after.LinkTo("Log in"));
        Assert.Equal("/account", after.Of("a", "entrance").Single().Attribute("href")!.Value);
        Assert.Contains("ada", after.Of("a", "entrance").Single().Value, StringComparison.Ordinal);
        Assert.Contains("private", after.Headers["Cache-Control"], StringComparison.Ordinal);

        var cookie = browser.Cookies.Single();
        Assert.Equal("cete-n-1", cookie.Name);
        Assert.True(cookie.HttpOnly);
        Assert.StartsWith("cete_s_", cookie.Value, StringComparison.Ordinal);
        Assert.DoesNotContain(cookie.Value, after.Text, StringComparison.Ordinal);

        // Who is in already is not asked again.
        Assert.Equal("/", (await browser.GetAsync("/login")).Headers["Location"]);
    }

    [Fact]
    public async Task AWrongNameAndAWrongPasswordAreToldByOneText()
    {
        await using var site = await AccountsSite.StartAsync();
        using var browser = site.Open();
        var texts = new HashSet<string>();
        foreach (var (name, password) in new[] { ("ada", "not the password"), ("nobody", AccountsSite.Password), ("no name at all!", AccountsSite.Password) })
        {
            var answer = await browser.LogInAsync(name, password);
            Assert.Equal(401, answer.Status);
            Assert.Equal(name, Field(answer, "name").Attribute("value")!.Value);
            Assert.Null(Field(answer, "password").Attribute("value"));
            texts.Add(answer.Of("p", "fault").Single(fault => fault.Attribute("role")!.Value == "alert").Value);
            Assert.DoesNotContain("code", answer.All("input").Select(input => input.Attribute("name")!.Value));
        }

        Assert.Equal("Name or password is wrong.", Assert.Single(texts));
        Assert.Empty(browser.Cookies);
    }

    [Fact]
    public async Task WhoGuessesIsSlowedDown()
    {
        await using var site = await AccountsSite.StartAsync();
        using var browser = site.Open();
        var answers = new List<Page>();
        while (answers is not [.., { Status: 429 }])
        {
            Assert.True(answers.Count < 100);
            answers.Add(await browser.LogInAsync("ada", "guess " + answers.Count));
        }

        Assert.True(answers[^1].Headers.ContainsKey("Retry-After"));
        Assert.Contains("try again in", answers[^1].Of("p", "fault").Single().Value, StringComparison.Ordinal);
        site.Wait(LoginThrottle.DelayMax);
        Assert.Equal(303, (await browser.LogInAsync("ada", AccountsSite.Password)).Status);
    }

    [Theory]
    [InlineData("/folders/a%20b?sort=size", "/folders/a%20b?sort=size")]
    [InlineData("/account", "/account")]
    [InlineData("", "/")]
    [InlineData("//attacker.example/", "/")]
    [InlineData("/\\attacker.example/", "/")]
    [InlineData("https://attacker.example/", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("folders/a", "/")]
    [InlineData("/a\r\nSet-Cookie: a=b", "/")]
    [InlineData("/a b", "/")]
    [InlineData("/\u00e9", "/")]
    [InlineData("/login?next=/login", "/")]
    [InlineData("/LOGOUT", "/")]
    public void OneGoesOnWithinThisNodeAlone(string asked, string next) => Assert.Equal(next, AccountAddresses.Next(asked));

    [Fact]
    public async Task WhoHasToBeLoggedInIsSentToDoSoAndComesBack()
    {
        await using var site = await AccountsSite.StartAsync(Registration.Open, GuestsSeeNothing);
        using var browser = site.Open();
        var refused = await browser.GetAsync("/folders/Art?sort=size");
        Assert.Equal(303, refused.Status);
        Assert.Equal("/login?next=%2Ffolders%2FArt%3Fsort%3Dsize", refused.Headers["Location"]);
        var opened = await browser.SubmitAsync(await browser.FollowAsync(refused), "/login", ("name", "ada"), ("password", AccountsSite.Password));
        Assert.Equal("/folders/Art?sort=size", opened.Headers["Location"]);

        // Programs are told by a status.
        var program = await site.Site.GetAsync("/api/entries");
        Assert.Equal(401, program.Status);
        Assert.Equal("application/problem+json", program.Headers["Content-Type"]);
        Assert.Equal(401, (await site.Site.GetAsync("/folders/Art")).Status);
    }

    [Fact]
    public async Task AnAccountIsMadeAndItsCodesAreShownOnce()
    {
        await using var site = await AccountsSite.StartAsync();
        using var browser = site.Open();
        var login = await browser.GetAsync("/login?next=/search");
        var form = await browser.GetAsync(login.LinkTo("Make one")!);
        var made = await browser.SubmitAsync(
            form, "/register", ("name", "Grace.Hopper"), ("display", "Grace"), ("password", AccountsSite.Password), ("again", AccountsSite.Password));
        Assert.Equal(200, made.Status);
        Assert.Equal("no-store", made.Headers["Cache-Control"]);
        var codes = made.Of("ol", "codes").Single().Descendants("code").Select(code => code.Value).ToList();
        Assert.Equal(8, codes.Distinct().Count());
        Assert.All(codes, code => Assert.True(RecoveryCode.Parse(code).Succeeded));
        Assert.Equal("/search", made.LinkTo("I have written them down"));
        Assert.Null(made.LinkTo("Log in"));
        Assert.Contains("Grace", (await browser.GetAsync("/account")).Heading, StringComparison.Ordinal);

        // With one of them somebody who has forgotten the password comes in again, once.
        using var other = site.Open();
        var forgot = await other.GetAsync("/recover");
        const string password = "staple these words";
        var recovered = await other.SubmitAsync(
            forgot, "/recover", ("name", "grace.hopper"), ("code", codes[3].ToUpperInvariant()), ("password", password), ("again", password));
        var done = await other.FollowAsync(recovered);
        Assert.Contains("new password is set", done.Of("p", "done").Single().Value, StringComparison.Ordinal);
        Assert.Equal(401, (await other.LogInAsync("Grace.Hopper", AccountsSite.Password)).Status);
        Assert.Equal(303, (await other.LogInAsync("Grace.Hopper", password)).Status);

        // Other sessions are known from memory for some seconds.
        site.Wait(TimeSpan.FromSeconds(10));
        Assert.Equal("/login?next=%2Faccount", (await browser.GetAsync("/account")).Headers["Location"]);
        var again = await other.SubmitAsync(forgot, "/recover", ("name", "grace.hopper"), ("code", codes[3]), ("password", password), ("again", password));
        Assert.Equal(403, again.Status);
    }

    [Theory]
    [InlineData("ada", AccountsSite.Password, AccountsSite.Password, 409, "is taken")]
    [InlineData("a\u0501a", AccountsSite.Password, AccountsSite.Password, 400, "")]
    [InlineData("eve", "short", "short", 400, "")]
    [InlineData("eve", AccountsSite.Password, "something else", 400, "are not the same")]
    [InlineData("", AccountsSite.Password, AccountsSite.Password, 400, "")]
    public async Task MistakesAreSaidAndWhatWasTypedStays(string name, string password, string again, int status, string says)
    {
        await using var site = await AccountsSite.StartAsync();
        using var browser = site.Open();
        var answer = await browser.SubmitAsync(
            await browser.GetAsync("/register"), "/register", ("name", name), ("display", "Eve <3"), ("password", password), ("again", again));
        Assert.Equal(status, answer.Status);
        Assert.Contains(says, answer.Of("p", "fault").Single().Value, StringComparison.Ordinal);
        Assert.Equal("Eve <3", Field(answer, "display").Attribute("value")!.Value);
        Assert.Null(Field(answer, "password").Attribute("value"));
        Assert.Empty(browser.Cookies);
    }

    [Fact]
    public async Task WhereOneIsInvitedItTakesAnInvitation()
    {
        await using var site = await AccountsSite.StartAsync(Registration.Invited);
        using var browser = site.Open();
        var ada = (await site.Service.ByNameAsync("ada", TestContext.Current.CancellationToken)).Value.Id;
        var invitation = await site.Service.CreateInvitationAsync(ada, 1, TimeSpan.FromDays(1), string.Empty, TestContext.Current.CancellationToken);
        Assert.True(invitation.Succeeded, invitation.Failure?.Message);
        (string, string)[] eve = [("name", "eve"), ("password", AccountsSite.Password), ("again", AccountsSite.Password)];
        var refused = await browser.SubmitAsync(await browser.GetAsync("/register"), "/register", eve);
        Assert.Equal(403, refused.Status);
        Assert.Contains("by invitation", refused.Of("p", "fault").Single().Value, StringComparison.Ordinal);

        var form = await browser.GetAsync("/register?invitation=" + invitation.Value.Text);
        Assert.Equal(invitation.Value.Text, Field(form, "invitation").Attribute("value")!.Value);
        Assert.Equal(200, (await browser.SubmitAsync(form, "/register", eve)).Status);
    }

    [Fact]
    public async Task WhereNobodyMayRegisterNothingIsOffered()
    {
        await using var site = await AccountsSite.StartAsync(Registration.Closed);
        using var browser = site.Open();
        Assert.Null((await browser.GetAsync("/login")).LinkTo("Make one"));
        var page = await browser.GetAsync("/register");
        Assert.DoesNotContain(page.All("form"), form => form.Attribute("action")!.Value == "/register");
        var forced = await browser.PostAsync("/register", Fields(("name", "eve"), ("password", AccountsSite.Password), ("again", AccountsSite.Password)));
        Assert.Equal(403, forced.Status);
    }

    [Fact]
    public async Task FormsOfStrangersAndOtherBodiesAreRefused()
    {
        await using var site = await AccountsSite.StartAsync();
        using var browser = site.Open();
        var fields = Fields(("name", "ada"), ("password", AccountsSite.Password));
        foreach (var from in (string[])["cross-site", "same-site"])
        {
            Assert.Equal(403, (await browser.PostAsync("/login", fields, from)).Status);
        }

        Assert.Empty(browser.Cookies);
        var multipart = new HttpRequestMessage(HttpMethod.Post, "/login") { Content = new MultipartFormDataContent { { new StringContent("ada"), "name" } } };
        Assert.Equal(400, (await browser.SendAsync(multipart)).Status);
        Assert.Equal(413, (await browser.PostAsync("/login", Fields(("name", new string('a', 10_000))))).Status);
        Assert.Equal(413, (await browser.PostAsync("/login", [.. Enumerable.Range(0, 40).Select(i => KeyValuePair.Create("field" + i, "x"))])).Status);
        Assert.Equal((int)HttpStatusCode.MethodNotAllowed, (await browser.GetAsync("/logout")).Status);
    }

    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge on Windows")]
    [InlineData("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome on Android")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1", "Safari on an iPhone")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 15.0; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on macOS")]
    [InlineData("<script>alert(1)</script>", "A browser")]
    [InlineData(null, "A browser")]
    public void SessionsAreNamedByWordsOfOurOwn(string? userAgent, string name) => Assert.Equal(name, BrowserName.Of(userAgent));

    private static System.Xml.Linq.XElement Field(Page page, string name) => page.All("input").Single(input => input.Attribute("name")?.Value == name);

    private static KeyValuePair<string, string>[] Fields(params (string Name, string Value)[] fields) =>
        [.. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))];
}
