using Cete.Core;

namespace Cete.Described.Tests;

/// <summary>Records, constraints and rules.</summary>
public sealed class RecordTests : IDisposable
{
    private const string Notes = """
        service { name = notes }
        records {
          notes {
            fields {
              title { type = text, required = true, min = 2, max = 20 }
              body = markdown
              stars { type = rating }
              count { type = integer, default = 0, min = -5, max = 1000 }
              price { type = decimal }
              tags { type = multi-select, options = [red, green, blue], max = 2 }
              day = date
              at = date-time
              long = duration
              mail = e-mail
              site = link
              who = account
              place = geo
              done { type = boolean, default = false }
              code { type = text, pattern = "[A-Z]{3}[0-9]+" }
              secret { type = text, rules { read = "record.owner == auth.id", write = "record.owner == auth.id" } }
              vault = sealed
              parent { type = relation, to = notes, on-delete = clear }
              twice { type = formula, value = "record.count * 2" }
              children { type = formula, value = "notes.count(n, n.parent == record.id)" }
            }
            unique = [code]
            rules {
              list = "!record.done || record.owner == auth.id"
              view = ""
              create = "auth.known && (record.stars == null || record.stars < 5)"
              update = "record.owner == auth.id && new.count >= record.count"
              delete = "record.owner == auth.id"
            }
          }
        }
        """;

    private readonly Shelf _shelf = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_type_comes_back_as_it_went_in()
    {
        await _shelf.PublishAsync(Notes);
        (string Name, string Text)[] values =
        [
            ("title", "Zoë 🦊"), ("body", "a\nb *c*"), ("stars", "4"), ("count", "7"), ("price", "12.5"), ("tags", "green, red"), ("day", "2026-02-28"),
            ("at", "2026-11-23T18:30:00Z"), ("long", "1d2h3m4s"), ("mail", "ada@example.org"), ("site", "https://example.org/a?b=c"),
            ("who", Shelf.AccountOf("ben")), ("place", "52.52,13.405"), ("done", "true"), ("code", "ABC12"), ("secret", "hush"), ("vault", "c2VhbGVk"),
        ];
        var id = await _shelf.MakeAsync(Shelf.Ada, "notes", "notes", values);
        foreach (var (name, text) in values)
        {
            Assert.Equal(text, await _shelf.FieldAsync(Shelf.Ada, "notes", "notes", id, name));
        }

        Assert.Equal("14", await _shelf.FieldAsync(Shelf.Ada, "notes", "notes", id, "twice"));
    }

    [Theory]
    [InlineData("title", "", "title is needed")]
    [InlineData("title", "x", "title has 1 characters; 2 is the least")]
    [InlineData("title", "123456789012345678901", "title has 21 characters; 20 is the most")]
    [InlineData("title", "a\nb", "title is one line")]
    [InlineData("title", "a\ud800b", "title holds a character that no text can hold")]
    [InlineData("body", "a\0b", "body holds a character that no text can hold")]
    [InlineData("stars", "0", "stars is 1 at least")]
    [InlineData("stars", "many", "stars: 'many' is not a whole number")]
    [InlineData("count", "-6", "count is -5 at least")]
    [InlineData("count", "99999999999999999999", "count: '99999999999999999999' is not a whole number")]
    [InlineData("price", "1.2345678", "price: '1.2345678' is not a number with at most 6 digits behind the point, as 12.50")]
    [InlineData("price", "9999999999999999", "price: '9999999999999999' is not a number with at most 6 digits behind the point, as 12.50")]
    [InlineData("tags", "red,pink", "tags has no choice 'pink'; there are red, green, blue")]
    [InlineData("tags", "red,red", "tags has 'red' twice")]
    [InlineData("tags", "red,green,blue", "tags takes 2 choices at most")]
    [InlineData("day", "2026-02-30", "day: '2026-02-30' is not a day, as 2026-11-23")]
    [InlineData("at", "yesterday", "at: 'yesterday' is not a moment, as 2026-11-23T18:30:00Z")]
    [InlineData("long", "3x", "long: '3x' is not a length of time, as 90m or 1d12h")]
    [InlineData("mail", "ada", "mail is an e-mail address, as ada@example.org")]
    [InlineData("site", "javascript:alert(1)", "site is an address that begins with https://, http://, mailto:, magnet:? or cete://")]
    [InlineData("who", "ben", "who is the id of an account")]
    [InlineData("place", "91,0", "place is a place in degrees, as 52.52,13.405")]
    [InlineData("done", "maybe", "done: 'maybe' is not true or false")]
    [InlineData("code", "abc1", "code does not look as it must ([A-Z]{3}[0-9]+)")]
    [InlineData("vault", "not base64!", "vault is base64")]
    [InlineData("parent", "17", "parent points to record 17 among notes, which there is not (any more)")]
    [InlineData("twice", "4", "notes have no field 'twice' to be set; did you mean 'price'?")]
    [InlineData("titel", "abc", "notes have no field 'titel' to be set; did you mean 'title'?")]
    public async Task What_a_field_does_not_take_is_refused_by_its_name(string field, string text, string message)
    {
        await _shelf.PublishAsync(Notes);
        (string, string)[] values = field == "title" ? [(field, text)] : [("title", "fine"), (field, text)];
        Assert.Equal(message, (await _shelf.CreateAsync(Shelf.Ada, "notes", "notes", values)).Failure?.Message);
        Assert.Empty(await _shelf.IdsAsync(Shelf.Ada, "notes", "notes"));
    }

