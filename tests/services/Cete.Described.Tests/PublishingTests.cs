using Cete.Core;

namespace Cete.Described.Tests;

/// <summary>The life of a description: published, changed with the records that are there, taken back, withdrawn.</summary>
public sealed class PublishingTests : IDisposable
{
    private const string Rules = "rules { list = \"\", view = \"\", create = \"\", update = \"\", delete = \"\" }";
    private readonly Shelf _shelf = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_those_who_may_publish_do()
    {
        var json = Shelf.Read(Describe("title = text")).Descriptor!.Json;
        Assert.Equal(FailureKind.Forbidden, (await _shelf.Services.PublishAsync(json, 0, Shelf.Ada, null, Cancel)).Failure?.Kind);
        Assert.Equal(FailureKind.Unauthenticated, (await _shelf.Services.PublishAsync(json, 0, Shelf.Guest, null, Cancel)).Failure?.Kind);
        Assert.Equal(1, (await _shelf.Services.PublishAsync(json, 0, Shelf.Administrator, null, Cancel)).Value.Edition);
    }

    [Fact]
    public async Task Two_who_publish_at_once_do_not_undo_each_other()
    {
        await _shelf.PublishAsync(Describe("title = text"));
        Assert.Equal(
            "there is a service 's' already, in edition 1; say that it is to be replaced",
            (await _shelf.TryPublishAsync(Describe("name = text"))).Failure?.Message);
        Assert.Equal(2, await _shelf.PublishAsync(Describe("title = text, more = text"), 1));
        Assert.Equal(
            "'s' was published meanwhile: it has edition 2, not 1; look at it again",
                (await _shelf.TryPublishAsync(Describe("title = text, other = text"), 1)).Failure?.Message);
        Assert.Equal(2, await _shelf.PublishAsync(Describe("title = text, more = text"), 2));
    }

    [Fact]
    public async Task Records_go_on_under_a_changed_description()
    {
        await _shelf.PublishAsync(Describe("title = text, pages = integer, kind { type = select, options = [a, b] }, day = date, stars { type = rating }"));
        var id = await _shelf.MakeAsync(Shelf.Ada, "s", "notes", ("title", "one"), ("pages", "7"), ("kind", "a"), ("day", "2026-11-23"), ("stars", "3"));
        var changed = await _shelf.TryPublishAsync(
            """
            service { name = s }
            records { papers {
              was = notes
              fields {
                name { type = markdown, was = title }
                pages = decimal
                kind { type = multi-select, options = [a, b, c] }
                day = date-time
                stars = text
                state { type = select, options = [draft, done], default = draft, required = true }
                extra = text
              }
              indexes = [[name]]
              rules { list = "", view = "", create = "", update = "" }
            } }
            """,
            1);
        Assert.True(changed.Succeeded, changed.Failure?.Message);
        var record = (await _shelf.GetAsync(Shelf.Guest, "s", "papers", id)).Value;
        Assert.Equal(
            "one|7|a|2026-11-23T00:00:00Z|3|draft|", string.Join('|', record.Values.Select(pair => FieldText.Write(pair.Value))));
        Assert.Equal(
            [
                "notes are called papers now", "papers.title is called name now", "papers.name is markdown now, and was text",
                "papers.pages is decimal now, and was integer", "papers.kind is multi-select now, and was select", "papers.day is date-time now, and was date",
                "papers.stars is text now, and was rating", "papers.state is new", "papers.state is 'draft' where nothing was said (1 records)",
                    "papers.extra is new", "papers are searched by stars, name, extra now",
            ],
            changed.Value.Changes);
        Assert.Equal(["created"], (await _shelf.Services.HistoryAsync("s", "papers", id, Shelf.Guest.Standing, Cancel)).Value.Select(one => one.What));
        Assert.Equal(2, await _shelf.MakeAsync(Shelf.Ada, "s", "papers", ("name", "two"), ("pages", "1.5"), ("kind", "b,c")));
    }

