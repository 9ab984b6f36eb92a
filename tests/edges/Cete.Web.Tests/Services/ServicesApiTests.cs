using System.Text.Json;
using Cete.Web.Services;
using Microsoft.OpenApi;

namespace Cete.Web.Tests.Services;

/// <summary>Described services over HTTP: their descriptions.</summary>
public sealed class ServicesApiTests : IAsyncLifetime
{
    private const string Notes = "service { name = notes, version = 1.2.0, title { en = Notes, de = Notizen } }\nrecords { notes { fields { text = text }, "
        + "rules { list = \"\", view = \"\", create = \"auth.known\" } } }";

    private ServicesSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await ServicesSite.StartAsync();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Who_publishes_says_what_is_replaced()
    {
        var json = ServicesSite.Json(Notes);
        (await _site.AskAsync("", "PUT", "/api/services/notes", json, ("If-None-Match", "*"))).Is(401);
        (await _site.AskAsync("ben", "PUT", "/api/services/notes", json, ("If-None-Match", "*"))).Is(403);
        Assert.Contains("If-None-Match: *", (await _site.AskAsync("ada", "PUT", "/api/services/notes", json)).Is(400).Detail, StringComparison.Ordinal);
        var first = (await _site.AskAsync("ada", "PUT", "/api/services/notes", json, ("If-None-Match", "*"))).Is(200);
        Assert.Equal(("\"1\"", 1), (first.Tag, first.Json.GetProperty("edition").GetInt32()));
        (await _site.AskAsync("ada", "PUT", "/api/services/notes", json, ("If-None-Match", "*"))).Is(409);

        var next = ServicesSite.Json(Notes.Replace("text = text", "text = text, day = date", StringComparison.Ordinal));
        (await _site.AskAsync("ada", "PUT", "/api/services/notes", next, ("If-Match", "\"5\""))).Is(409);
        (await _site.AskAsync("ada", "PUT", "/api/services/notes", next, ("If-Match", "1"))).Is(400);
        var second = (await _site.AskAsync("ada", "PUT", "/api/services/notes", next, ("If-Match", "\"1\""))).Is(200);
        Assert.Equal("notes.day is new", Assert.Single(second.Json.GetProperty("changes").EnumerateArray()).GetString());
        (await _site.AskAsync("ada", "PUT", "/api/services/notes", json, ("If-Match", "\"1\""))).Is(409);
        Assert.Equal(3, (await _site.AskAsync("ada", "PUT", "/api/services/notes", json, ("If-Match", "*"))).Is(200).Json.GetProperty("edition").GetInt32());
    }

    [Fact]
    public async Task A_wrong_description_is_refused_with_what_is_wrong_where()
    {
        var wrong = ServicesSite.Json(Notes.Replace("text = text", "text = texxt", StringComparison.Ordinal));
        var refused = (await _site.AskAsync("ada", "PUT", "/api/services/notes", wrong, ("If-None-Match", "*"))).Is(400);
        Assert.Contains("records.notes.fields.text", refused.Detail, StringComparison.Ordinal);
        Assert.Contains("did you mean 'text'?", refused.Detail, StringComparison.Ordinal);
        var other = (await _site.AskAsync("ada", "PUT", "/api/services/other", ServicesSite.Json(Notes), ("If-None-Match", "*"))).Is(400);
        Assert.Contains("/api/services/notes", other.Detail, StringComparison.Ordinal);
        (await _site.AskAsync("ada", "PUT", "/api/services/notes", Notes, ("If-None-Match", "*"))).Is(400);
        (await _site.AskAsync("ada", "PUT", "/api/services/notes", new string(' ', 3_000_000), ("If-None-Match", "*"))).Is(413);
        (await _site.AskAsync("", "GET", "/api/services/notes")).Is(404);
    }

    [Fact]
    public async Task Services_are_listed_in_the_language_that_is_asked_for()
    {
        await _site.PublishAsync("notes", ServicesSite.Json(Notes));
        await _site.PublishAsync("library", ServicesSite.Sample("library.conf"));
        async Task<string?> TitleAsync(string query, string accept) =>
            (await _site.AskAsync("", "GET", "/api/services" + query, null, ("Accept-Language", accept))).Is(200).Json.GetProperty("services")[1]
                .GetProperty("title").GetString();
        Assert.Equal("Notizen", await TitleAsync("", "fr;q=0.5, de-AT, en;q=0.3"));
        Assert.Equal("Notes", await TitleAsync("", "fr"));
        Assert.Equal("Notizen", await TitleAsync("?lang=de", "en"));
        Assert.Equal("Notes", await TitleAsync("?lang=%00%FF", ";;;q=,*"));
        var library = (await _site.AskAsync("", "GET", "/api/services?lang=de")).Json.GetProperty("services")[0];
        Assert.Equal("library", library.GetProperty("name").GetString());
        Assert.Equal(3, library.GetProperty("kinds").GetArrayLength());
        Assert.Equal("Ausleihen", library.GetProperty("actions")[0].GetProperty("title").GetString());
        Assert.Equal("books", library.GetProperty("actions")[0].GetProperty("on").GetString());
    }

