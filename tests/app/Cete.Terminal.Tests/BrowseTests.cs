using Cete.Api;
using Cete.App.Verbs.Open.Model;

namespace Cete.Terminal.Tests;

/// <summary>Views and records, read by the keyboard.</summary>
public sealed class BrowseTests
{
    private const string Down = "\u001b[B";

    [Fact]
    public void A_list_is_shown_at_80_by_24()
    {
        var bench = Bench.Open("forum").Fill(Topic(1, "Bread"), Topic(2, "Cheese"));
        Assert.Equal(
            """
             Forum › Topics (2)                                                    not live
            › Bread
                Board: General · Posts: 3 · Last post: 2026-11-23 17:30
              Cheese
                Board: General · Posts: 3 · Last post: 2026-11-23 17:30
            """.ReplaceLineEndings("\n"),
            string.Join('\n', bench.Shown.Split('\n').Take(5)));
        Assert.EndsWith("? keys", bench.Shown, StringComparison.Ordinal);
        bench.Tell(new Message.Resized(40, 10)).Shows("› Bread", "Cheese");
        bench.Tell(new Message.Resized(3, 2)).Tell(new Message.Resized(1, 1)).Tell(new Message.Resized(80, 24)).Shows("Cheese");
    }

    [Fact]
    public void A_record_is_opened_and_leads_to_what_hangs_on_it()
    {
        var bench = Bench.Open("forum").Fill(Topic(1, "Bread"), Topic(2, "Cheese")).Press(Down + "\r");
        var asked = bench.Wanted<Effect.Record>();
        Assert.Equal(("topics", 2), (asked.Kind, asked.Id));
        bench.Tell(new Message.Answered(asked.Ask, Topic(2, "Cheese"), null));
        Assert.Equal("record.topic == 2", bench.Wanted<Effect.Records>().How.Filter);
        bench.Fill(Post(7, "nice", 0)).Shows("Title", "Cheese", "Posts (1)", "nice");

        // Along the lines to the posts, and into them: a thread, kept to the topic.
        bench.Press("\t\t").Press("\r");
        Assert.IsType<ViewScreen>(bench.Model.Top);
        Assert.Equal("record.topic == 2", bench.Wanted<Effect.Records>().How.Filter);
        bench.Fill(Post(7, "nice", 0), Post(8, "indeed", 7), Post(9, "other", 0)).Shows("of Cheese", "owner-1  1 h ago", "│ indeed");
        bench.Press("q").Shows("Posts (1)").Press("q").Shows("Topics");
    }

    [Fact]
    public void The_end_of_a_page_asks_for_the_next_one()
    {
        var bench = Bench.Open("forum").FillPage("more", [.. Enumerable.Range(1, 50).Select(i => Topic(i, $"Topic {i}"))]).Press("G");
        Assert.Equal("more", bench.Wanted<Effect.Records>().How.Cursor);
        bench.Fill([.. Enumerable.Range(51, 5).Select(i => Topic(i, $"Topic {i}"))]).Press("G").Shows("› Topic 55");
    }

    [Fact]
    public void Search_filter_and_order_are_asked_of_the_node()
    {
        var bench = Bench.Open("forum").Fill(Topic(1, "Bread")).Press("/a\"b Ü\r");
        var filter = bench.Wanted<Effect.Records>().How.Filter!;
        Assert.Contains("""record.title.lowerAscii().contains("a\U00000022b")""", filter, StringComparison.Ordinal);
        Assert.Contains("""contains("\U000000DC")""", filter, StringComparison.Ordinal);
        bench.Fill(Topic(1, "Bread")).Press("frecord.posts > 2\r").Fill(Topic(1, "Bread"));
        Assert.EndsWith("(record.posts > 2)", bench.Wanted<Effect.Records>().How.Filter, StringComparison.Ordinal);
        bench.Shows("/a\"b Ü", "[record.posts > 2]").Press("sTitle, f\r");
        Assert.Equal("-title", bench.Wanted<Effect.Records>().How.Sort);
        bench.Fill(Topic(1, "Bread")).Press("\u001b").Fill();
        Assert.Null(bench.Wanted<Effect.Records>().How.Filter);
        bench.Shows("There is nothing here");
    }

    [Fact]
    public void What_others_do_comes_in_and_whoever_reads_stays_where_he_is()
    {
        var bench = Bench.Open("forum").Fill(Topic(1, "Bread"), Topic(2, "Cheese")).Press(Down).Tell(new Message.Live(true, false)).Shows(" live");
        bench.Tell(new Message.Changed(Event("topics", 3))).Tell(new Message.Changed(Event("topics", 4)));
        var asked = bench.CountOf<Effect.Records>();
        bench.Fill(Topic(3, "Wine"), Topic(1, "Bread"), Topic(2, "Cheese")).Shows("› Cheese");

        // The second change came while the answer was on its way: it is asked once more.
        Assert.Equal(asked + 1, bench.CountOf<Effect.Records>());
        bench.Fill(Topic(4, "Salt"), Topic(3, "Wine"), Topic(1, "Bread"), Topic(2, "Cheese")).Shows("› Cheese", "Salt");
    }

