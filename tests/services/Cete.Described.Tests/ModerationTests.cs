using Cete.Core;
using Cete.Groups;

namespace Cete.Described.Tests;

/// <summary>Reports of records, what is hidden, and what somebody may do as pages ask it.</summary>
public sealed class ModerationTests : IDisposable
{
    private const string Wall = """
        service { name = wall }
        records {
          notes {
            fields {
              title { type = text, required = true }
              secret { type = text, rules { read = "record.owner == auth.id", write = "record.owner == auth.id" } }
              state { type = select, options = [draft, open, closed] }
              size { type = select, options = [big, small], default = big }
              private { type = boolean, default = false }
            }
            states { start = draft, moves { draft = [open], open = [closed, draft] }, field = state }
            rules {
              list = "!record.private || record.owner == auth.id"
              view = "!record.private || record.owner == auth.id"
              create = "auth.known && record.owner != ''"
              update = "record.owner == auth.id && new.size != 'small'"
              delete = "record.owner == auth.id"
            }
          }
        }
        actions { shut { on = notes, who = "auth.known", when = "record.state == 'open'", steps = [{ set { state = closed } }] } }
        """;

    private readonly Shelf _shelf = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Asker Moderator { get; } = Shelf.Administrator;

    [Fact]
    public async Task A_report_is_seen_by_moderators_and_closed_by_them()
    {
        var id = await BeginAsync();
        Assert.True((await ReportAsync(Shelf.Ben, id, "spam")).Succeeded);
        Assert.Equal(FailureKind.Conflict, (await ReportAsync(Shelf.Ben, id, "spam again")).Failure?.Kind);
        Assert.True((await ReportAsync(Shelf.Ada, id, "rude")).Succeeded);
        var open = await ReportsAsync();
        Assert.Equal([("rude", Shelf.Ada.Account), ("spam", Shelf.Ben.Account)], open.Select(report => (report.Note, report.By)));
        Assert.All(
            open, report => Assert.Equal(("wall", "notes", id, "Hello"), (report.Record.Service, report.Record.Kind, report.Record.Id, report.Record.Label)));

        Assert.Equal(FailureKind.Forbidden, (await _shelf.Services.DismissAsync("wall", "notes", id, "fine", Shelf.Ben, null, Cancel)).Failure?.Kind);
        Assert.True((await _shelf.Services.DismissAsync("wall", "notes", id, "fine", Moderator, null, Cancel)).Succeeded);
        Assert.Equal(FailureKind.NotFound, (await _shelf.Services.DismissAsync("wall", "notes", id, "fine", Moderator, null, Cancel)).Failure?.Kind);
        Assert.Empty(await ReportsAsync());
        Assert.Equal(["dismiss", "report", "report"], (await ActsAsync()).Select(act => act.Act));
    }

    [Fact]
    public async Task What_is_hidden_is_listed_with_who_when_and_why()
    {
        var id = await BeginAsync();
        Assert.True((await ReportAsync(Shelf.Ben, id, "spam")).Succeeded);
        Assert.True((await HideAsync(id, true, "it is spam")).Succeeded);
        Assert.Empty(await ReportsAsync());
        var hidden = Assert.Single((await _shelf.Services.HiddenAsync(null, 10, Moderator.Standing, Cancel)).Value.Items);
        Assert.Equal(("it is spam", Moderator.Account, _shelf.Group.Now, "Hello"), (hidden.Note, hidden.By, hidden.At, hidden.Record.Label));
        Assert.False((await _shelf.GetAsync(Shelf.Ada, "wall", "notes", id)).Succeeded);

        Assert.True((await HideAsync(id, false, "a mistake")).Succeeded);
        Assert.Empty((await _shelf.Services.HiddenAsync(null, 10, Moderator.Standing, Cancel)).Value.Items);
        Assert.Equal([("show", "a mistake"), ("hide", "it is spam"), ("report", "spam")], (await ActsAsync()).Select(act => (act.Act, act.Note)));
        var history = (await _shelf.Services.HistoryAsync("wall", "notes", id, Shelf.Ada.Standing, Cancel)).Value;
        Assert.Equal([("shown", string.Empty), ("hidden", "it is spam"), ("created", string.Empty)], history.Select(change => (change.What, change.Reason)));
    }

