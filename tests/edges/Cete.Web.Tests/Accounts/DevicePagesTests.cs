using Cete.Accounts;
using Cete.Core;
using Cete.Web.Tests.Support;

namespace Cete.Web.Tests.Accounts;

/// <summary>How forms bring the keys of a browser, which a terminal's key stands for here.</summary>
public sealed class DevicePagesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnAccountIsMadeWithTheBrowserAsItsDeviceOrWithout()
    {
        await using var site = await AccountsSite.StartAsync();
        using var browser = site.Open();
        using var key = new Terminal(site);
        var page = await browser.GetAsync("/register");
        Assert.Equal("Firefox on Linux", page.All("input").Single(input => input.Attribute("name")?.Value == "label").Attribute("value")!.Value);
        var welcome = await RegisterAsync(browser, page, "eve", Fields(key.NewDevice("Firefox on Linux")));
        Assert.Equal(200, welcome.Status);
        Assert.Contains("This browser is a device", welcome.Text, StringComparison.Ordinal);
        var eve = (await site.Service.ByNameAsync("eve", Cancel)).Value;
        Assert.Equal([key.Key.Id], (await site.Service.DevicesAsync(eve.Id, Cancel)).Value.Select(device => device.Id));

        Assert.DoesNotContain("is a device", (await RegisterAsync(browser, page, "bob", [])).Text, StringComparison.Ordinal);
        using var other = new Terminal(site);
        var device = other.NewDevice("x");
        (string, string)[] garbled = [.. Fields(device).Select(field => field.Name == "certificate" ? (field.Name, "!") : field)];
        Assert.Equal(400, (await RegisterAsync(browser, page, "mallory", garbled)).Status);
        Assert.Equal(403, (await RegisterAsync(browser, page, "mallory", Fields(device with { Certificate = new byte[64] }))).Status);
    }

    [Fact]
    public async Task ABrowserBecomesTheFirstDeviceByThePassword()
    {
        await using var site = await AccountsSite.StartAsync();
        using var browser = await site.OpenAsync("eve");
        using var key = new Terminal(site);
        var account = await browser.GetAsync("/account");
        var fields = Fields(key.NewDevice("Firefox on Linux"));
        var bare = await browser.SubmitAsync(account, "device-first", ("proof", AccountsSite.Password));
        Assert.Contains("signed nothing", Fault(bare), StringComparison.Ordinal);
        Assert.Equal(403, (await browser.SubmitAsync(account, "device-first", [.. fields, ("proof", "not the password")])).Status);
        var added = await browser.FollowAsync(await browser.SubmitAsync(account, "device-first", [.. fields, ("proof", AccountsSite.Password)]));
        Assert.Contains("This browser is a device", added.Of("p", "done").Single().Value, StringComparison.Ordinal);
        Assert.Contains(added.All("li"), row => row.Attribute("id")?.Value == $"device-{key.Key.Id}");
        using var second = new Terminal(site);
        var late = await browser.SubmitAsync(account, "device-first", [.. Fields(second.NewDevice("x")), ("proof", AccountsSite.Password)]);
        Assert.Equal(409, late.Status);
        Assert.Contains("have that one approve", Fault(late), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABrowserAsksAndAnotherDeviceApprovesAndRemovesIt()
    {
        await using var site = await AccountsSite.StartAsync();
        using var first = await Terminal.RegisterAsync(site, "eve");
        using var browser = await site.OpenAsync("eve");
        using var asking = new Terminal(site);
        var device = asking.NewDevice("Firefox on Linux");
        var account = await browser.GetAsync("/account");
        var asked = await browser.SubmitAsync(account, "device-ask", Fields(device));
        var text = asked.All("code").Single(code => code.Attribute("id")?.Value == "asked").Value;
        Assert.Equal(PendingDevice.ToText(device), text);
        asked.AssertWhole();
        Assert.Equal(400, (await browser.SubmitAsync(account, "device-ask", Fields(device with { ExchangeKey = new byte[7] }))).Status);
        Assert.Equal(400, (await browser.SubmitAsync(account, "device-ask")).Status);

        Assert.Equal(400, (await browser.SubmitAsync(account, "device-read", ("request", text[..^3]))).Status);
        var read = await browser.SubmitAsync(account, "device-read", ("request", " " + text.ToUpperInvariant()));
        read.AssertWhole();
        Assert.Contains(asking.Key.Id.ToString(), read.Text, StringComparison.Ordinal);
        Assert.Contains("Firefox on Linux", read.Text, StringComparison.Ordinal);
        var approval = Convert.ToBase64String(first.Sign(DeviceAct.Purpose, new DeviceAct.Add(device).ToPayload()));
        var approved = await browser.FollowAsync(await browser.SubmitAsync(read, "add", ("statement", approval)));
        Assert.Contains("may sign for your account", approved.Of("p", "done").Single().Value, StringComparison.Ordinal);
        Assert.Equal(409, (await browser.SubmitAsync(read, "add", ("statement", approval))).Status);

        var removal = Convert.ToBase64String(first.Sign(DeviceAct.Purpose, new DeviceAct.Remove(asking.Key.Id.ToString()).ToPayload()));
        var removed = await browser.FollowAsync(await browser.SubmitAsync(approved, "remove", ("statement", removal)));
        Assert.DoesNotContain(asking.Key.Id.ToString(), removed.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARecoveryCodeBringsTheBrowserInAsADevice()
    {
        await using var site = await AccountsSite.StartAsync();
        var code = RecoveryCode.Create();
        using var lost = await Terminal.RegisterAsync(site, "eve", code);
        using var browser = site.Open();
        using var key = new Terminal(site);
        const string Password = "another four words";
        (string, string)[] fields =
            [.. Fields(key.NewDevice("Firefox on Linux")), ("name", "eve"), ("code", code.ToString()), ("password", Password), ("again", Password)];
        Assert.Equal(303, (await browser.SubmitAsync(await browser.GetAsync("/recover"), "/recover", fields)).Status);
        var devices = (await site.Service.DevicesAsync(lost.Account, Cancel)).Value.Select(device => device.Id);
        Assert.Equal(((KeyId[])[lost.Key.Id, key.Key.Id]).Order(), devices.Order());
    }

    private static Task<Page> RegisterAsync(Browser browser, Page page, string name, (string, string)[] device) => browser.SubmitAsync(
        page, "/register", [.. device, ("name", name), ("password", AccountsSite.Password), ("again", AccountsSite.Password)]);

    private static (string Name, string Value)[] Fields(NewDevice device) =>
    [
        ("signingKey", Convert.ToBase64String(device.SigningKey.Span)), ("exchangeKey", Convert.ToBase64String(device.ExchangeKey.Span)),
        ("certificate", Convert.ToBase64String(device.Certificate.Span)), ("label", device.Label),
    ];

    private static string Fault(Page page) => page.Of("p", "fault").Single().Value;
}