    [Fact]
    public void A_talk_is_read_from_below_and_one_says_something_while_others_do()
    {
        var bench = Bench.Open("chat", "rooms/1");
        bench.Tell(new Message.Answered(bench.Wanted<Effect.Record>().Ask, Bench.Record("rooms", 1, """{"name":"Lobby"}"""), null));
        bench.Press("\t\t\r").Fill(Said(2, "newer"), Said(1, "older"));
        Assert.True(bench.Shown.IndexOf("older", StringComparison.Ordinal) < bench.Shown.IndexOf("newer", StringComparison.Ordinal));
        bench.Press("nHello\u001b[D").Tell(new Message.Changed(Event("messages", 3))).Fill(Said(3, "newest"), Said(2, "newer"), Said(1, "older"));
        bench.Shows("newest", "Say: Hello").Press("\r");
        var command = bench.Wanted<Effect.Write>().Command;
        Assert.Equal("""{"room":"1","text":"Hello"}""", command.Fields.ToJsonString());
        bench.Done().ShowsNot("Say: Hello").Shows("Say:");
    }

    [Fact]
    public void A_board_has_columns_and_narrow_terminals_have_them_below_each_other()
    {
        var bench = Bench.Open("todo").Fill(Task(1, "Bake", "todo"), Task(2, "Eat", "doing"), Task(3, "Clean", "done"));
        bench.Shows("To do (1)", "Doing (1)", "Done (1)", "›Bake").Press("\u001b[C").Shows("›Eat").Press("\u001b[C").Shows("›Clean");
        bench.Tell(new Message.Resized(40, 10)).Press("g").Shows(" To do (1)\n›  Bake\n Doing (1)\n   Eat");
    }

    [Fact]
    public void A_calendar_is_an_agenda_of_a_month()
    {
        var bench = Bench.Open("calendar", "month");
        var filter = bench.Wanted<Effect.Records>().How.Filter!;
        Assert.Contains("""record.begins < timestamp("2026-12-01T00:00:00Z")""", filter, StringComparison.Ordinal);
        bench.Fill(Bench.Record("events", 1, """{"title":"Feast","begins":"2026-11-24T18:00:00Z","ends":"2026-11-24T20:30:00Z"}"""));
        bench.Shows("2026-11", "Tue 2026-11-24", "18:00-20:30", "Feast").Press("]");
        Assert.Contains("2027-01-01", bench.Wanted<Effect.Records>().How.Filter!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chart_has_bars_of_text()
    {
        var bench = Bench.OpenText("""
            service { name = chart }
            records { votes { fields { color { type = select, options = [red, blue] } }, rules { list = "", view = "" } } }
            views { all { kind = chart, records = votes, keys { group = color } } }
            """);
        bench.Tell(new Message.Answered(
            bench.Wanted<Effect.Groups>().Ask, new RecordGroupList([new RecordGroupInfo("red", 40, null), new RecordGroupInfo("blue", 10, null)]), null));
        var lines = bench.Shown.Split('\n');
        Assert.InRange(lines[1].Count(c => c == '█') - (4 * lines[2].Count(c => c == '█')), 0, 3);
        bench.Shows("40", "10");
    }

    [Fact]
    public void Threads_of_any_depth_and_circles_are_drawn()
    {
        var bench = Bench.Open("forum", "posts");
        bench.Fill([.. Enumerable.Range(1, 200).Select(i => Post(i, $"post {i}", i - 1))]).Shows("post 1").Press("G").Shows("post 200");
        bench.Press("r").Fill(Post(1, "one", 2), Post(2, "two", 1)).Shows("one", "two");
    }

    [Fact]
    public void Texts_of_others_cannot_reach_the_terminal()
    {
        var bench = Bench.Open("forum").Fill(Topic(1, "\u001b]0;owned\u0007\u202eevil\u200b" + new string('日', 200)));
        Assert.DoesNotContain(bench.Shown, c => c is '\u001b' or '\u0007' or '\u202e' or '\u200b');
        bench.Shows("]0;owned");
    }

    [Fact]
    public void What_a_node_does_not_give_is_told()
    {
        var bench = Bench.Open("forum");
        bench.Tell(new Message.Answered(bench.Wanted<Effect.Records>().Ask, null, new Core.Failure(Core.FailureKind.Unavailable, "no node answers")));
        bench.Shows("No node answers.").Press("r").Fill(Topic(1, "Bread")).Shows("Bread").ShowsNot("No node answers.");
    }

    private static RecordEventInfo Event(string kind, long id) => new($"e:{id}", default, kind, id, "created", null);

    private static RecordInfo Topic(long id, string title) => Bench.Record(
        "topics", id,
        new System.Text.Json.Nodes.JsonObject
        {
            ["title"] = title,
            ["board"] = 1,
            ["text"] = "text",
            ["pinned"] = false,
            ["locked"] = false,
            ["active"] = "2026-11-23T17:30:00Z",
            ["posts"] = 3,
        }.ToJsonString(),
        """{"board":"General"}""");

    private static RecordInfo Post(long id, string text, long answers) => Bench.Record(
        "posts", id, $$"""{"topic":2,"text":"{{text}}","answers":{{(answers == 0 ? "null" : Bench.Number(answers))}},"likes":0}""");

    private static RecordInfo Said(long id, string text) => Bench.Record("messages", id, $$"""{"room":1,"text":"{{text}}"}""");

    private static RecordInfo Task(long id, string what, string state) => Bench.Record("tasks", id, $$"""{"what":"{{what}}","list":1,"state":"{{state}}"}""");
}
