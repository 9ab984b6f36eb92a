using Cete.Web.Tests.Support;

namespace Cete.Web.Tests.Accounts;

/// <summary>Requests of a shape that no page or program sends.</summary>
public sealed class RequestShapeTests
{
    [Theory]
    [InlineData("/account")]
    [InlineData("/login")]
    [InlineData("/api/me")]
    public async Task TraceIsNotAnswered(string address)
    {
        await using var site = await AccountsSite.StartAsync();
        using var browser = await site.OpenAsync("eve");
        var answer = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Trace, address));
        Assert.InRange(answer.Status, 400, 499);
        Assert.DoesNotContain("cete_s_", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFieldThatComesTwiceCountsOnce()
    {
        await using var site = await AccountsSite.StartAsync();
        await site.RegisterAsync("eve");
        using var browser = site.Open();
        KeyValuePair<string, string>[] fields =
        [
            new("name", "eve"), new("password", "not the one at all"), new("password", AccountsSite.Password), new("name", "ada"),
        ];
        Assert.Equal(401, (await browser.PostAsync("/login", fields)).Status);
        Assert.Empty(browser.Cookies);
    }
}