    [Theory]
    [InlineData("other = text",
        "records.notes.fields.title is left out, and 2 records have something there: say drops = [title] to lose it, or by 'was' which field it becomes")]
    [InlineData("title = integer", "records.notes.fields.title was text and cannot become integer: take a new field")]
    [InlineData("title = text, more { type = text, required = true }",
        "records.notes.fields.more is required, and 2 records have nothing there: give it a default")]
    [InlineData("title { type = select, options = [same] }",
        "records.notes.fields.title has no choice 'other' any more, which 1 records have: keep it, or change those records first")]
    public async Task What_would_lose_something_is_refused_and_changes_nothing(string fields, string message)
    {
        await _shelf.PublishAsync(Describe("title = text"));
        await _shelf.MakeAsync(Shelf.Ada, "s", "notes", ("title", "same"));
        await _shelf.MakeAsync(Shelf.Ada, "s", "notes", ("title", "other"));
        Assert.Equal(message, (await _shelf.TryPublishAsync(Describe(fields), 1)).Failure?.Message);
        Assert.Equal("same", await _shelf.FieldAsync(Shelf.Guest, "s", "notes", 1, "title"));
        Assert.Equal(1, (await _shelf.Services.DescribeAsync("s", Cancel)).Value.Edition);
        await _shelf.MakeAsync(Shelf.Ada, "s", "notes", ("title", "more"));
    }

    [Fact]
    public async Task What_is_given_up_by_name_goes()
    {
        await _shelf.PublishAsync(Describe("title = text, old = text"));
        await _shelf.MakeAsync(Shelf.Ada, "s", "notes", ("title", "one"), ("old", "gone"));
        await _shelf.PublishAsync(Describe("title = text", "drops = [old]"), 1);
        Assert.Equal("one", await _shelf.FieldAsync(Shelf.Guest, "s", "notes", 1, "title"));
    }

    [Fact]
    public async Task A_kind_with_records_stays()
    {
        await _shelf.PublishAsync(
            $"service {{ name = s }}\nrecords {{ notes {{ fields {{ title = text }}, {Rules} }}, logs {{ fields {{ text = text }}, {Rules} }} }}");
        await _shelf.MakeAsync(Shelf.Ada, "s", "logs", ("text", "one"));
        Assert.Equal(
            "records.logs is left out, and there are 1: delete them first, or say by 'was = logs' which kind they become",
            (await _shelf.TryPublishAsync(Describe("title = text"), 1)).Failure?.Message);
        await _shelf.DeleteAsync(Shelf.Ada, "s", "logs", 1);
        await _shelf.PublishAsync(Describe("title = text"), 1);
    }

    [Fact]
    public async Task Twins_are_found_before_they_must_not_be()
    {
        await _shelf.PublishAsync(Describe("title = text"));
        await _shelf.MakeAsync(Shelf.Ada, "s", "notes", ("title", "same"));
        await _shelf.MakeAsync(Shelf.Ada, "s", "notes", ("title", "same"));
        Assert.Equal(
            "records.notes.unique: 1 times there are several records with the same title; change those first",
            (await _shelf.TryPublishAsync(Describe("title = text", "unique = [title]"), 1)).Failure?.Message);
    }

    [Fact]
    public async Task An_earlier_edition_is_gone_back_to_and_a_withdrawn_service_comes_back_with_its_records()
    {
        await _shelf.PublishAsync(Describe("title = text"));
        await _shelf.MakeAsync(Shelf.Ada, "s", "notes", ("title", "one"));
        await _shelf.PublishAsync(Describe("title = text, more = text"), 1);
        var first = (await _shelf.Services.DescriptionAsync("s", 1, Cancel)).Value;
        Assert.Equal(3, (await _shelf.Services.PublishAsync(first, 2, Shelf.Administrator, null, Cancel)).Value.Edition);
        Assert.Equal([3L, 2L, 1L], (await _shelf.Services.EditionsAsync("s", Cancel)).Value.Select(edition => edition.Edition));

        Assert.True((await _shelf.Services.WithdrawAsync("s", 3, Shelf.Administrator, null, Cancel)).Succeeded);
        Assert.Equal(FailureKind.NotFound, (await _shelf.GetAsync(Shelf.Ada, "s", "notes", 1)).Failure?.Kind);
        Assert.Empty((await _shelf.Services.ServicesAsync(Cancel)).Value);
        Assert.Equal(4, (await _shelf.Services.PublishAsync(first, 0, Shelf.Administrator, null, Cancel)).Value.Edition);
        Assert.Equal("one", await _shelf.FieldAsync(Shelf.Ada, "s", "notes", 1, "title"));
    }

    [Fact]
    public async Task What_is_no_description_is_refused_with_what_is_wrong()
    {
        var refused = await _shelf.Services.PublishAsync("{\"service\":{\"name\":\"s\"}}", 0, Shelf.Administrator, null, Cancel);
        Assert.Equal(FailureKind.Invalid, refused.Failure?.Kind);
        Assert.Contains("there are no records", refused.Failure!.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _shelf.Dispose();

    private static string Describe(string fields, string more = "") =>
        $"service {{ name = s }}\nrecords {{ notes {{ fields {{ {fields} }}, {(more.Length > 0 ? more + ", " : string.Empty)}{Rules} }} }}";
}
