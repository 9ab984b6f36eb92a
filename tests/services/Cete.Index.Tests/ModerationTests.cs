using Cete.Core;
using Cete.Groups;
using Cete.Index.Moderation;
using Cete.Index.Proto;
using Google.Protobuf;
using static Cete.Index.Tests.IndexWorld;

namespace Cete.Index.Tests;

/// <summary>Reports, take-downs, appeals and decisions, and what they do to entries.</summary>
public sealed class ModerationTests
{
    private static readonly Asker Anna = Of("anna", RoleDefinition.Member);
    private static readonly Asker Ben = Of("ben", RoleDefinition.Member);
    private static readonly Asker Mod = Of("mod", RoleDefinition.Moderator);
    private static readonly Asker Guest = Of(string.Empty, RoleDefinition.Guest);
    private static readonly Hash256 Film = Root("film");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_taken_down_is_shown_so_and_neither_found_nor_filed_until_it_is_put_back()
    {
        await using var world = Start();
        Assert.True((await world.FileAsync(New("/films/summer film", "film"), New("/films/summer other", "other"))).Succeeded);
        Assert.True((await world.Service.TakeDownAsync(Film, "it is malware", Mod, null, Cancel)).Succeeded);
        Assert.Equal("it is malware", (await world.EntryAsync("/films/summer film")).Value.TakenDown);
        Assert.Null((await world.EntryAsync("/films/summer other")).Value.TakenDown);
        var listed = (await world.ListAsync(new EntryQuery { Folder = At("/films") })).Value.Items;
        Assert.Equal(["it is malware", null], listed.Select(entry => entry.TakenDown));
        Assert.Equal(["/films/summer other"], await world.FindAsync("summer"));
        Assert.DoesNotContain((await world.Service.SuggestAsync("summer f", 5, 5, Cancel)).Value.Entries, entry => entry.Root == Film);
        var again = (await world.FileAsync(New("/elsewhere/x", "film"))).Failure;
        Assert.Equal(FailureKind.TakenDown, again?.Kind);
        Assert.Contains("it is malware", again!.Message, StringComparison.Ordinal);
        Assert.Contains("cete appeal " + Film, again.Message, StringComparison.Ordinal);

        Assert.Equal(FailureKind.Conflict, await world.Service.TakeDownAsync(Film, "twice", Mod, null, Cancel).KindAsync());
        Assert.True((await world.Service.PutBackAsync(Film, "a false alarm", Mod, null, Cancel)).Succeeded);
        Assert.Equal(FailureKind.NotFound, await world.Service.PutBackAsync(Film, "again", Mod, null, Cancel).KindAsync());
        Assert.Null((await world.EntryAsync("/films/summer film")).Value.TakenDown);
        Assert.Equal(2, (await world.FindAsync("summer")).Count);
        Assert.True((await world.FileAsync(New("/elsewhere/x", "film"))).Succeeded);
    }

    [Fact]
    public async Task A_content_that_nobody_has_filed_yet_can_be_taken_down_too()
    {
        await using var world = Start();
        Assert.True((await world.Service.TakeDownAsync(Film, "known elsewhere", Mod, null, Cancel)).Succeeded);
        Assert.Equal(FailureKind.TakenDown, await world.FileAsync("/film", "film").KindAsync());
        var down = Assert.Single((await world.Service.TakenDownAsync(null, 10, Cancel)).Value.Items);
        Assert.Equal((Film, null, "known elsewhere", "mod"), (down.Root, down.Path, down.Reason, down.By));
    }

    [Fact]
    public async Task Who_has_the_right_moderates_and_who_has_an_account_reports_and_appeals()
    {
        await using var world = Start();
        await world.FileAsync("/film", "film");
        foreach (var (asker, kind) in new[] { (Anna, FailureKind.Forbidden), (Guest, FailureKind.Unauthenticated) })
        {
            Assert.Equal(kind, await world.Service.TakeDownAsync(Film, "why", asker, null, Cancel).KindAsync());
            Assert.Equal(kind, await world.Service.PutBackAsync(Film, "why", asker, null, Cancel).KindAsync());
            Assert.Equal(kind, await world.Service.DismissAsync(Film, "why", asker, null, Cancel).KindAsync());
            Assert.Equal(kind, await world.Service.DecideAsync(1, true, "why", asker, null, Cancel).KindAsync());
        }

        // Who keeps order in one folder has no say about what others have elsewhere.
        var keeper = Anna with { Grants = [.. Anna.Grants, Grant.Of("index.*@/music")] };
        Assert.Equal(FailureKind.Forbidden, await world.Service.TakeDownAsync(Film, "why", keeper, null, Cancel).KindAsync());
        Assert.Equal(FailureKind.Unauthenticated, await world.Service.ReportAsync(Film, ReportKind.Fake, "x", Guest, null, Cancel).KindAsync());
        var blind = Anna with { Grants = [] };
        Assert.Equal(FailureKind.Forbidden, await world.Service.ReportAsync(Film, ReportKind.Fake, "x", blind, null, Cancel).KindAsync());
        Assert.True((await world.Service.ReportAsync(Film, ReportKind.Fake, "x", Anna, null, Cancel)).Succeeded);
        Assert.True((await world.Service.TakeDownAsync(Film, "why", Mod, null, Cancel)).Succeeded);
        Assert.Equal(FailureKind.Unauthenticated, await world.Service.AppealAsync(Film, "x", Guest, null, Cancel).KindAsync());
        Assert.True((await world.Service.AppealAsync(Film, "x", Anna, null, Cancel)).Succeeded);
    }

