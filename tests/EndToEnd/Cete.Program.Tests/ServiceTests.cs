using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Cete.Testing;

namespace Cete.Program.Tests;

/// <summary>A described service from its first draft to its last edition, by the program and by whoever speaks HTTP.</summary>
public sealed class ServiceTests : IDisposable
{
    /// <summary>Whoever comes may write in it, so that plain HTTP is enough.</summary>
    private const string Guestbook = """
        cete = 1
        service { name = guestbook, version = 1.0.0, title { en = Guestbook, de = "Gästebuch" } }
        records {
          lines {
            fields { text { type = text, required = true, max = 100 }, stars = rating }
            rules { list = "", view = "", create = "", update = "", delete = "" }
          }
        }

        """;

    private const string Lines = "/api/services/guestbook/records/lines";
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WhatNewWritesCanBePublishedAndReplacesNothing()
    {
        var file = _folder.At("recipes.conf");
        (await ServiceAsync("new", "recipes", "--file", file)).Ended(0);
        Assert.Contains("name = recipes", await File.ReadAllTextAsync(file, Cancel), StringComparison.Ordinal);
        (await ServiceAsync("check", file)).Ended(0);
        Assert.Contains("already", (await ServiceAsync("new", "recipes", "--file", file)).Ended(4).Error, StringComparison.Ordinal);
        Assert.Contains("name of a service", (await ServiceAsync("new", "My Recipes")).Ended(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckTellsAllMistakesAtOnceWhereTheyAre()
    {
        var file = _folder.WriteText("wrong/wrong.conf", """
            cete = 1
            service { name = "Wrong Name" }
            records {
              books {
                fields {
                  title { type = texxt }
                  writer { type = relation, to = writers }
                  shelf { type = select }
                }
                rules { list = "record.titel == 'x'" }
              }
            }
            """);
        _folder.WriteText("wrong/good.conf", Guestbook);
        var shown = (await ServiceAsync("check", file)).Ended(2).Out;
        foreach (var part in (string[])["wrong.conf:2:", "wrong.conf:6:", "wrong.conf:7:", "wrong.conf:8:", "wrong.conf:10:", "did you mean 'text'?"])
        {
            Assert.Contains(part, shown, StringComparison.Ordinal);
        }

        var report = (await ServiceAsync("check", file, "--json")).Ended(2).Json;
        Assert.False(report.GetProperty("ok").GetBoolean());
        var problems = report.GetProperty("problems").EnumerateArray().ToList();
        Assert.InRange(problems.Count, 5, 8);
        Assert.All(problems, problem => Assert.True(problem.GetProperty("line").GetInt32() > 0 && problem.GetProperty("column").GetInt32() > 0));

        // Of a folder all of them, and one is enough for the exit code.
        var both = (await ServiceAsync("check", _folder.At("wrong"), "--json")).Ended(2).Lines;
        Assert.Equal([true, false], both.Select(one => one.GetProperty("ok").GetBoolean()));
        Assert.Contains("no file", (await ServiceAsync("check", _folder.At("nothing.conf"))).Ended(3).Error, StringComparison.Ordinal);
        (await ServiceAsync("check", Descriptions.Sample("library.conf"))).Ended(0);
    }

    [Fact]
    public async Task AServiceIsPublishedUsedChangedAndTakenBack()
    {
        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        using var http = new HttpClient { BaseAddress = node.Address };
        var file = _folder.WriteText("guestbook.conf", Guestbook);
        Assert.Equal(1, (await OfAsync(node, "publish", file, "--json")).Ended(0).Number("edition"));
        Assert.Contains("in use so already", (await OfAsync(node, "publish", file)).Ended(0).Out, StringComparison.Ordinal);
        Assert.Equal("guestbook", (await OfAsync(node, "list", "--json")).Ended(0).Json.GetProperty("name").GetString());
        Assert.Contains("create: everybody", (await OfAsync(node, "show", "guestbook")).Ended(0).Out, StringComparison.Ordinal);

        // Anybody uses it by HTTP; whoever has seen another revision is told.
        var (made, _) = await AskAsync(http, "POST", Lines, "{\"text\":\"hello\",\"stars\":5}", 200);
        Assert.Equal(1, made.GetProperty("id").GetInt32());
        await AskAsync(http, "PATCH", Lines + "/1", "{\"text\":\"hello!\"}", 200, ("If-Match", "\"1\""));
        await AskAsync(http, "PATCH", Lines + "/1", "{\"text\":\"hullo\"}", 409, ("If-Match", "\"1\""));
        await AskAsync(http, "POST", Lines, "{\"text\":5}", 400);
        await AskAsync(http, "PUT", "/api/services/guestbook", "{}", 401, ("If-Match", "\"1\""));

        // A change is shown before it is made, and records go on under it.
        File.WriteAllText(file, Guestbook.Replace("stars = rating", "stars = rating, place = text", StringComparison.Ordinal));
        Assert.StartsWith("+ records.lines.fields.place = \"text\"", (await OfAsync(node, "diff", file)).Ended(0).Out, StringComparison.Ordinal);
        var published = (await OfAsync(node, "publish", file, "--yes")).Ended(0).Out;
        Assert.Contains("+ records.lines.fields.place", published, StringComparison.Ordinal);
        Assert.Contains("as edition 2", published, StringComparison.Ordinal);
        await AskAsync(http, "PATCH", Lines + "/1", "{\"place\":\"Berlin\"}", 200);

        // Whoever would replace an edition that is not there any more is refused.
        var token = (await CeteProcess.RunAsync(["account", "token", "a test", "--json", "--node", node.Address.AbsoluteUri])).Ended(0).Json;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.GetProperty("secret").GetString());
        var (description, tag) = await AskAsync(http, "GET", "/api/services/guestbook", null, 200);
        Assert.Equal("\"2\"", tag);
        await AskAsync(http, "PUT", "/api/services/guestbook", description.GetProperty("description").GetRawText(), 409, ("If-Match", "\"1\""));
        await AskAsync(http, "PUT", "/api/services/guestbook", description.GetProperty("description").GetRawText(), 200, ("If-Match", "\"2\""));

        // Back to the first edition: what would be lost is refused.
        Assert.Contains("place", (await OfAsync(node, "rollback", "guestbook", "1")).Ended(4).Error, StringComparison.Ordinal);
        await AskAsync(http, "PATCH", Lines + "/1", "{\"place\":null}", 200);
        Assert.Equal(3, (await OfAsync(node, "rollback", "guestbook", "1", "--json")).Ended(0).Number("edition"));
        Assert.Equal([3, 2, 1], (await OfAsync(node, "versions", "guestbook", "--json")).Ended(0).Lines.Select(line => line.GetProperty("edition").GetInt32()));

        // Out of use, and back with its records.
        (await OfAsync(node, "withdraw", "guestbook", "--yes")).Ended(0);
        await AskAsync(http, "GET", Lines, null, 404);
        Assert.Equal(3, (await OfAsync(node, "show", "guestbook")).Code);
        (await OfAsync(node, "rollback", "guestbook", "3")).Ended(0);
        Assert.Equal("hello!", (await AskAsync(http, "GET", Lines + "/1", null, 200)).Json.GetProperty("fields").GetProperty("text").GetString());
    }

    [Fact]
    public async Task WhatIsExportedIsTheSameWhenItIsImportedElsewhere()
    {
        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        (await OfAsync(node, "publish", Descriptions.Sample("library.conf"))).Ended(0);
        var file = _folder.At("exported.conf");
        (await OfAsync(node, "export", "library", file)).Ended(0);
        (await OfAsync(node, "export", "library", file)).Ended(4);
        (await ServiceAsync("check", file)).Ended(0);
        Assert.Contains("Nothing would change", (await OfAsync(node, "diff", file)).Ended(0).Out, StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllTextAsync(file, Cancel), (await OfAsync(node, "export", "library")).Ended(0).Out);

        await using var other = await TestNode.CreateAsync(_folder.At("other"));
        Assert.Equal(1, (await OfAsync(other, "import", file, "--json")).Ended(0).Number("edition"));
        var (one, two) = ((await OfAsync(node, "show", "library", "--json")).Ended(0).Json, (await OfAsync(other, "show", "library", "--json")).Ended(0).Json);
        Assert.True(JsonElement.DeepEquals(one.GetProperty("description"), two.GetProperty("description")));
    }

    [Fact]
    public async Task WhatHappenedIsToldFromWhereOneLeftThoughTheNodeWasKilled()
    {
        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        using var http = new HttpClient { BaseAddress = node.Address };
        (await OfAsync(node, "publish", _folder.WriteText("guestbook.conf", Guestbook))).Ended(0);
        var (begin, _) = await AskAsync(http, "GET", "/api/services/guestbook/changes", null, 200, ("Accept", "application/json"));
        await AskAsync(http, "POST", Lines, "{\"text\":\"one\"}", 200);
        await AskAsync(http, "POST", Lines, "{\"text\":\"two\"}", 200);
        var first = await FirstAsync(http, begin.GetProperty("next").GetString()!);
        Assert.Contains("\"text\":\"one\"", first.Data, StringComparison.Ordinal);

        await node.EndAsync(CeteProcess.Kill);
        await node.RestartAsync();
        using var again = new HttpClient { BaseAddress = node.Address };
        Assert.Contains("\"text\":\"two\"", (await FirstAsync(again, first.EventId!)).Data, StringComparison.Ordinal);
        var (page, _) = await AskAsync(again, "GET", Lines, null, 200);
        Assert.Equal(2, page.GetProperty("records").GetArrayLength());
        await AskAsync(again, "POST", Lines, "{\"text\":\"three\"}", 200);
    }

    private static Task<Ran> ServiceAsync(params string[] arguments) => CeteProcess.RunAsync(["service", .. arguments]);

    private static Task<Ran> OfAsync(TestNode node, params string[] arguments) =>
        CeteProcess.RunAsync(["service", .. arguments, "--node", node.Address.AbsoluteUri]);

    private static async Task<(JsonElement Json, string? Tag)> AskAsync(
        HttpClient http, string method, string address, string? body, int status, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in fields)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await http.SendAsync(request, Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True((int)answer.StatusCode == status, $"{method} {address} gives {(int)answer.StatusCode}: {text}");
        return (JsonDocument.Parse(text).RootElement, answer.Headers.ETag?.Tag);
    }

    /// <summary>The first event behind a position of the stream.</summary>
    private static async Task<SseItem<string>> FirstAsync(HttpClient http, string after)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/services/guestbook/changes");
        request.Headers.Add("Last-Event-ID", after);
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        await using var body = await answer.Content.ReadAsStreamAsync(Cancel);
        await foreach (var told in SseParser.Create(body).EnumerateAsync(Cancel))
        {
            return told;
        }

        throw new InvalidOperationException("the stream ended without an event");
    }
}
