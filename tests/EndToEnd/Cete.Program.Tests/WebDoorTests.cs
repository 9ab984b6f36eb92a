using System.Net;
using System.Net.Http.Json;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Cete.Api;

namespace Cete.Program.Tests;

/// <summary>The door for browsers and programs as a whole node has it: who is answered under which name, how often, and what about.</summary>
public sealed class WebDoorTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task OnlyNamesOfItsOwnAreAnsweredAndPagesOfOthersAreNot()
    {
        await using var node = await TestNode.CreateAsync(_folder.At("node"), "-D", "cete.http.names=[cooks.example]");
        using var http = Client(node);
        foreach (var host in (string[])["127.0.0.1", "localhost", "LOCALHOST", "[::1]", "192.0.2.7", "cooks.example", "Cooks.Example"])
        {
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(http, HttpMethod.Get, "/api/status", ("Host", host))).StatusCode);
        }

        foreach (var host in (string[])["attacker.example", "cooks.example.attacker.example", "localhost.attacker.example", "127.0.0.1.attacker.example"])
        {
            using var refused = await AskAsync(http, HttpMethod.Get, "/api/status", ("Host", host));
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Equal("invalid", (await ProblemAsync(refused)).Code);
            Assert.Contains("default-src 'none'", refused.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        }

        using var foreign = await AskAsync(http, HttpMethod.Post, "/api/folders", ("Sec-Fetch-Site", "cross-site"));
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        using var old = await AskAsync(http, HttpMethod.Post, "/api/folders", ("Origin", "http://attacker.example"));
        Assert.Equal(HttpStatusCode.Forbidden, old.StatusCode);
        using var own = await AskAsync(http, HttpMethod.Post, "/api/folders", ("Sec-Fetch-Site", "same-origin"));

        // It comes from a page of the node's own; that nobody is logged in is another matter.
        Assert.Equal(HttpStatusCode.Unauthorized, own.StatusCode);
    }

    [Fact]
    public async Task WhoAsksTooOftenIsToldWhenToGoOn()
    {
        string[] few = ["-D", "cete.http.requests-per-second=1", "-D", "cete.http.requests-burst=20"];
        await using var limited = await TestNode.CreateAsync(_folder.At("limited"), [.. few, "-D", "cete.http.requests-loopback=limited"]);
        using var http = Client(limited);
        var refused = await RefusedAsync(http, 2_000);
        Assert.NotNull(refused);
        Assert.Equal("throttled", (await ProblemAsync(refused)).Code);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        Assert.Equal("nosniff", refused.Headers.GetValues("X-Content-Type-Options").Single());

        // Programs of the same machine are not counted unless somebody says so.
        await using var free = await TestNode.CreateAsync(_folder.At("free"), few);
        using var other = Client(free);
        Assert.Null(await RefusedAsync(other, 100));
    }

    [Fact]
    public async Task TheDocumentOfTheApiNamesAllThatAWholeNodeAnswers()
    {
        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        using var http = Client(node);
        var document = await http.GetFromJsonAsync<JsonElement>(Routes.Document, Cancel);
        var told = document.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToList();
        var routes = typeof(Routes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)
            .Where(route => route.StartsWith("/api/", StringComparison.Ordinal)).ToList();
        Assert.True(routes.Count >= 18, $"{routes.Count} routes are known");
        Assert.All(routes, route => Assert.Contains(told, path => path == route || path.StartsWith(route + "/", StringComparison.Ordinal)));
        Assert.Equal(told.Count, told.Distinct(StringComparer.Ordinal).Count());
    }

    /// <summary>The first refusal among so many requests; null when all were answered.</summary>
    private static async Task<HttpResponseMessage?> RefusedAsync(HttpClient http, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var answer = await http.GetAsync(new Uri("/healthz", UriKind.Relative), Cancel);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                return answer;
            }

            answer.Dispose();
        }

        return null;
    }

    private static HttpClient Client(TestNode node) =>
        new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = node.Address };

    private static async Task<HttpResponseMessage> AskAsync(HttpClient http, HttpMethod method, string path, (string Name, string Value) field)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Headers.TryAddWithoutValidation(field.Name, field.Value);
        if (method != HttpMethod.Get)
        {
            request.Content = new StringContent("{\"path\":\"/made\"}", Encoding.UTF8, "application/json");
        }

        return await http.SendAsync(request, Cancel);
    }

    private static async Task<Problem> ProblemAsync(HttpResponseMessage answer) =>
        (await JsonSerializer.DeserializeAsync(await answer.Content.ReadAsStreamAsync(Cancel), ApiJson.Default.Problem, Cancel))!;
}
