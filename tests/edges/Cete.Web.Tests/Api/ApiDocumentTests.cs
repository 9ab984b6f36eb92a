using System.Text.Json;
using System.Text.RegularExpressions;
using Cete.Api;
using Cete.Core;
using Cete.Net;
using Cete.Web.Community;
using Cete.Web.Services;
using Cete.Web.Services.Feeds;
using Cete.Web.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Tests.Api;

/// <summary>The document of the API says what there is: all of it, and nothing else.</summary>
public sealed partial class ApiDocumentTests : IAsyncLifetime
{
    private static readonly string[] Pieces = ["summary", "tags", "responses"];
    private Site _site = null!;
    private JsonElement _document;

    public async ValueTask InitializeAsync()
    {
        _site = await Site.StartAsync(more: MapRest);
        var answer = await _site.GetAsync(Routes.Document);
        Assert.Equal(200, answer.Status);
        Assert.Equal("application/json", answer.Headers["Content-Type"]);
        _document = JsonDocument.Parse(answer.Text).RootElement;
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public void EveryRouteStandsInItAndNothingElse()
    {
        var mapped = ApiRoutes().Select(route => $"{route.Method} {route.Path}").Order(StringComparer.Ordinal).ToList();
        var told = Operations().Select(operation => $"{operation.Method} {operation.Path}").Order(StringComparer.Ordinal).ToList();
        Assert.True(mapped.Count > 30, $"{mapped.Count} routes are mapped");
        Assert.Equal(mapped, told);
    }

    [Fact]
    public void EachSaysWhatItDoesWhatItTakesAndHowItFails()
    {
        foreach (var (path, method, operation) in Operations())
        {
            var which = $"{method} {path}";
            Assert.All(Pieces, piece => Assert.True(operation.TryGetProperty(piece, out _), $"{which} has no {piece}"));
            Assert.InRange(operation.GetProperty("summary").GetString()!.Length, 5, 100);
            var fields = operation.TryGetProperty("parameters", out var all) ? all.EnumerateArray().ToList() : [];
            var inPath = fields.Where(field => field.GetProperty("in").GetString() == "path").Select(field => field.GetProperty("name").GetString());
            Assert.Equal(PathField().Matches(path).Select(match => match.Groups[1].Value), inPath);
            Assert.All(fields.Where(field => field.GetProperty("in").GetString() != "path"), field =>
                Assert.True(field.TryGetProperty("description", out _), $"{which} does not say what {field.GetProperty("name")} means"));
            var good = operation.GetProperty("responses").GetProperty("200").GetProperty("content").EnumerateObject().Single();
            Assert.True(good.Value.TryGetProperty("schema", out _), which);
            AssertProblem(operation, "default");
        }
    }

    [Fact]
    public void WhoMayComeIsSaidOfWhatChangesSomething()
    {
        Dictionary<string, string> needed = new(StringComparer.Ordinal)
        {
            ["POST /api/folders"] = Actions.IndexMakeFolder,
            ["POST /api/entries"] = Actions.IndexFile,
            ["PATCH /api/entries/{id}"] = Actions.IndexDescribe,
            ["POST /api/moves"] = Actions.IndexMove,
            ["POST /api/removals"] = Actions.IndexRemove,
            ["DELETE /api/removals/{removal}"] = Actions.IndexRemove,
            ["POST /api/moderation/take-downs"] = Actions.IndexModerate,
            ["POST /api/moderation/put-backs"] = Actions.IndexModerate,
            ["POST /api/moderation/dismissals"] = Actions.IndexModerate,
            ["POST /api/moderation/decisions"] = Actions.IndexModerate,
            ["POST /api/contents/known"] = Actions.IndexFile,
            ["POST /api/uploads"] = Actions.IndexFile,
            ["PATCH /api/uploads/{id}"] = Actions.IndexFile,
            ["PUT /api/uploads/{id}/manifest"] = Actions.IndexFile,
            ["POST /api/uploads/{id}/finish"] = Actions.IndexFile,
            ["PUT /api/self-service"] = Actions.TrackerGovern,
            ["POST /api/me/node-tokens"] = Actions.TrackerOwnNode,
            ["DELETE /api/me/node-tokens/{token}"] = Actions.TrackerOwnNode,
            ["PUT /api/services/{service}"] = Actions.ServicesPublish,
            ["DELETE /api/services/{service}"] = Actions.ServicesPublish,
            ["POST /api/services/{service}/records/{kind}/{id}/hidden"] = Actions.ServicesModerate,
            ["DELETE /api/services/{service}/records/{kind}/{id}/hidden"] = Actions.ServicesModerate,
        };
        string[] everyAccount = ["POST /api/moderation/reports", "POST /api/moderation/appeals"];
        // Who may do what with records of described services, their rules decide.
        string[] open = ["POST /api/contents/bundle", "POST /api/contents/{root}/reports"];
        foreach (var (path, method, operation) in Operations())
        {
            var which = $"{method} {path}";
            List<string> schemes = operation.TryGetProperty("security", out var security)
                ? [.. security.EnumerateArray().Select(requirement => requirement.EnumerateObject().Single().Name)]
                : [];
            if (needed.TryGetValue(which, out var action))
            {
                Assert.Equal(["session", "token"], schemes);
                Assert.All(security.EnumerateArray(), one => Assert.Equal(action, one.EnumerateObject().Single().Value.EnumerateArray().Single().GetString()));
                AssertProblem(operation, "401");
                AssertProblem(operation, "403");
            }
            else if (everyAccount.Contains(which, StringComparer.Ordinal))
            {
                Assert.Equal(["session", "token"], schemes);
                AssertProblem(operation, "401");
            }
            else if (method != "GET" && !open.Contains(which, StringComparer.Ordinal) && !path.StartsWith(Routes.Services, StringComparison.Ordinal))
            {
                Assert.Equal(["administrator"], schemes);
                AssertProblem(operation, "403");
            }
        }

        Assert.Subset(Operations().Select(operation => $"{operation.Method} {operation.Path}").ToHashSet(), needed.Keys.ToHashSet());
        var known = _document.GetProperty("components").GetProperty("securitySchemes").EnumerateObject().Select(scheme => scheme.Name);
        Assert.Equal(["administrator", "session", "token"], known.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void MembersAreDescribedAndWhatMayBeAbsentIsNotRequired()
    {
        var schemas = _document.GetProperty("components").GetProperty("schemas");
        var entry = schemas.GetProperty("EntryInfo");
        Assert.Equal("Bytes.", entry.GetProperty("properties").GetProperty("length").GetProperty("description").GetString());
        var required = entry.GetProperty("required").EnumerateArray().Select(name => name.GetString()).ToList();
        Assert.Contains("length", required);
        Assert.DoesNotContain("modified", required);
        Assert.DoesNotContain("next", schemas.GetProperty("EntryPage").GetProperty("required").EnumerateArray().Select(name => name.GetString()));

        // All that is referred to is there.
        foreach (Match reference in Reference().Matches(_document.GetRawText()))
        {
            Assert.True(schemas.TryGetProperty(reference.Groups[1].Value, out _), reference.Value);
        }
    }

    [Fact]
    public async Task ItIsSentAgainOnlyWhenItIsAnother()
    {
        var first = await _site.GetAsync(Routes.Document);
        using var request = new HttpRequestMessage(HttpMethod.Get, Routes.Document);
        request.Headers.TryAddWithoutValidation("If-None-Match", first.Headers["ETag"]);
        using var again = await _site.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(304, (int)again.StatusCode);
    }

    /// <summary>What a whole node maps beside the web door; nothing of it is asked here.</summary>
    private static void MapRest(WebApplication app)
    {
        new BundleServer(null!).Map(app);
        new UploadServer(null!, null!, null!).Map(app);
        new IdentityApi(default, null!, null!).Map(app);
        new DrainApi(default, default, TimeProvider.System, null!).Map(app);
        new BackupApi(null!, null!).Map(app);
        var groups = new GroupsApi(null!, null!);
        groups.Map(app);
        groups.MapMoves(app);
        new TrackerApi(null!, default, null!, TimeProvider.System).Map(app);
        new ServicesApi(null!, new ServiceListeners(), null, new FeedKeys([1]), TimeProvider.System).Map(app);
    }

    private IEnumerable<(string Method, string Path)> ApiRoutes() =>
        from route in _site.Routes
        let path = "/" + route.RoutePattern.RawText!.TrimStart('/')
        where path.StartsWith("/api", StringComparison.OrdinalIgnoreCase)
        from method in route.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
        select (method, Constraint().Replace(path, "}"));

    private IEnumerable<(string Path, string Method, JsonElement Operation)> Operations() =>
        from path in _document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select (path.Name, operation.Name.ToUpperInvariant(), operation.Value);

    private static void AssertProblem(JsonElement operation, string status) => Assert.Equal(
        "#/components/schemas/Problem",
        operation.GetProperty("responses").GetProperty(status).GetProperty("content").GetProperty(Problems.MediaType).GetProperty("schema")
            .GetProperty("$ref").GetString());

    [GeneratedRegex(":[a-z]+}", RegexOptions.CultureInvariant)]
    private static partial Regex Constraint();

    [GeneratedRegex(@"\{(\w+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex PathField();

    [GeneratedRegex("#/components/schemas/(\\w+)", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