    [Fact]
    public async Task Moderators_see_of_private_records_what_was_reported_alone()
    {
        await _shelf.PublishAsync(Wall);
        var id = await _shelf.MakeAsync(Shelf.Ada, "wall", "notes", ("title", "Diary"), ("private", "true"), ("secret", "hush"));
        Assert.Equal(FailureKind.NotFound, (await ReportAsync(Shelf.Ben, id, "spam")).Failure?.Kind);
        Assert.True((await HideAsync(id, true, "by its number")).Succeeded);
        var hidden = Assert.Single((await _shelf.Services.HiddenAsync(null, 10, Moderator.Standing, Cancel)).Value.Items);
        Assert.Equal((null, string.Empty), (hidden.Record.View, hidden.Record.Label));
        Assert.True((await HideAsync(id, false, string.Empty)).Succeeded);

        Assert.True((await ReportAsync(Shelf.Ada, id, "I regret it")).Succeeded);
        var report = Assert.Single(await ReportsAsync());
        Assert.Equal("Diary", report.Record.Label);
        Assert.True(report.Record.View!.Get("secret").IsNull);
    }

    [Fact]
    public async Task Reports_are_bounded_and_for_those_who_are_known()
    {
        var id = await BeginAsync();
        Assert.Equal(FailureKind.Unauthenticated, (await ReportAsync(Shelf.Guest, id, "spam")).Failure?.Kind);
        Assert.Equal(FailureKind.Invalid, (await ReportAsync(Shelf.Ben, id, " ")).Failure?.Kind);
        Assert.Equal(FailureKind.Invalid, (await ReportAsync(Shelf.Ben, id, "a\0b")).Failure?.Kind);
        Assert.Equal(FailureKind.TooLarge, (await ReportAsync(Shelf.Ben, id, new string('a', 501))).Failure?.Kind);
        Assert.Equal(FailureKind.NotFound, (await ReportAsync(Shelf.Ben, 99, "spam")).Failure?.Kind);
        Assert.Equal(FailureKind.Unauthenticated, (await _shelf.Services.ReportsAsync(null, 10, Shelf.Guest.Standing, Cancel)).Failure?.Kind);
        Assert.Equal(FailureKind.Forbidden, (await _shelf.Services.HiddenAsync(null, 10, Shelf.Ben.Standing, Cancel)).Failure?.Kind);
        Assert.Equal(FailureKind.Forbidden, (await _shelf.Services.ActsAsync(null, 10, Shelf.Ben.Standing, Cancel)).Failure?.Kind);
        Assert.Equal(FailureKind.Invalid, (await _shelf.Services.ActsAsync("x", 10, Moderator.Standing, Cancel)).Failure?.Kind);
        for (var i = 0; i < Limits.ModerationADayMax; i++)
        {
            var other = await _shelf.MakeAsync(Shelf.Ada, "wall", "notes", ("title", $"N{i}"));
            Assert.True((await ReportAsync(Shelf.Ben, other, "spam")).Succeeded);
        }

        Assert.Equal(FailureKind.Throttled, (await ReportAsync(Shelf.Ben, id, "spam")).Failure?.Kind);
        var first = (await _shelf.Services.ReportsAsync(null, 15, Moderator.Standing, Cancel)).Value;
        var second = (await _shelf.Services.ReportsAsync(first.Next, 15, Moderator.Standing, Cancel)).Value;
        Assert.Equal((15, 5, null), (first.Items.Count, second.Items.Count, second.Next));
    }

    [Fact]
    public async Task What_was_hidden_before_there_was_a_list_is_in_it()
    {
        using var before = new Shelf(1);
        var id = await BeginAsync(before);
        var other = await before.MakeAsync(Shelf.Ada, "wall", "notes", ("title", "Shown again"));
        foreach (var (record, isHidden) in ((long, bool)[])[(id, true), (other, true), (other, false)])
        {
            Assert.True((await before.Services.ModerateAsync("wall", "notes", record, isHidden, "spam", Moderator, null, Cancel)).Succeeded);
        }

        Assert.Equal(FailureKind.Unavailable, (await before.Services.ReportAsync("wall", "notes", other, "x", Shelf.Ben, null, Cancel)).Failure?.Kind);
        Assert.Empty((await before.Services.HiddenAsync(null, 10, Moderator.Standing, Cancel)).Value.Items);
        before.Raise(2);
        var hidden = Assert.Single((await before.Services.HiddenAsync(null, 10, Moderator.Standing, Cancel)).Value.Items);
        Assert.Equal((id, "spam", Moderator.Account), (hidden.Record.Id, hidden.Note, hidden.By));
    }

