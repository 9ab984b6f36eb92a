using Cete.Api;
using Cete.App.Verbs.Open.Model;
using Cete.Core;

namespace Cete.Terminal.Tests;

/// <summary>Forms and buttons.</summary>
public sealed class FormTests
{
    private const string Send = "\u0013";

    private const string All = """
        service { name = all }
        records {
          things {
            fields {
              name { type = text, required = true, max = 5, help = "Five letters" }
              day = date
              at = date-time
              many = integer
              who = account
              color { type = select, options { red = Red, blue = Blue } }
              tags { type = multi-select, options = [a, b, c] }
              done = boolean
              text = markdown
              made { type = date-time, default = "=now" }
              state { type = select, options = [new, old], read-only = true }
            }
            rules { list = "", view = "", create = "", update = "", delete = "" }
          }
        }
        actions { finish { on = things, who = "", title = "Finish", confirm = "Really?", steps = [{ set { many = 1 } }] } }
        """;

    [Fact]
    public void A_form_follows_types_and_tells_what_is_wrong_beside_the_field()
    {
        var bench = Bench.OpenText(All, null, 80, 50).Fill().Press("n").Shows("Name *", "as 2026-11-23", "Five letters", "empty: by itself");
        bench.ShowsNot("State").Press("toolong\t2026-13-01" + Send).Shows("Something is to be corrected", "Name has 7 characters; 5 is the most.", "not a day");
        Assert.Equal(0, bench.CountOf<Effect.Write>());

        // Corrected, with all kinds of values.
        bench.Press("\u0015Bread\t\u00152026-12-01\t2026-12-01 08:30\t12\tada\t")
            .Press(" ").Press("Bl\r").Press("\t ").Press(" \u001b[B\u001b[B \r").Press("\t \t");
        bench.Press("one\rtwo" + Send);
        Assert.Equal(
            """
            {"name":"Bread","day":"2026-12-01","at":"2026-12-01T08:30:00Z","many":"12","who":"ada","color":"blue",
            "tags":["a","c"],"done":true,"text":"one\ntwo"}
            """.ReplaceLineEndings(string.Empty),
            bench.Wanted<Effect.Write>().Command.Fields.ToJsonString());
        Assert.Equal(["who"], bench.Wanted<Effect.Write>().Command.Accounts);

        // What the service says of a field stands beside it; then it is made, and opened.
        bench.Refuse(FailureKind.Conflict, "name is 'Bread' elsewhere already").Shows("Name is 'Bread' elsewhere already.");
        bench.Press(Send).Done(id: 9).Shows("It is added.");
        Assert.Equal(9, bench.Wanted<Effect.Record>().Id);
    }

    [Fact]
    public void Only_what_was_changed_is_sent_and_what_others_changed_is_shown()
    {
        var bench = Open().Press("e").Shows("Change Bread").Press("\u007f!" + Send);
        var command = bench.Wanted<Effect.Write>().Command;
        Assert.Equal((CommandKind.Update, 7L, 3L), (command.What, command.Id, command.Revision));
        Assert.Equal("""{"name":"Brea!"}""", command.Fields.ToJsonString());
        bench.Refuse(FailureKind.Conflict, "it has changed since");
        bench.Tell(new Message.Answered(bench.Wanted<Effect.Record>().Ask, Thing("Rye", 5), null));
        bench.Shows("Somebody has changed it", "now there is: Rye", "Brea!");
        bench.Press(Send);
        Assert.Equal(5, bench.Wanted<Effect.Write>().Command.Revision);
        bench.Done().Shows("It is changed.");
    }

    [Fact]
    public void What_is_typed_is_not_lost_by_one_key()
    {
        var bench = Bench.OpenText(All).Fill().Press("nabc\u001b").Shows("Escape once more").Press("d").Press("\u001b\u001b").Shows("There is nothing here");
        Assert.Equal(0, bench.CountOf<Effect.Write>());
    }