    [Fact]
    public async Task An_account_reports_a_content_once_and_not_too_many_a_day()
    {
        await using var world = Start();
        await world.FileAsync([.. Enumerable.Range(0, Limits.ModerationADayMax + 1).Select(i => New($"/files/{i}", $"{i}"))]);
        for (var i = 0; i < Limits.ModerationADayMax; i++)
        {
            Assert.True((await world.Service.ReportAsync(Root($"{i}"), ReportKind.Fake, string.Empty, Anna, null, Cancel)).Succeeded);
        }

        var last = Root($"{Limits.ModerationADayMax}");
        Assert.Equal(FailureKind.Conflict, await world.Service.ReportAsync(Root("0"), ReportKind.Other, "again", Anna, null, Cancel).KindAsync());
        Assert.Equal(FailureKind.Throttled, await world.Service.ReportAsync(last, ReportKind.Fake, string.Empty, Anna, null, Cancel).KindAsync());
        Assert.True((await world.Service.ReportAsync(last, ReportKind.Fake, string.Empty, Ben, null, Cancel)).Succeeded);
        world.Clock.Advance(TimeSpan.FromDays(1));
        Assert.True((await world.Service.ReportAsync(last, ReportKind.Fake, string.Empty, Anna, null, Cancel)).Succeeded);
        Assert.Equal(Limits.ModerationADayMax + 2, (await ReportsAsync(world)).Count);
        Assert.Equal(FailureKind.NotFound, await world.Service.ReportAsync(Root("none"), ReportKind.Fake, string.Empty, Anna, null, Cancel).KindAsync());
    }

    [Fact]
    public async Task Reports_are_closed_by_a_take_down_or_by_whoever_dismisses_them()
    {
        await using var world = Start();
        await world.FileAsync(New("/a", "film"), New("/b", "b"));
        await world.Service.ReportAsync(Film, ReportKind.Malware, "ouch", Anna, null, Cancel);
        await world.Service.ReportAsync(Root("b"), ReportKind.Fake, "no", Anna, null, Cancel);
        Assert.Equal(["/b fake no anna", "/a malware ouch anna"], await ReportsAsync(world));
        Assert.True((await world.Service.DismissAsync(Root("b"), "it is right", Mod, null, Cancel)).Succeeded);
        Assert.Equal(FailureKind.NotFound, await world.Service.DismissAsync(Root("b"), "again", Mod, null, Cancel).KindAsync());
        await world.Service.TakeDownAsync(Film, "so it is", Mod, null, Cancel);
        Assert.Empty(await ReportsAsync(world));
        Assert.Equal(FailureKind.Conflict, await world.Service.ReportAsync(Film, ReportKind.Fake, "x", Ben, null, Cancel).KindAsync());
    }

    [Fact]
    public async Task An_appeal_is_open_once_and_puts_the_content_back_when_it_is_upheld()
    {
        await using var world = Start();
        await world.FileAsync("/film", "film");
        Assert.Equal(FailureKind.NotFound, await world.Service.AppealAsync(Film, "nothing happened yet", Anna, null, Cancel).KindAsync());
        await world.Service.TakeDownAsync(Film, "malware", Mod, null, Cancel);
        var first = await world.Service.AppealAsync(Film, "it is mine", Anna, null, Cancel);
        Assert.Equal(FailureKind.Conflict, await world.Service.AppealAsync(Film, "hello?", Anna, null, Cancel).KindAsync());
        Assert.True((await world.Service.DecideAsync(first.Value, false, "still found", Mod, null, Cancel)).Succeeded);
        Assert.Equal(FailureKind.NotFound, await world.Service.DecideAsync(first.Value, true, "twice", Mod, null, Cancel).KindAsync());
        Assert.NotNull((await world.EntryAsync("/film")).Value.TakenDown);
        var second = await world.Service.AppealAsync(Film, "look again", Anna, null, Cancel);
        Assert.True((await world.Service.AppealAsync(Film, "me too", Ben, null, Cancel)).Succeeded);
        var open = (await world.Service.AppealsAsync(null, 10, Cancel)).Value.Items;
        Assert.Equal(["ben: me too", "anna: look again"], open.Select(appeal => $"{appeal.By}: {appeal.Text}"));
        Assert.Equal("malware", open[0].Reason);
        Assert.True((await world.Service.DecideAsync(second.Value, true, "a false alarm", Mod, null, Cancel)).Succeeded);
        Assert.Null((await world.EntryAsync("/film")).Value.TakenDown);
        Assert.Empty((await world.Service.AppealsAsync(null, 10, Cancel)).Value.Items);
    }