    [Fact]
    public void Names_of_addresses_are_refused_but_go_on_where_they_are()
    {
        string[] taken =
        [
            "service { name = moderation }\nrecords { notes { fields { title = text } } }",
            "service { name = wall }\nrecords { do { fields { title = text } } }",
            "service { name = wall }\nrecords { notes { fields { title = text } } }\nviews { about { kind = table, records = notes } }",
        ];
        foreach (var text in taken)
        {
            var reading = Shelf.Read(text);
            Assert.Null(reading.Descriptor);
            Assert.Contains("address", reading.Errors, StringComparison.Ordinal);
            Assert.NotNull(DescriptorReader.ReadJson(Hocon.HoconWriter.ToJson(Hocon.HoconDocument.Load(text, "t")), "t", isNew: false).Descriptor);
        }

        var views = Shelf.Read("service { name = wall }\nrecords { about { fields { title = text } } }").Descriptor!.Views;
        Assert.DoesNotContain("about", views.Select(view => view.Name));
    }

    [Fact]
    public async Task Pages_are_told_what_may_be_done_in_one_question()
    {
        var id = await BeginAsync();
        var asked = new RightsAsked("notes") { Records = [id, 99], Column = "state" };
        var ada = (await _shelf.Services.RightsAsync("wall", [asked, new RightsAsked("nothing")], Shelf.Ada.Standing, Cancel)).Value;
        Assert.True(ada.Of("notes").Create);
        Assert.Equal((true, true), (ada.Records[("notes", id)].Update, ada.Records[("notes", id)].Delete));
        Assert.Equal(["open"], ada.Records[("notes", id)].Moves);
        Assert.Empty(ada.Records[("notes", id)].Locked);
        Assert.DoesNotContain(("notes", 99L), ada.Records.Keys);

        var ben = (await _shelf.Services.RightsAsync("wall", [asked], Shelf.Ben.Standing, Cancel)).Value;
        Assert.Equal((false, false), (ben.Records[("notes", id)].Update, ben.Records[("notes", id)].Delete));
        Assert.Equal(["secret"], ben.Records[("notes", id)].Locked);
        Assert.Empty(ben.Records[("notes", id)].Moves);
        Assert.Empty(ben.Records[("notes", id)].Actions);
        Assert.True((await _shelf.SetAsync(Shelf.Ada, "wall", "notes", id, ("state", "open"))).Succeeded);
        Assert.Equal(["shut"], (await _shelf.Services.RightsAsync("wall", [asked], Shelf.Ben.Standing, Cancel)).Value.Records[("notes", id)].Actions);
        var size = asked with { Column = "size" };
        Assert.Empty((await _shelf.Services.RightsAsync("wall", [size], Shelf.Ada.Standing, Cancel)).Value.Records[("notes", id)].Moves);
        Assert.False((await _shelf.Services.RightsAsync("wall", [asked], Shelf.Guest.Standing, Cancel)).Value.Of("notes").Create);
        Assert.Equal(FailureKind.NotFound, (await _shelf.Services.RightsAsync("nothing", [asked], Shelf.Ada.Standing, Cancel)).Failure?.Kind);
    }

    public void Dispose() => _shelf.Dispose();

    private Task<long> BeginAsync() => BeginAsync(_shelf);

    private static async Task<long> BeginAsync(Shelf shelf)
    {
        await shelf.PublishAsync(Wall);
        return await shelf.MakeAsync(Shelf.Ada, "wall", "notes", ("title", "Hello"));
    }

    private Task<Outcome<long>> ReportAsync(Asker asker, long id, string reason) =>
        _shelf.Services.ReportAsync("wall", "notes", id, reason, asker, null, Cancel);

    private Task<Outcome<Written>> HideAsync(long id, bool isHidden, string reason) =>
        _shelf.Services.ModerateAsync("wall", "notes", id, isHidden, reason, Moderator, null, Cancel);

    private async Task<IReadOnlyList<RecordReport>> ReportsAsync() => (await _shelf.Services.ReportsAsync(null, 50, Moderator.Standing, Cancel)).Value.Items;

    private async Task<IReadOnlyList<RecordAct>> ActsAsync() => (await _shelf.Services.ActsAsync(null, 50, Moderator.Standing, Cancel)).Value.Items;
}