    [Fact]
    public void A_text_of_several_lines_is_written_in_place_or_elsewhere()
    {
        var bench = Bench.OpenText(All, null, 40, 30).Fill().Press("n" + string.Concat(Enumerable.Repeat("\t", 8)) + "one\rtwo\u001b[A!\u001b[F?");
        Assert.Equal("one!?\ntwo", ((FormScreen)bench.Model.Top).Fields[8].Text);
        bench.Press("\u0005");
        Assert.Equal(("one!?\ntwo", ".md"), (bench.Wanted<Effect.Edit>().Text, bench.Wanted<Effect.Edit>().Ending));
        bench.Tell(new Message.Edited(bench.Wanted<Effect.Edit>().Ask, "edited\nelsewhere\n", null)).Shows("edited", "elsewhere");
        Assert.Equal("edited\nelsewhere", ((FormScreen)bench.Model.Top).Fields[8].Text);
    }

    [Fact]
    public void What_asks_first_is_done_when_it_is_confirmed()
    {
        var bench = Open().Press("a");
        bench.Tell(new Message.Answered(bench.Wanted<Effect.May>().Ask, new RecordPermissions(true, true, true, false, ["finish"]), null));
        bench.Shows("Finish").Press("\r").Shows("Really?").Press("n");
        Assert.Equal(0, bench.CountOf<Effect.Write>());
        bench.Press("a");
        bench.Tell(new Message.Answered(bench.Wanted<Effect.May>().Ask, new RecordPermissions(true, true, true, false, ["finish"]), null)).Press("\ry");
        Assert.Equal(("finish", 7L), (bench.Wanted<Effect.Write>().Command.Name, bench.Wanted<Effect.Write>().Command.Id));
        bench.Refuse(FailureKind.Conflict, "You have done it already.").Shows("! You have done it already.");
    }

    [Fact]
    public void What_is_deleted_can_be_brought_back()
    {
        var bench = Open().Press("D").Shows("Delete Bread?").Press("y").Done(7).Shows("It is deleted");
        Assert.Equal((CommandKind.Delete, 3L), (bench.Wanted<Effect.Write>().Command.What, bench.Wanted<Effect.Write>().Command.Revision));
        bench.Fill().Press("d");
        Assert.True(bench.Wanted<Effect.Records>().How.IsDeleted);
        bench.Fill(Thing("Bread", 3)).Press("\r").Shows("Bring Bread back?").Press("y");
        Assert.Equal(CommandKind.Restore, bench.Wanted<Effect.Write>().Command.What);
        bench.Done(7).Shows("It is back.");
    }

    [Fact]
    public void What_happened_to_a_record_is_told()
    {
        var bench = Open().Press("h");
        var at = new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);
        var history = new RecordHistory([new HistoryLine(2, at, "owner-1", "updated", new() { ["name"] = "Ry" })]);
        bench.Tell(new Message.Answered(bench.Wanted<Effect.History>().Ask, history, null));
        bench.Shows("2026-11-23 09:00  owner-1 updated it", "Name was Ry").Press("q").Shows("Name");
    }

    [Fact]
    public void Whoever_may_not_is_told_before_he_types()
    {
        var bench = Open();
        bench.Tell(new Message.Answered(((RecordScreen)bench.Model.Top).MayAsk, new RecordPermissions(false, false, false, false, []), null));
        bench.Press("e").Shows("You may not change this.").Press("D").Shows("You may not delete this.");
    }

    private static Bench Open()
    {
        var bench = Bench.OpenText(All, null, 80, 40).Fill(Thing("Bread", 3)).Press("\r");
        return bench.Tell(new Message.Answered(bench.Wanted<Effect.Record>().Ask, Thing("Bread", 3), null));
    }

    private static RecordInfo Thing(string name, long revision) => Bench.Record(
        "things", 7, $$"""{"name":"{{name}}","day":null,"at":null,"many":3,"who":null,"color":"red","tags":["a"],"done":false,"text":"words"}""") with
    { Revision = revision };
}
