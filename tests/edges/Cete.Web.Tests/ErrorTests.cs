using Cete.Web.Tests.Support;

namespace Cete.Web.Tests;

public sealed class ErrorTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private readonly Site _site = shared.Site;

    [Theory]
    [InlineData("/nothing/here", 404, "There is nothing at this address.")]
    [InlineData("/entries/abc", 404, "There is nothing at this address.")]
    [InlineData("/entries/4711", 404, "there is no entry 4711")]
    [InlineData("/entries/99999999999999999999", 404, "There is nothing at this address.")]
    [InlineData("/folders/Nowhere/at%20all", 404, "there is no folder /Nowhere/at all")]
    [InlineData("/folders/Many/file%201.bin", 404, "there is no folder /Many/file 1.bin")]
    [InlineData("/?sort=colour", 400, "'sort' is one of")]
    [InlineData("/search?q=a&order=up", 400, "'order' is asc or desc")]
    [InlineData("/folders/a%01b", 400, "U+0001")]
    public async Task BrowsersGetAPageThatSaysWhatAndWhatNext(string address, int status, string message)
    {
        var page = await _site.GetAsync(address);
        Assert.Equal(status, page.Status);
        Assert.Contains(message, page.Of("p", "message").Single().Value, StringComparison.Ordinal);
        Assert.Equal("/", page.LinkTo("All resources"));
        Assert.Equal("/search", page.LinkTo("Search"));
        Assert.False(page.Headers.ContainsKey("Refresh"));
    }

    [Theory]
    [InlineData("/api/nothing", 404, "not-found")]
    [InlineData("/api/entries/4711", 404, "not-found")]
    [InlineData("/api/entries?sort=colour", 400, "invalid")]
    [InlineData("/api/entries?limit=many", 400, "invalid")]
    [InlineData("/content/nonsense", 400, "invalid")]
    [InlineData("/assets/nothing.css", 404, "not-found")]
    public async Task ProgramsGetProblemDetails(string address, int status, string code)
    {
        var answer = await _site.GetAsync(address);
        Assert.Equal(status, answer.Status);
        Assert.Equal("application/problem+json", answer.Headers["Content-Type"].Split(';')[0]);
        Assert.Contains($"\"code\":\"{code}\"", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/", "text/html; charset=utf-8")]
    [InlineData("/api/status", "application/problem+json")]
    public async Task AWrongMethodIsSaidToBeOne(string address, string type)
    {
        using var response = await _site.Client.PostAsync(new Uri(address, UriKind.Relative), null, TestContext.Current.CancellationToken);
        Assert.Equal(405, (int)response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType?.ToString());
        Assert.Contains("GET", response.Content.Headers.Allow);
    }

    [Fact]
    public async Task WhileTheIndexStartsPagesSaySoAtOnceAndTryAgain()
    {
        await using var site = await Site.StartAsync(SilentGroup.Starting());
        foreach (var address in new[] { "/", "/folders/a", "/search?q=a", "/entries/1" })
        {
            var page = await site.GetAsync(address);
            Assert.Equal(503, page.Status);
            Assert.Equal("2", page.Headers["Retry-After"]);
            Assert.Equal("2", page.Headers["Refresh"]);
            Assert.Contains("is starting", page.Of("p", "message").Single().Value, StringComparison.Ordinal);
        }

        Assert.Equal(200, (await site.GetAsync("/assets/site.css")).Status);
        Assert.Equal(503, (await site.GetAsync("/readyz")).Status);
        Assert.Equal(200, (await site.GetAsync("/healthz")).Status);
    }

    [Fact]
    public async Task WhatStoppedTheIndexIsSaid()
    {
        await using var site = await Site.StartAsync(SilentGroup.Broken("no room on the disk"));
        var page = await site.GetAsync("/");
        Assert.Equal(507, page.Status);
        Assert.Equal("no room on the disk", page.Of("p", "message").Single().Value);
    }

    [Fact]
    public async Task ABugIsAnInternalErrorWithoutItsDetails()
    {
        await using var site = await Site.StartAsync(SilentGroup.Buggy());
        var page = await site.GetAsync("/");
        Assert.Equal(500, page.Status);
        Assert.Contains("This node made a mistake.", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", page.Text, StringComparison.Ordinal);
        Assert.Equal(["/: secret detail of a bug"], site.Bugs);
    }
}
