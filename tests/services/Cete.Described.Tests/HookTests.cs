using Cete.Core;

namespace Cete.Described.Tests;

/// <summary>What happens by itself: once, wholly or not at all, and bounded.</summary>
public sealed class HookTests : IDisposable
{
    private const string Rules = "rules { list = \"\", view = \"\", create = \"\", update = \"\", delete = \"\" }";
    private readonly Shelf _shelf = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_service_sets_off_another_in_the_same_command()
    {
        await _shelf.PublishAsync(
            $$"""
            service { name = files }
            records { files { fields { name = text, size = integer }, {{Rules}} } }
            emits { published { name = text, by = account, size = integer } }
            hooks = [{
              on = files.created, when = "record.size > 0"
              steps = [{ emit = published, with { name = "record.name", by = "record.owner", size = "record.size" } }]
            }]
            """);
        await _shelf.PublishAsync(
            $$"""
            service { name = news }
            records { items { fields { text = text, by = account }, {{Rules}} } }
            hooks = [{
              on = "files:published", takes { name = text, by = account }
              steps = [{ create = items, with { text = "='New: ' + event.name", by = "=event.by" } }]
            }]
            """);
        var made = await _shelf.CreateAsync(Shelf.Ada, "files", "files", ("name", "song.ogg"), ("size", "5"));
        Assert.Equal(1, made.Value.Others);
        Assert.Equal("New: song.ogg", await _shelf.FieldAsync(Shelf.Guest, "news", "items", 1, "text"));
        Assert.Equal(Shelf.Ada.Account, await _shelf.FieldAsync(Shelf.Guest, "news", "items", 1, "by"));
        await _shelf.CreateAsync(Shelf.Ada, "files", "files", ("name", "empty"), ("size", "0"));
        Assert.Equal((long[])[1], await _shelf.IdsAsync(Shelf.Guest, "news", "items"));

        await _shelf.Services.WithdrawAsync("news", 1, Shelf.Administrator, null, Cancel);
        Assert.True((await _shelf.CreateAsync(Shelf.Ada, "files", "files", ("name", "more"), ("size", "1"))).Succeeded);
    }

    [Fact]
    public async Task A_hook_that_fails_is_undone_alone_and_does_what_it_said_for_that()
    {
        await _shelf.PublishAsync(
            $$"""
            service { name = s }
            records { notes { fields { title = text }, {{Rules}} }, logs { fields { text = text }, unique = [text], {{Rules}} } }
            hooks = [{
              name = log, on = notes.created
              steps = [{ create = logs, with { text = "='first ' + record.title" } }, { create = logs, with { text = "=record.title" } }]
              on-error = [{ create = logs, with { text = "='failed ' + record.title" } }]
            }]
            """);
        await _shelf.MakeAsync(Shelf.Ada, "s", "notes", ("title", "a"));
        Assert.True((await _shelf.CreateAsync(Shelf.Ada, "s", "notes", ("title", "a"))).Succeeded);
        var logs = (await _shelf.ListAsync(Shelf.Guest, new RecordQuery("s", "logs") { Sort = ["id"] })).Items.Select(log => FieldText.Write(log.Get("text")));
        Assert.Equal(["first a", "a", "failed a"], logs);
    }

    [Fact]
    public async Task Hooks_that_go_on_for_ever_have_what_began_them_refused()
    {
        await _shelf.PublishAsync(
            $$"""
            service { name = s }
            records { notes { fields { n = integer }, {{Rules}} } }
            hooks = [{ on = notes.created, when = "record.n != 3", steps = [{ create = notes, with { n = "=record.n + 1" } }] }]
            """);
        Assert.Equal(3, (await _shelf.CreateAsync(Shelf.Ada, "s", "notes", ("n", "0"))).Value.Others);
        var refused = await _shelf.CreateAsync(Shelf.Ada, "s", "notes", ("n", "4"));
        Assert.Contains("set each other off more than 8 deep", refused.Failure?.Message, StringComparison.Ordinal);
        Assert.Equal((long[])[1, 2, 3, 4], await _shelf.IdsAsync(Shelf.Guest, "s", "notes"));
    }

