using System.Text.Json;

namespace Cete.Web.Tests.Services;

/// <summary>Records of described services over HTTP.</summary>
public sealed class RecordsApiTests : IAsyncLifetime
{
    /// <summary>A kind with a field of every type.</summary>
    public const string EveryType = """
        service { name = kinds }
        records {
          things {
            fields {
              name = text
              note = markdown
              count = integer
              weight = decimal
              done = boolean
              day = date
              at = date-time
              takes = duration
              color { type = select, options = [red, green] }
              tags { type = multi-select, options = [a, b, c] }
              other { type = relation, to = things }
              who = account
              home = link
              mail = e-mail
              phone = phone
              place = geo
              stars = rating
              price = credits
              secret { type = sealed }
              twice { type = formula, value = "record.count * 2" }
            }
            rules { list = "", view = "", create = "auth.known", update = "record.owner == auth.id", delete = "record.owner == auth.id" }
          }
        }
        """;

    private const string Things = "/api/services/kinds/records/things";
    private ServicesSite _site = null!;

    public async ValueTask InitializeAsync()
    {
        _site = await ServicesSite.StartAsync();
        await _site.PublishAsync("kinds", ServicesSite.Json(EveryType));
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task A_value_of_every_type_comes_back_as_it_was_sent()
    {
        const string sent = """
            {"name":"a \"b\" é","note":"# x\n\ny","count":"9223372036854775807","weight":"12.5","done":true,"day":"2026-11-23","at":"2026-11-23T18:30:00Z",
            "takes":"1h30m","color":"red","tags":["a","c"],"other":null,"home":"https://example.org/","mail":"ada@example.org","phone":"+49 30 1234",
            "place":"52.52,13.405","stars":4,"price":"-0.000001","secret":"AAEC"}
            """;
        var made = (await _site.AskAsync("ben", "POST", Things, sent)).Is(200).Json;
        Assert.Equal((1, 1), (made.GetProperty("id").GetInt32(), made.GetProperty("revision").GetInt32()));
        var read = (await _site.AskAsync("", "GET", Things + "/1")).Is(200);
        var fields = read.Json.GetProperty("fields");
        foreach (var field in JsonDocument.Parse(sent).RootElement.EnumerateObject())
        {
            Assert.True(JsonElement.DeepEquals(field.Value, fields.GetProperty(field.Name)), $"{field.Name}: {fields.GetProperty(field.Name)}");
        }

        Assert.Equal(JsonValueKind.Null, fields.GetProperty("who").ValueKind);
        (await _site.AskAsync("ben", "PATCH", Things + "/1", "{\"other\":1,\"count\":3,\"tags\":{\"take\":[\"a\"]},\"weight\":{\"add\":\"0.5\"}}")).Is(200);
        const string more = "{\"count\":{\"add\":4},\"tags\":{\"put\":[\"b\"]},\"takes\":{\"add\":\"30m\"},\"done\":null}";
        (await _site.AskAsync("ben", "PATCH", Things + "/1", more)).Is(200);
        var record = (await _site.AskAsync("", "GET", Things + "/1")).Json;
        fields = record.GetProperty("fields");
        Assert.Equal((7, 14), (fields.GetProperty("count").GetInt32(), fields.GetProperty("twice").GetInt32()));
        Assert.Equal(("13", "2h"), (fields.GetProperty("weight").GetString(), fields.GetProperty("takes").GetString()));
        Assert.Equal(["c", "b"], fields.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()));
        Assert.Equal(JsonValueKind.Null, fields.GetProperty("done").ValueKind);
        Assert.Equal("a \"b\" é", record.GetProperty("labels").GetProperty("other").GetString());
    }