    [Fact]
    public async Task Rules_decide_who_makes_changes_and_deletes_what()
    {
        await _shelf.PublishAsync(Notes);
        Assert.Equal(FailureKind.Unauthenticated, (await _shelf.CreateAsync(Shelf.Guest, "notes", "notes", ("title", "hello"))).Failure?.Kind);
        Assert.Equal(FailureKind.Forbidden, (await _shelf.CreateAsync(Shelf.Ada, "notes", "notes", ("title", "hello"), ("stars", "5"))).Failure?.Kind);
        var id = await _shelf.MakeAsync(Shelf.Ada, "notes", "notes", ("title", "hello"), ("count", "3"));
        Assert.Equal(FailureKind.Forbidden, (await _shelf.SetAsync(Shelf.Ben, "notes", "notes", id, ("title", "mine"))).Failure?.Kind);
        Assert.Equal(FailureKind.Forbidden, (await _shelf.SetAsync(Shelf.Ada, "notes", "notes", id, ("count", "2"))).Failure?.Kind);
        Assert.Equal(2, (await _shelf.SetAsync(Shelf.Ada, "notes", "notes", id, ("count", "4"))).Value.Revision);
        Assert.Equal(FailureKind.Forbidden, (await _shelf.DeleteAsync(Shelf.Ben, "notes", "notes", id)).Failure?.Kind);
        Assert.True((await _shelf.DeleteAsync(Shelf.Ada, "notes", "notes", id)).Succeeded);
        Assert.Equal(FailureKind.NotFound, (await _shelf.GetAsync(Shelf.Ada, "notes", "notes", id)).Failure?.Kind);
        Assert.Equal(FailureKind.NotFound, (await _shelf.Services.RestoreAsync("notes", "notes", id, Shelf.Ben, null, Cancel)).Failure?.Kind);
        Assert.True((await _shelf.Services.RestoreAsync("notes", "notes", id, Shelf.Ada, null, Cancel)).Succeeded);
        Assert.Equal("hello", await _shelf.FieldAsync(Shelf.Guest, "notes", "notes", id, "title"));
    }

    [Fact]
    public async Task What_one_may_not_see_tells_nothing_by_filter_order_or_count()
    {
        await _shelf.PublishAsync(Notes);
        var open = await _shelf.MakeAsync(Shelf.Ada, "notes", "notes", ("title", "open"), ("secret", "hush"));
        var own = await _shelf.MakeAsync(Shelf.Ada, "notes", "notes", ("title", "own"), ("done", "true"));

        Assert.Equal((long[])[open], await _shelf.IdsAsync(Shelf.Ben, "notes", "notes"));
        Assert.Equal((long[])[open, own], await _shelf.IdsAsync(Shelf.Ada, "notes", "notes"));
        Assert.Equal(1, (await _shelf.ListAsync(Shelf.Ben, new RecordQuery("notes", "notes") { IsCounted = true, Filter = "record.title != 'x'" })).Total);
        Assert.DoesNotContain("secret", (await _shelf.GetAsync(Shelf.Ben, "notes", "notes", open)).Value.Values.Select(pair => pair.Key));
        Assert.Equal("hush", await _shelf.FieldAsync(Shelf.Ada, "notes", "notes", open, "secret"));
        foreach (var query in new RecordQuery[]
        {
            new("notes", "notes") { Filter = "record.secret == 'hush'" }, new("notes", "notes") { Sort = ["secret"] },
            new("notes", "notes") { Filter = "record.vault == ''" }, new("notes", "notes") { Filter = "notes.exists(n, n.done)" },
            new("notes", "notes") { Filter = "record.parent.title == 'own'" },
        })
        {
            Assert.Equal(FailureKind.Invalid, (await _shelf.TryListAsync(Shelf.Ben, query)).Failure?.Kind);
        }

        Assert.Equal(FailureKind.Invalid,
            (await _shelf.Services.GroupAsync(new RecordQuery("notes", "notes"), "secret", null, Shelf.Ben.Standing, Cancel)).Failure?.Kind);
    }

