using Cete.Api;
using Cete.Web.Security;
using Cete.Web.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Cete.Web.Tests.Security;

public sealed class SecurityHeadersTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private readonly Site _site = shared.Site;

    [Theory]
    [InlineData("/", 200)]
    [InlineData("/folders/Nowhere", 404)]
    [InlineData("/api/entries", 200)]
    [InlineData("/api/entries/4711", 404)]
    [InlineData("/api/nothing", 404)]
    [InlineData("/assets/site.js", 200)]
    [InlineData("/assets/nothing.js", 404)]
    [InlineData("/feeds/atom", 200)]
    [InlineData("/opensearch.xml", 200)]
    [InlineData("/content/nonsense", 400)]
    [InlineData("/files/Nowhere", 404)]
    [InlineData("/healthz", 200)]
    public async Task EveryAnswerHasThem(string address, int status)
    {
        var answer = await _site.GetAsync(address);
        Assert.Equal(status, answer.Status);
        Assert.Equal(SecurityHeaders.ContentPolicy, answer.Headers["Content-Security-Policy"]);
        AssertRest(answer);
    }

    [Theory]
    [InlineData("/files/Top%20note.txt")]
    [InlineData("/files/Art/Summer/Sunset.png")]
    [InlineData("/files/Art/Summer/Notes.svg")]
    public async Task ContentsOfUsersMayDoNothingAtAll(string address)
    {
        var answer = await _site.GetAsync(address);
        Assert.Equal(200, answer.Status);
        var policy = answer.Headers["Content-Security-Policy"];
        Assert.StartsWith("sandbox; default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("allow-", policy, StringComparison.Ordinal);
        AssertRest(answer);
        var isRunnable = address.EndsWith(".svg", StringComparison.Ordinal);
        Assert.Equal(isRunnable, answer.Headers["Content-Disposition"].StartsWith("attachment", StringComparison.Ordinal));
        Assert.Equal(isRunnable, answer.Headers["Content-Type"] == MediaTypes.Unknown);
    }

    [Fact]
    public void PoliciesAllowNothingInlineAndNothingFromElsewhere()
    {
        Assert.StartsWith("default-src 'none'; ", SecurityHeaders.ContentPolicy, StringComparison.Ordinal);
        var sources = SecurityHeaders.ContentPolicy.Split("; ").SelectMany(directive => directive.Split(' ').Skip(1));
        Assert.Equal(["'none'", "'self'"], sources.Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("https", "node.example", true)]
    [InlineData("https", "node.example:2383", true)]
    [InlineData("http", "node.example", false)]
    [InlineData("https", "localhost:2383", false)]
    [InlineData("https", "a.localhost", false)]
    [InlineData("https", "127.0.0.1:2383", false)]
    [InlineData("https", "[::1]:2383", false)]
    [InlineData("https", "", false)]
    public async Task BrowsersAreBoundToTlsWhereTheyCanBe(string scheme, string host, bool isBound)
    {
        var app = new ApplicationBuilder(new EmptyServices());
        SecurityHeaders.Use(app);
        app.Run(_ => Task.CompletedTask);
        var started = new StartedResponse();
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpResponseFeature>(started);
        (context.Request.Scheme, context.Request.Host) = (scheme, new HostString(host));
        await app.Build()(context);
        await started.StartAsync();
        Assert.Equal(isBound ? "max-age=31536000" : string.Empty, context.Response.Headers.StrictTransportSecurity.ToString());
        Assert.Equal("nosniff", context.Response.Headers.XContentTypeOptions.ToString());
    }

    private static void AssertRest(Page answer)
    {
        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
        Assert.Equal("same-origin", answer.Headers["Referrer-Policy"]);
        Assert.Equal("same-origin", answer.Headers["Cross-Origin-Opener-Policy"]);
        Assert.Equal("same-origin", answer.Headers["Cross-Origin-Resource-Policy"]);
        Assert.Contains("camera=()", answer.Headers["Permissions-Policy"], StringComparison.Ordinal);
        Assert.False(answer.Headers.ContainsKey("Strict-Transport-Security"));
    }

    private sealed class EmptyServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }

    /// <summary>An answer that begins when it is told to.</summary>
    private sealed class StartedResponse : HttpResponseFeature
    {
        private (Func<object, Task> Call, object State)? _starting;

        public override void OnStarting(Func<object, Task> callback, object state) => _starting = (callback, state);

        public Task StartAsync() => _starting!.Value.Call(_starting.Value.State);
    }
}