    [Theory]
    [InlineData("{\"name\":5}", "name")]
    [InlineData("{\"count\":1.5}", "count")]
    [InlineData("{\"count\":1e3}", "count")]
    [InlineData("{\"count\":true}", "count")]
    [InlineData("{\"count\":99999999999999999999}", "count")]
    [InlineData("{\"done\":\"yes\"}", "done")]
    [InlineData("{\"day\":20261123}", "day")]
    [InlineData("{\"day\":\"23.11.2026\"}", "day")]
    [InlineData("{\"at\":\"now\"}", "at")]
    [InlineData("{\"takes\":90}", "takes")]
    [InlineData("{\"weight\":\"1.2345678\"}", "weight")]
    [InlineData("{\"weight\":true}", "weight")]
    [InlineData("{\"tags\":\"a,b\"}", "tags")]
    [InlineData("{\"tags\":[1]}", "tags")]
    [InlineData("{\"tags\":[\"d\"]}", "tags")]
    [InlineData("{\"color\":\"blue\"}", "color")]
    [InlineData("{\"other\":\"one\"}", "other")]
    [InlineData("{\"name\":{\"add\":1}}", "name")]
    [InlineData("{\"nane\":\"x\"}", "did you mean 'name'?")]
    [InlineData("{\"twice\":2}", "twice")]
    [InlineData("{\"name\":\"\\ud800\"}", "half of a character")]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}", "name")]
    [InlineData("[]", "object of fields")]
    [InlineData("null", "object of fields")]
    [InlineData("{", "JSON")]
    [InlineData("", "JSON")]
    public async Task What_is_of_a_wrong_type_is_refused_by_name(string body, string named)
    {
        var refused = (await _site.AskAsync("ben", "POST", Things, body)).Is(400);
        Assert.Contains(named, refused.Detail, StringComparison.Ordinal);
        (await _site.AskAsync("ben", "GET", Things + "/1")).Is(404);
    }

    [Theory]
    [InlineData("{\"count\":{\"put\":[\"a\"]}}")]
    [InlineData("{\"tags\":{\"add\":1}}")]
    [InlineData("{\"tags\":{\"put\":null}}")]
    [InlineData("{\"tags\":{}}")]
    [InlineData("{\"tags\":{\"put\":[\"a\"],\"take\":[\"b\"]}}")]
    [InlineData("{\"count\":{\"become\":1}}")]
    public async Task A_change_that_a_field_does_not_know_is_refused_by_name(string body)
    {
        (await _site.AskAsync("ben", "POST", Things, "{}")).Is(200);
        var refused = (await _site.AskAsync("ben", "PATCH", Things + "/1", body)).Is(400);
        Assert.Contains(body[2..6], refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_has_seen_another_revision_is_told()
    {
        (await _site.AskAsync("ben", "POST", Things, "{\"count\":1}")).Is(200);
        Assert.Equal("\"1\"", (await _site.AskAsync("", "GET", Things + "/1")).Tag);
        (await _site.AskAsync("ben", "PATCH", Things + "/1", "{\"count\":2}", ("If-Match", "\"1\""))).Is(200);
        (await _site.AskAsync("ben", "PATCH", Things + "/1", "{\"count\":3}", ("If-Match", "\"1\""))).Is(409);
        (await _site.AskAsync("ben", "DELETE", Things + "/1", null, ("If-Match", "\"1\""))).Is(409);
        (await _site.AskAsync("ben", "DELETE", Things + "/1", null, ("If-Match", "1"))).Is(400);
        (await _site.AskAsync("eve", "DELETE", Things + "/1")).Is(403);
        (await _site.AskAsync("", "DELETE", Things + "/1")).Is(401);
        var history = (await _site.AskAsync("", "GET", Things + "/1/history")).Is(200).Json.GetProperty("changes");
        Assert.Equal(["updated", "created"], history.EnumerateArray().Select(change => change.GetProperty("what").GetString()));
        Assert.Equal(1, history[0].GetProperty("before").GetProperty("count").GetInt32());

        (await _site.AskAsync("ben", "DELETE", Things + "/1", null, ("If-Match", "\"2\""))).Is(200);
        (await _site.AskAsync("ben", "GET", Things + "/1")).Is(404);
        Assert.Equal(1, (await _site.AskAsync("ben", "GET", Things + "?deleted=true")).Is(200).Json.GetProperty("records").GetArrayLength());
        Assert.Equal(0, (await _site.AskAsync("eve", "GET", Things + "?deleted=true")).Is(200).Json.GetProperty("records").GetArrayLength());
        (await _site.AskAsync("ben", "POST", Things + "/1/restore")).Is(200);
        (await _site.AskAsync("ben", "GET", Things + "/1")).Is(200);
    }

    [Fact]
    public async Task An_answer_is_spared_where_the_revision_tells_all()
    {
        await _site.PublishAsync("notes", ServicesSite.Json(
            "service { name = notes }\nrecords { notes { fields { text = text }, rules { list = \"\", view = \"\", create = \"\" } } }"));
        (await _site.AskAsync("", "POST", "/api/services/notes/records/notes", "{\"text\":\"a\"}")).Is(200);
        (await _site.AskAsync("", "GET", "/api/services/notes/records/notes/1", null, ("If-None-Match", "\"1\""))).Is(304);
        (await _site.AskAsync("", "GET", "/api/services/notes/records/notes/1", null, ("If-None-Match", "\"2\""))).Is(200);

        // A formula may come to something else while the record stays as it is.
        (await _site.AskAsync("ben", "POST", Things, "{}")).Is(200);
        (await _site.AskAsync("", "GET", Things + "/1", null, ("If-None-Match", "\"1\""))).Is(200);
    }

    [Fact]
    public async Task Lists_are_filtered_ordered_counted_and_come_in_pages()
    {
        for (var i = 1; i <= 5; i++)
        {
            (await _site.AskAsync("ben", "POST", Things, $"{{\"count\":{i},\"color\":\"{(i < 3 ? "red" : "green")}\"}}")).Is(200);
        }

        var first = (await _site.AskAsync("", "GET", Things + "?filter=record.count%20%3E%201&sort=-count&limit=3&count=true")).Is(200).Json;
        Assert.Equal([5, 4, 3], Counts(first));
        Assert.Equal(4, first.GetProperty("total").GetInt32());
        var rest = (await _site.AskAsync(
            "", "GET", Things + $"?filter=record.count%20%3E%201&sort=-count&limit=3&cursor={first.GetProperty("next").GetString()}")).Is(200).Json;
        Assert.Equal([2], Counts(rest));
        Assert.False(rest.TryGetProperty("next", out _));
        var groups = (await _site.AskAsync("", "GET", "/api/services/kinds/groups/things?by=color&sum=count")).Is(200).Json.GetProperty("groups");
        Assert.Equal(
            [("green", 3, 12), ("red", 2, 3)],
            groups.EnumerateArray().Select(one => (
                one.GetProperty("key").GetString()!, one.GetProperty("count").GetInt32(), one.GetProperty("sum").GetInt32())));

        string[] wrong = ["?filter=record.nothing", "?filter=((((", "?sort=nothing", "?limit=x", "?count=1", "?deleted=no", "/0", "/x", "/9223372036854775808"];
        foreach (var one in wrong)
        {
            (await _site.AskAsync("", "GET", Things + one)).Is(400);
        }

        (await _site.AskAsync("", "GET", Things + "?filter=" + new string('1', 5_000))).Is(413);
        (await _site.AskAsync("", "GET", Things + "?view=nothing")).Is(404);
        (await _site.AskAsync("", "GET", "/api/services/kinds/records/nothing")).Is(404);
        (await _site.AskAsync("", "GET", "/api/services/nothing/records/things")).Is(404);
        (await _site.AskAsync("", "GET", "/api/services/kinds/groups/things")).Is(400);
        (await _site.AskAsync("", "GET", "/api/services/kinds/groups/things?by=nothing")).Is(400);
    }

    [Fact]
    public async Task Lists_are_searched_by_words_beside_their_filter()
    {
        (await _site.AskAsync("ben", "POST", Things, "{\"name\":\"Tea\",\"note\":\"Green **tea**, and black\",\"count\":1}")).Is(200);
        (await _site.AskAsync("ben", "POST", Things, "{\"name\":\"Coffee\",\"note\":\"No tea\",\"count\":2}")).Is(200);
        (await _site.AskAsync("ben", "POST", Things, "{\"name\":\"Water\",\"count\":3}")).Is(200);
        var found = (await _site.AskAsync("", "GET", Things + "?search=tea&count=true")).Is(200).Json;
        Assert.Equal([1, 2], Counts(found));
        Assert.Equal(2, found.GetProperty("total").GetInt32());
        Assert.False(found.TryGetProperty("partial", out _));
        var piece = found.GetProperty("records")[0].GetProperty("pieces").GetProperty("note");
        Assert.Equal("Green tea, and black", piece.GetProperty("text").GetString());
        Assert.Equal([6, 3], piece.GetProperty("ranges")[0].EnumerateArray().Select(number => number.GetInt32()));
        var sorted = (await _site.AskAsync("", "GET", Things + "?search=tea&sort=-count")).Is(200).Json;
        Assert.Equal([2, 1], Counts(sorted));
        var filtered = (await _site.AskAsync("", "GET", Things + "?search=tea&filter=record.count%20%3E%201")).Is(200).Json;
        Assert.Equal([2], Counts(filtered));
        var groups = (await _site.AskAsync("", "GET", "/api/services/kinds/groups/things?by=name&search=tea")).Is(200).Json.GetProperty("groups");
        Assert.Equal(2, groups.GetArrayLength());
        (await _site.AskAsync("", "GET", Things + "?search=" + new string('a', 501))).Is(400);
        Assert.Contains("\"search\"", (await _site.AskAsync("", "GET", "/api/services/kinds/openapi.json")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_is_sent_twice_happens_once()
    {
        var first = (await _site.AskAsync("ben", "POST", Things, "{\"count\":1}", ("Idempotency-Key", "s-1/1"))).Is(200);
        var second = (await _site.AskAsync("ben", "POST", Things, "{\"count\":1}", ("Idempotency-Key", "s-1/1"))).Is(200);
        Assert.Equal(first.Text, second.Text);
        (await _site.AskAsync("ben", "POST", Things, "{}", ("Idempotency-Key", "nonsense"))).Is(400);
        Assert.Single((await _site.AskAsync("", "GET", Things)).Json.GetProperty("records").EnumerateArray());
    }

    [Fact]
    public async Task A_body_has_its_bounds()
    {
        (await _site.AskAsync("ben", "POST", Things, $"{{\"name\":\"{new string('a', 300_000)}\"}}")).Is(413);
        (await _site.AskAsync("ben", "POST", Things, $"{{\"note\":\"{new string('a', 250_000)}\"}}")).Is(413);
        (await _site.AskAsync("ben", "POST", Things, $"{{\"note\":\"{new string('a', 50_000)}\"}}")).Is(400);
        var many = string.Join(',', Enumerable.Range(0, 200).Select(i => $"\"f{i}\":1"));
        (await _site.AskAsync("ben", "POST", Things, $"{{{many}}}")).Is(413);
        (await _site.AskAsync("ben", "POST", Things, new string('[', 1_000))).Is(400);
    }

    [Fact]
    public async Task What_moderators_hide_others_do_not_see()
    {
        (await _site.AskAsync("ben", "POST", Things, "{\"count\":1}")).Is(200);
        (await _site.AskAsync("", "POST", Things + "/1/hidden", "{\"reason\":\"x\"}")).Is(401);
        (await _site.AskAsync("ben", "POST", Things + "/1/hidden", "{\"reason\":\"x\"}")).Is(403);
        (await _site.AskAsync("ada", "POST", Things + "/1/hidden", "5")).Is(400);
        (await _site.AskAsync("ada", "POST", Things + "/1/hidden", "{\"reason\":\"x\"}")).Is(200);
        (await _site.AskAsync("ben", "GET", Things + "/1")).Is(404);
        (await _site.AskAsync("ben", "DELETE", Things + "/1/hidden")).Is(403);
        (await _site.AskAsync("ada", "DELETE", Things + "/1/hidden")).Is(200);
        (await _site.AskAsync("ben", "GET", Things + "/1")).Is(200);
    }

    [Fact]
    public async Task Whoever_asks_is_told_what_he_may_do()
    {
        await _site.PublishAsync("library", ServicesSite.Sample("library.conf"));
        (await _site.AskAsync("ada", "POST", "/api/services/library/records/books", "{\"title\":\"Solaris\"}")).Is(200);
        const string may = "/api/services/library/may/books";
        async Task<string> MayAsync(string who, string query) => (await _site.AskAsync(who, "GET", may + query)).Is(200).Text;
        Assert.Equal("""{"create":true,"update":false,"delete":false,"moderate":false,"actions":[]}""", await MayAsync("ben", ""));
        Assert.Equal("""{"create":true,"update":false,"delete":false,"moderate":false,"actions":["borrow"]}""", await MayAsync("ben", "?record=1"));
        Assert.Equal("""{"create":true,"update":true,"delete":true,"moderate":true,"actions":[]}""", await MayAsync("ada", "?record=1"));
        Assert.Equal("""{"create":false,"update":false,"delete":false,"moderate":false,"actions":[]}""", await MayAsync("", "?record=1"));
        (await _site.AskAsync("ben", "GET", may + "?record=9")).Is(404);
        (await _site.AskAsync("ben", "GET", may + "?record=x")).Is(400);
        (await _site.AskAsync("ben", "GET", "/api/services/library/may/nothing")).Is(404);
    }

    [Fact]
    public async Task Actions_are_done_to_the_record_that_is_named()
    {
        await _site.PublishAsync("library", ServicesSite.Sample("library.conf"));
        (await _site.AskAsync("ada", "POST", "/api/services/library/records/books", "{\"title\":\"Solaris\"}")).Is(200);
        (await _site.AskAsync("ben", "POST", "/api/services/library/actions/borrow", "{\"weeks\":2}")).Is(400);
        (await _site.AskAsync("ben", "POST", "/api/services/library/actions/borrow?record=1", "{\"weeks\":99}")).Is(400);
        (await _site.AskAsync("ben", "POST", "/api/services/library/actions/borrow?record=1", "{\"days\":2}")).Is(400);
        (await _site.AskAsync("ben", "POST", "/api/services/library/actions/barrow?record=1", "{}")).Is(404);
        (await _site.AskAsync("", "POST", "/api/services/library/actions/borrow?record=1", "{}")).Is(401);
        var done = (await _site.AskAsync("ben", "POST", "/api/services/library/actions/borrow?record=1", "{\"weeks\":2}")).Is(200).Json;
        Assert.Equal(1, done.GetProperty("id").GetInt32());
        (await _site.AskAsync("ben", "POST", "/api/services/library/actions/borrow?record=1", "{}")).Is(409);
        var loan = (await _site.AskAsync("ben", "GET", "/api/services/library/records/loans")).Json.GetProperty("records")[0];
        Assert.Equal("Solaris", loan.GetProperty("labels").GetProperty("book").GetString());
        var book = (await _site.AskAsync("", "GET", "/api/services/library/records/books/1")).Json;
        Assert.Equal("lent", book.GetProperty("fields").GetProperty("state").GetString());
    }

    private static int[] Counts(JsonElement page) =>
        [.. page.GetProperty("records").EnumerateArray().Select(record => record.GetProperty("fields").GetProperty("count").GetInt32())];
}