    [Fact]
    public async Task A_description_comes_back_as_it_was_and_only_when_it_is_another()
    {
        var json = ServicesSite.Sample("library.conf");
        await _site.PublishAsync("library", json);
        var there = (await _site.AskAsync("", "GET", "/api/services/library")).Is(200);
        Assert.Equal("\"1\"", there.Tag);
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(json).RootElement, there.Json.GetProperty("description")));
        (await _site.AskAsync("", "GET", "/api/services/library", null, ("If-None-Match", "\"1\""))).Is(304);
        (await _site.AskAsync("", "GET", "/api/services/library", null, ("If-None-Match", "\"2\""))).Is(200);
        (await _site.AskAsync("", "GET", "/api/services/library/editions/1")).Is(200);
        (await _site.AskAsync("", "GET", "/api/services/library/editions/2")).Is(404);
        (await _site.AskAsync("", "GET", "/api/services/library/editions/x")).Is(400);
        var edition = (await _site.AskAsync("", "GET", "/api/services/library/editions")).Is(200).Json.GetProperty("editions")[0];
        Assert.Equal("1.0.0", edition.GetProperty("version").GetString());
    }

    [Fact]
    public async Task What_is_withdrawn_comes_back_with_its_records()
    {
        await _site.PublishAsync("notes", ServicesSite.Json(Notes));
        (await _site.AskAsync("ben", "POST", "/api/services/notes/records/notes", "{\"text\":\"a\"}")).Is(200);
        (await _site.AskAsync("ben", "DELETE", "/api/services/notes", null, ("If-Match", "\"1\""))).Is(403);
        (await _site.AskAsync("ada", "DELETE", "/api/services/notes")).Is(400);
        (await _site.AskAsync("ada", "DELETE", "/api/services/notes", null, ("If-Match", "\"1\""))).Is(200);
        (await _site.AskAsync("", "GET", "/api/services/notes")).Is(404);
        (await _site.AskAsync("", "GET", "/api/services/notes/records/notes")).Is(404);
        await _site.PublishAsync("notes", ServicesSite.Json(Notes));
        Assert.Equal(1, (await _site.AskAsync("", "GET", "/api/services/notes/records/notes")).Is(200).Json.GetProperty("records").GetArrayLength());
    }

    [Fact]
    public async Task Each_service_has_a_document_that_readers_of_OpenAPI_understand()
    {
        await _site.PublishAsync("library", ServicesSite.Sample("library.conf"));
        await _site.PublishAsync("kinds", ServicesSite.Json(RecordsApiTests.EveryType));
        foreach (var name in (string[])["library", "kinds"])
        {
            var text = (await _site.AskAsync("", "GET", $"/api/services/{name}/openapi.json?lang=de")).Is(200).Text;
            var read = OpenApiDocument.Parse(text, "json");
            Assert.Empty(read.Diagnostic!.Errors);
            Assert.Empty(read.Diagnostic.Warnings);
            Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic.SpecificationVersion);
            Assert.NotEmpty(read.Document!.Paths);
        }

        var library = (await _site.AskAsync("", "GET", "/api/services/library/openapi.json?lang=de")).Json;
        Assert.Equal("Leihbücherei", library.GetProperty("info").GetProperty("title").GetString());
        var made = library.GetProperty("components").GetProperty("schemas").GetProperty("books.new");
        Assert.Equal(200, made.GetProperty("properties").GetProperty("title").GetProperty("maxLength").GetInt32());
        Assert.Equal("title", Assert.Single(made.GetProperty("required").EnumerateArray()).GetString());
        Assert.False(made.GetProperty("properties").TryGetProperty("state", out _));
        Assert.True(library.GetProperty("paths").TryGetProperty("/api/services/library/actions/borrow", out _));
    }

    [Fact]
    public void Listeners_are_bounded_and_places_come_back()
    {
        var listeners = new ServiceListeners();
        var own = Enumerable.Range(0, ServiceListeners.OfOneMax).Select(_ => listeners.Begin("a").Value).ToList();
        Assert.False(listeners.Begin("a").Succeeded);
        own[0].Dispose();
        own[0].Dispose();
        own[0] = listeners.Begin("a").Value;
        for (var i = own.Count; i < ServiceListeners.CountMax; i++)
        {
            own.Add(listeners.Begin($"b{i}").Value);
        }

        Assert.False(listeners.Begin("c").Succeeded);
        own.ForEach(one => one.Dispose());
        Assert.True(listeners.Begin("c").Succeeded);
    }
}