    [Fact]
    public async Task A_stale_change_is_refused_and_counting_is_not()
    {
        await _shelf.PublishAsync(Notes);
        var id = await _shelf.MakeAsync(Shelf.Ada, "notes", "notes", ("title", "hello"));
        var up = new FieldEdit("count", EditKind.Add, InputValue.Of("2"));
        Assert.True((await _shelf.EditAsync(Shelf.Ada, "notes", "notes", id, up, revision: 1)).Succeeded);
        var stale = await _shelf.EditAsync(Shelf.Ada, "notes", "notes", id, up, revision: 1);
        Assert.Equal("it was changed meanwhile: its revision is 2, and you have seen 1; look at it again", stale.Failure?.Message);
        Assert.True((await _shelf.EditAsync(Shelf.Ada, "notes", "notes", id, up)).Succeeded);
        Assert.Equal("4", await _shelf.FieldAsync(Shelf.Ada, "notes", "notes", id, "count"));
        await _shelf.EditAsync(Shelf.Ada, "notes", "notes", id, new FieldEdit("tags", EditKind.Put, InputValue.Of((string[])["red", "blue"])));
        await _shelf.EditAsync(Shelf.Ada, "notes", "notes", id, new FieldEdit("tags", EditKind.Put, InputValue.Of((string[])["red"])));
        await _shelf.EditAsync(Shelf.Ada, "notes", "notes", id, new FieldEdit("tags", EditKind.Take, InputValue.Of((string[])["blue", "green"])));
        Assert.Equal("red", await _shelf.FieldAsync(Shelf.Ada, "notes", "notes", id, "tags"));
    }

    [Fact]
    public async Task No_two_have_what_is_unique_alike()
    {
        await _shelf.PublishAsync(Notes);
        var first = await _shelf.MakeAsync(Shelf.Ada, "notes", "notes", ("title", "one"), ("code", "ABC1"));
        Assert.Equal("there is one of notes with code 'ABC1' already",
            (await _shelf.CreateAsync(Shelf.Ada, "notes", "notes", ("title", "two"), ("code", "ABC1"))).Failure?.Message);
        await _shelf.MakeAsync(Shelf.Ada, "notes", "notes", ("title", "none"));
        await _shelf.MakeAsync(Shelf.Ada, "notes", "notes", ("title", "none either"));
        await _shelf.DeleteAsync(Shelf.Ada, "notes", "notes", first);
        await _shelf.MakeAsync(Shelf.Ada, "notes", "notes", ("title", "two"), ("code", "ABC1"));
        Assert.Equal(FailureKind.Conflict, (await _shelf.Services.RestoreAsync("notes", "notes", first, Shelf.Ada, null, Cancel)).Failure?.Kind);
    }

    [Fact]
    public async Task Relations_do_what_they_say_when_their_target_goes()
    {
        await _shelf.PublishAsync(Notes);
        var parent = await _shelf.MakeAsync(Shelf.Ada, "notes", "notes", ("title", "parent"));
        var child = await _shelf.MakeAsync(Shelf.Ben, "notes", "notes", ("title", "child"), ("parent", $"{parent}"));
        Assert.Equal("1", await _shelf.FieldAsync(Shelf.Ada, "notes", "notes", parent, "children"));
        Assert.Equal("parent", (await _shelf.GetAsync(Shelf.Ada, "notes", "notes", child)).Value.Labels["parent"]);
        await _shelf.DeleteAsync(Shelf.Ada, "notes", "notes", parent);
        Assert.Equal(string.Empty, await _shelf.FieldAsync(Shelf.Ada, "notes", "notes", child, "parent"));
        var history = (await _shelf.Services.HistoryAsync("notes", "notes", child, Shelf.Guest.Standing, Cancel)).Value;
        Assert.Equal(["updated", "created"], history.Select(change => change.What));
        Assert.Equal(new KeyValuePair<string, string>("parent", $"{parent}"), Assert.Single(history[0].Before));
    }