    [Fact]
    public async Task The_log_tells_all_to_moderators_and_to_others_neither_reports_nor_who_appealed()
    {
        await using var world = Start();
        await world.FileAsync("/film", "film");
        await world.Service.ReportAsync(Film, ReportKind.Fake, "bad", Anna, null, Cancel);
        await world.Service.TakeDownAsync(Film, "fake", Mod, null, Cancel);
        var appeal = await world.Service.AppealAsync(Film, "it is not", Ben, null, Cancel);
        await world.Service.DecideAsync(appeal.Value, true, "right", Mod, null, Cancel);
        Assert.Equal(["uphold mod right", "appeal ben it is not", "take-down mod fake", "report anna bad"], await LogAsync(world, isWhole: true));
        Assert.Equal(["uphold mod right", "appeal  it is not", "take-down mod fake"], await LogAsync(world, isWhole: false));

        // Page by page it is the same.
        var page = (await world.Service.ModerationLogAsync(true, null, 3, Cancel)).Value;
        var rest = (await world.Service.ModerationLogAsync(true, page.Next, 3, Cancel)).Value;
        Assert.Equal((3, 1, null), (page.Items.Count, rest.Items.Count, rest.Next));
        Assert.Equal(4, (await world.Service.ModerationLogAsync(true, "rubbish", 10, Cancel)).Value.Items.Count);
    }

    [Fact]
    public async Task What_no_root_of_ours_proposes_is_refused_and_stops_nothing()
    {
        await using var world = Start();
        await world.FileAsync("/film", "film");
        var root = ByteString.CopyFrom(Film.ToArray());
        var longText = new string('x', Limits.ModerationTextMax + 1);
        (IMessage Command, FailureKind Kind)[] hostile =
        [
            (new TakeDown { Root = root }, FailureKind.Invalid),
            (new TakeDown { Root = root, Reason = " \n" }, FailureKind.Invalid),
            (new TakeDown { Root = root, Reason = "a\0b" }, FailureKind.Invalid),
            (new TakeDown { Root = root, Reason = longText }, FailureKind.TooLarge),
            (new TakeDown { Root = ByteString.CopyFrom(1, 2, 3), Reason = "short" }, FailureKind.Invalid),
            (new TakeDown { Reason = "none" }, FailureKind.Invalid),
            (new PutBack { Root = ByteString.CopyFrom(new byte[33]), Why = "long" }, FailureKind.Invalid),
            (new ReportContent { Root = root, Kind = "boring" }, FailureKind.Invalid),
            (new ReportContent { Root = root, Kind = "fake", Text = longText }, FailureKind.TooLarge),
            (new AppealTakeDown { Root = root }, FailureKind.Invalid),
            (new DecideAppeal { Appeal = long.MinValue, Upheld = true, Why = "x" }, FailureKind.NotFound),
            (new DismissReports { Root = root, Why = "none is open" }, FailureKind.NotFound),
        ];
        foreach (var (command, kind) in hostile)
        {
            var reply = await world.Group.SubmitAsync(new ClientCommand(command.Descriptor.Name, command.ToByteArray(), Mod), Cancel);
            Assert.Equal(kind, reply.Value.Result.Failure?.Kind);
        }

        var broken = await world.Group.SubmitAsync(new ClientCommand(nameof(TakeDown), new byte[] { 0xff, 0xff, 1 }, Mod), Cancel);
        Assert.Equal(FailureKind.Invalid, broken.Value.Result.Failure?.Kind);
        Assert.Empty(await LogAsync(world, isWhole: true));
        Assert.True((await world.FileAsync("/more", "more")).Succeeded);
    }