    [Fact]
    public async Task Schedules_happen_when_they_are_due_and_once()
    {
        await _shelf.PublishAsync(
            $$"""
            service { name = s }
            records { polls {
              fields { state { type = select, options = [open, closed], read-only = true }, closes = date-time, closed_at = date-time }
              states { start = open, moves { open = [closed] } }
              {{Rules}}
            } }
            hooks = [{
              every = 1m
              steps = [{
                each = polls, as = p, where = "p.state == 'open' && p.closes <= now"
                steps = [{ of = p, set { state = closed, closed_at = "=now" } }]
              }]
            }]
            """);
        await _shelf.MakeAsync(Shelf.Ada, "s", "polls",
            ("closes", FieldText.Write(Expressions.Value.OfTimestamp((_shelf.Group.Now + TimeSpan.FromMinutes(5)).Microseconds))));
        for (var minute = 1; minute <= 10; minute++)
        {
            _shelf.Group.Now += TimeSpan.FromMinutes(1);
            await _shelf.TickAsync();
            Assert.Equal(minute < 5 ? "open" : "closed", await _shelf.FieldAsync(Shelf.Guest, "s", "polls", 1, "state"));
        }

        Assert.Equal(2, (await _shelf.GetAsync(Shelf.Guest, "s", "polls", 1)).Value.Revision);
        Assert.Equal(FailureKind.Forbidden, (await _shelf.Services.TickAsync(Shelf.Administrator, Cancel)).Failure?.Kind);
    }

    [Fact]
    public async Task States_change_as_described_whoever_changes_them()
    {
        await _shelf.PublishAsync(
            $$"""
            service { name = s }
            records { tasks {
              fields { title = text, state { type = select, options = [todo, doing, done] } }
              states { start = todo, moves { todo = [doing], doing = [todo, done] } }
              {{Rules}}
            } }
            actions { finish { on = tasks, who = "", steps = [{ set { state = done } }] } }
            """);
        var id = await _shelf.MakeAsync(Shelf.Ada, "s", "tasks", ("title", "a"));
        Assert.Equal("state of new tasks is 'todo'", (await _shelf.CreateAsync(Shelf.Ada, "s", "tasks", ("state", "done"))).Failure?.Message);
        Assert.Equal("state is 'todo' and cannot become 'done'; it can become doing", (await _shelf.ActAsync(Shelf.Ada, "s", "finish", id)).Failure?.Message);
        Assert.True((await _shelf.SetAsync(Shelf.Ada, "s", "tasks", id, ("state", "doing"))).Succeeded);
        Assert.True((await _shelf.ActAsync(Shelf.Ada, "s", "finish", id)).Succeeded);
        Assert.Equal("state is 'done' and cannot become 'todo'; it stays so",
            (await _shelf.SetAsync(Shelf.Ada, "s", "tasks", id, ("state", "todo"))).Failure?.Message);
    }

    [Fact]
    public async Task One_command_changes_no_more_than_it_may()
    {
        await _shelf.PublishAsync(
            $$"""
            service { name = s }
            records { notes { fields { n = integer }, {{Rules}} } }
            actions { grow { who = "", steps = [{ each = notes, as = a, steps = [{ each = notes, as = b, steps = [{ of = b, set { n = "=b.n + 1" } }] }] }] } }
            """);
        for (var i = 0; i < 80; i++)
        {
            await _shelf.MakeAsync(Shelf.Ada, "s", "notes", ("n", "0"));
        }

        var refused = await _shelf.ActAsync(Shelf.Ada, "s", "grow", 0);
        Assert.Equal(FailureKind.TooLarge, refused.Failure?.Kind);
        Assert.Equal("0", await _shelf.FieldAsync(Shelf.Guest, "s", "notes", 1, "n"));
    }

    [Fact]
    public async Task What_was_deleted_long_ago_is_forgotten()
    {
        await _shelf.PublishAsync($"service {{ name = s }}\nrecords {{ notes {{ fields {{ n = integer }}, keep-deleted = 1d, {Rules} }} }}");
        await _shelf.MakeAsync(Shelf.Ada, "s", "notes", ("n", "0"));
        await _shelf.DeleteAsync(Shelf.Ada, "s", "notes", 1);
        _shelf.Group.Now += TimeSpan.FromHours(23);
        await _shelf.TickAsync();
        Assert.Single((await _shelf.ListAsync(Shelf.Ada, new RecordQuery("s", "notes") { IsDeleted = true })).Items);
        _shelf.Group.Now += TimeSpan.FromHours(2);
        await _shelf.TickAsync();
        Assert.Empty((await _shelf.ListAsync(Shelf.Ada, new RecordQuery("s", "notes") { IsDeleted = true })).Items);
        Assert.Equal(FailureKind.NotFound, (await _shelf.Services.RestoreAsync("s", "notes", 1, Shelf.Ada, null, Cancel)).Failure?.Kind);
    }

    public void Dispose() => _shelf.Dispose();
}