    [Fact]
    public async Task Pages_go_on_where_they_ended_in_every_order()
    {
        await _shelf.PublishAsync(Notes);
        for (var i = 0; i < 57; i++)
        {
            (string, string)[] stars = i % 4 == 0 ? [] : [("stars", $"{1 + (i % 4)}")];
            await _shelf.MakeAsync(Shelf.Ada, "notes", "notes", [("title", $"note {i % 10}"), ("count", $"{i}"), .. stars]);
        }

        foreach (var sort in new string[][] { [], ["id"], ["-id"], ["stars"], ["-stars"], ["title", "-stars"], ["-title", "stars"],
            ["-stars", "-title", "count"] })
        {
            List<RecordView> all = [];
            string? cursor = null;
            do
            {
                var page = await _shelf.ListAsync(Shelf.Ben, new RecordQuery("notes", "notes") { Sort = sort, Limit = 5, Cursor = cursor });
                all.AddRange(page.Items);
                cursor = page.Next;
            }
            while (cursor is not null);

            Assert.Equal(57, all.Select(record => record.Id).Distinct().Count());
            var whole = (await _shelf.ListAsync(Shelf.Ben, new RecordQuery("notes", "notes") { Sort = sort, Limit = 200 })).Items;
            Assert.Equal(whole.Select(record => record.Id), all.Select(record => record.Id));
        }

        foreach (var nonsense in new[] { "x", "!!!!", new string('A', 10_000), Convert.ToBase64String("-id\u001fi999999999999999999999"u8) })
        {
            Assert.Equal(5, (await _shelf.ListAsync(Shelf.Ben, new RecordQuery("notes", "notes") { Limit = 5, Cursor = nonsense })).Items.Count);
        }
    }

    [Fact]
    public async Task What_moderators_hide_nobody_sees()
    {
        await _shelf.PublishAsync(Notes);
        var id = await _shelf.MakeAsync(Shelf.Ada, "notes", "notes", ("title", "spam"));
        Assert.Equal(FailureKind.Forbidden, (await _shelf.Services.ModerateAsync("notes", "notes", id, true, "spam", Shelf.Ben, null, Cancel)).Failure?.Kind);
        Assert.True((await _shelf.Services.ModerateAsync("notes", "notes", id, true, "spam", Shelf.Administrator, null, Cancel)).Succeeded);
        Assert.Empty(await _shelf.IdsAsync(Shelf.Ada, "notes", "notes"));
        Assert.Equal(FailureKind.NotFound, (await _shelf.SetAsync(Shelf.Ada, "notes", "notes", id, ("title", "ham"))).Failure?.Kind);
        Assert.True((await _shelf.Services.ModerateAsync("notes", "notes", id, false, string.Empty, Shelf.Administrator, null, Cancel)).Succeeded);
        Assert.Equal((long[])[id], await _shelf.IdsAsync(Shelf.Guest, "notes", "notes"));
    }

    [Fact]
    public async Task Buttons_are_shown_to_those_who_may()
    {
        await _shelf.PublishAsync(Notes);
        var id = await _shelf.MakeAsync(Shelf.Ada, "notes", "notes", ("title", "hello"));
        Assert.Equal((true, true, true, false), await MayAsync(Shelf.Ada, id));
        Assert.Equal((true, false, false, false), await MayAsync(Shelf.Ben, id));
        Assert.Equal((false, false, false, false), await MayAsync(Shelf.Guest, id));
        Assert.Equal((true, false, false, false), await MayAsync(Shelf.Ben, 0));
    }

    public void Dispose() => _shelf.Dispose();

    private async Task<(bool, bool, bool, bool)> MayAsync(Cete.Groups.Asker asker, long id)
    {
        var may = (await _shelf.Services.MayAsync("notes", "notes", id, asker.Standing, Cancel)).Value;
        return (may.Create, may.Update, may.Delete, may.Moderate);
    }
}