    [Fact]
    public async Task Below_its_level_nothing_is_taken_down_and_a_log_of_both_replays_to_the_same_tables()
    {
        await using var old = Start(new IndexMachine(levelMax: IndexMachine.MovesLevel));
        await old.FileAsync("/film", "film");
        Assert.Equal(FailureKind.Unavailable, await old.Service.TakeDownAsync(Film, "too early", Mod, null, Cancel).KindAsync());
        Assert.Empty((await old.Service.TakenDownAsync(null, 10, Cancel)).Value.Items);
        Assert.Empty((await old.Service.TakenDownSinceAsync(0, Cancel)).Value.Changes);
        Assert.Null((await old.EntryAsync("/film")).Value.TakenDown);
        await using var raised = await ReopenAsync(old);
        await raised.Service.ReportAsync(Film, ReportKind.Illegal, "look", Anna, null, Cancel);
        Assert.True((await raised.Service.TakeDownAsync(Film, "now", Mod, null, Cancel)).Succeeded);
        await raised.Service.AppealAsync(Film, "why?", Ben, null, Cancel);
        await raised.FileAsync("/again", "film");
        Assert.Equal(IndexMachine.ModerationLevel, raised.Group.Status.Level);
        await using var replayed = Replay(raised);
        Assert.Equal("now", (await replayed.EntryAsync("/film")).Value.TakenDown);
        Assert.Equal(Tables.Dump(raised.Database), Tables.Dump(replayed.Database));
    }

    [Fact]
    public async Task A_node_without_the_index_is_told_what_was_taken_down_and_what_came_back()
    {
        await using var world = Start();
        Blocklist list = new();
        for (var i = 0; i < ModerationQueries.ChangesMax + 5; i++)
        {
            Assert.True((await world.Service.TakeDownAsync(Root($"{i}"), $"reason {i}", Mod, null, Cancel)).Succeeded);
        }

        await world.Service.PutBackAsync(Root("3"), "back", Mod, null, Cancel);
        await TellAsync();
        Assert.Equal(ModerationQueries.ChangesMax + 4, list.Count);
        Assert.Null(list.Refuse(Root("3")));
        Assert.Contains("reason 4", list.Refuse(Root("4"))!.Message, StringComparison.Ordinal);
        Assert.Equal(FailureKind.TakenDown, list.Refuse(Root("1001"))!.Kind);
        await world.Service.PutBackAsync(Root("4"), "back", Mod, null, Cancel);
        await TellAsync();
        Assert.Null(list.Refuse(Root("4")));

        // One answer that knows less is a replica that lags; many are another log, of which all is read again.
        for (var i = 0; i < 10; i++)
        {
            list.Take(new TakenDownPage([], 1, IsMore: false));
            Assert.Equal(i < 4, list.Count > 0);
        }

        async Task TellAsync()
        {
            bool more;
            do
            {
                var page = await world.Service.TakenDownSinceAsync(list.Known, Cancel);
                more = list.Take(TakenDownCodec.ReadPage(TakenDownCodec.Write(page)).Value);
            }
            while (more);
        }
    }

    [Fact]
    public void What_another_node_tells_is_not_believed_when_it_makes_no_sense()
    {
        TakenDownAnswer[] bad =
        [
            new() { End = -1 },
            new() { End = 5, Acts = { new TakenDownAct { Act = 6, Root = ByteString.CopyFrom(Film.ToArray()) } } },
            new() { End = 5, Acts = { new TakenDownAct { Act = 1, Root = ByteString.CopyFrom(1) } } },
            new() { End = 5, Acts = { new TakenDownAct { Act = 1, Root = ByteString.CopyFrom(Film.ToArray()), Reason = new string('x', 5_000) } } },
        ];
        Assert.All(bad, answer => Assert.Equal(FailureKind.Damaged, TakenDownCodec.ReadPage(answer.ToByteArray()).Failure?.Kind));
        Assert.Equal(FailureKind.Damaged, TakenDownCodec.ReadPage(new byte[] { 0xff }).Failure?.Kind);
        Assert.Equal(FailureKind.Damaged, TakenDownCodec.ReadQuestion(new TakenDownQuestion { After = -1 }.ToByteArray()).Failure?.Kind);
    }

    private static Asker Of(string account, string role) =>
        new(account, [role]) { Grants = RoleDefinition.Defaults.Single(known => known.Name == role).Grants };

    private static async Task<List<string>> ReportsAsync(IndexWorld world) =>
        [.. (await world.Service.ReportsAsync(null, 100, Cancel)).Value.Items.Select(report => $"{report.Path} {report.Kind} {report.Text} {report.By}")];

    private static async Task<List<string>> LogAsync(IndexWorld world, bool isWhole) =>
        [.. (await world.Service.ModerationLogAsync(isWhole, null, 100, Cancel)).Value.Items.Select(act => $"{act.Act} {act.By} {act.Note}")];
}
