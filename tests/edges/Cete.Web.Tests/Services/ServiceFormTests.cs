using System.Xml.Linq;
using Cete.Core;
using Cete.Described;
using Cete.Web.Security;
using Cete.Web.Tests.Support;

namespace Cete.Web.Tests.Services;

/// <summary>Forms of described services: records are made, changed, deleted and brought back, actions are done; and what is not let through.</summary>
public sealed class ServiceFormTests
{
    private const string New = "/services/zoo/animals/new";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_record_is_made_once_however_often_the_form_is_sent()
    {
        await using var site = await ServicePagesSite.StartAsync(Zoo.Text);
        using var eve = await site.OpenAsync("eve");
        var page = await eve.GetAsync(New);
        var form = Filled(page, New);
        Assert.Equal("small", form["f.girth"]);
        form["f.name"] = "Badger <b>";
        form["f.keeper"] = "EVE";
        form["f.tags"] = "wild";
        form["f.fed"] = "2026-11-23T18:30:05";
        var first = await eve.PostAsync(New, form);
        var second = await eve.PostAsync(New, form);
        Assert.Equal("/services/zoo/animals/1?done=created", first.Headers["Location"]);
        Assert.Equal(first.Headers["Location"], second.Headers["Location"]);
        Assert.Equal(1, site.Done("CreateRecord"));

        var made = await eve.FollowAsync(first);
        made.AssertWhole();
        Assert.Contains("It is added.", made.Text, StringComparison.Ordinal);
        Assert.Equal("Badger <b>", made.Heading);
        var said = made.Of("dl", "record").Single().Value;
        Assert.Contains("eve", said, StringComparison.Ordinal);
        Assert.Contains("2026-11-23 18:30:05 UTC", said, StringComparison.Ordinal);

        // One that was gone back to and changed is another one.
        form["f.name"] = "Otter";
        Assert.Equal("/services/zoo/animals/2?done=created", (await eve.PostAsync(New, form)).Headers["Location"]);
    }

    [Theory]
    [InlineData("f.name", "", "is needed")]
    [InlineData("f.name", "                                         x", null)]
    [InlineData("f.name", "12345678901234567890123456789012345678901", "41 characters; 40 is the most")]
    [InlineData("f.legs", "-1", "is 0 at least")]
    [InlineData("f.legs", "101", "is 100 at most")]
    [InlineData("f.legs", "four", "not a whole number")]
    [InlineData("f.weight", "1,5", "not a number")]
    [InlineData("f.born", "5.11.2026", "not a day")]
    [InlineData("f.fed", "now", "not a moment")]
    [InlineData("f.nap", "long", "not a length of time")]
    [InlineData("f.shape", "cow", "has no choice")]
    [InlineData("f.tags", "huge", "has no choice")]
    [InlineData("f.keeper", "nobody-of-that-name", "is the id of an account")]
    [InlineData("f.photo", "photo.png", "is the root of a content")]
    [InlineData("f.page", "javascript:alert(1)", "is an address that begins with")]
    [InlineData("f.mail", "nobody", "is an e-mail address")]
    [InlineData("f.phone", "none", "is a telephone number")]
    [InlineData("f.place", "here", "is a place in degrees")]
    [InlineData("f.stars", "6", "is 5 at most")]
    [InlineData("f.price", "1.1234567", "not a number")]
    [InlineData("f.code", "abc", "does not look as it must")]
    [InlineData("f.parent", "77", "which there is not")]
    public async Task A_mistake_is_said_beside_its_field_and_what_was_typed_stays(string field, string text, string? error)
    {
        await using var site = await ServicePagesSite.StartAsync(Zoo.Text);
        using var eve = await site.OpenAsync("eve");
        var form = Filled(await eve.GetAsync(New), New);
        form["f.name"] = "Badger";
        form["f.story"] = "One.\r\n<script>";
        form[field] = text;
        var answer = await eve.PostAsync(New, form);
        if (error is null)
        {
            Assert.Equal(303, answer.Status);
            return;
        }

        Assert.Contains(answer.Status, (int[])[400, 409, 413]);
        var id = "f-" + field[2..];
        Assert.Contains(error, answer.All("p").Single(one => one.Attribute("id")?.Value == id + "-error").Value, StringComparison.Ordinal);
        Assert.Equal("One.\n<script>", answer.All("textarea").First(one => one.Attribute("name")!.Value == "f.story").Value.ReplaceLineEndings("\n"));
        var control = answer.Root.Descendants().FirstOrDefault(one => one.Attribute("id")?.Value == id);
        Assert.True(control is null || control.Attribute("aria-invalid")!.Value == "true");
        if (control?.Name.LocalName == "input")
        {
            Assert.Equal(text, control.Attribute("value")?.Value ?? string.Empty);
        }

        Assert.Single(answer.All("p"), one => one.Attribute("role")?.Value == "alert");
        Assert.NotEqual(form["request"], Filled(answer, New)["request"]);
        Assert.Empty(site.Accounts.Site.Bugs);
    }

    [Fact]
    public async Task What_somebody_else_has_changed_meanwhile_is_shown_beside()
    {
        await using var site = await ServicePagesSite.StartAsync(Zoo.Text);
        using var eve = await site.OpenAsync("eve");
        using var bob = await site.OpenAsync("bob");
        await site.MakeAsync("eve", Zoo.Name, "animals", ("name", "Badger"), ("legs", "4"), ("tags", "wild"));
        const string Edit = "/services/zoo/animals/1/edit";
        var (hers, his) = (Filled(await eve.GetAsync(Edit), Edit), Filled(await bob.GetAsync(Edit), Edit));
        hers["f.legs"] = "5";
        his["f.legs"] = "3";
        var done = await eve.FollowAsync(await eve.PostAsync(Edit, hers));
        Assert.Contains("It is changed.", done.Text, StringComparison.Ordinal);
        Assert.Contains(done.All("small"), line => line.Value == "Legs was 4");

        // Sent twice it does no harm.
        Assert.Equal(303, (await eve.PostAsync(Edit, hers)).Status);
        Assert.Equal(1, site.Done("UpdateRecord"));

        var clash = await bob.PostAsync(Edit, his);
        Assert.Equal(409, clash.Status);
        Assert.Contains("somebody has changed it meanwhile", clash.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(clash.All("p"), one => one.Value == "There stands now: 5");
        Assert.Equal("3", clash.All("input").Single(input => input.Attribute("id")?.Value == "f-legs").Attribute("value")!.Value);
        Assert.Equal("5", await FieldAsync(site, "legs"));

        // Whoever has seen both decides.
        Assert.Equal(303, (await bob.PostAsync(Edit, Filled(clash, Edit))).Status);
        Assert.Equal("3", await FieldAsync(site, "legs"));
        Assert.Equal("wild", await FieldAsync(site, "tags"));
    }

    [Fact]
    public async Task A_form_that_is_not_of_this_session_does_nothing()
    {
        await using var site = await ServicePagesSite.StartAsync(Zoo.Text);
        using var eve = await site.OpenAsync("eve");
        using var bob = await site.OpenAsync("bob");
        using var guest = site.Accounts.Open();
        await site.MakeAsync("eve", Zoo.Name, "animals", ("name", "Badger"));
        var form = Filled(await eve.GetAsync(New), New);
        form["f.name"] = "Stolen";
        Assert.Equal(403, (await bob.PostAsync(New, form)).Status);
        Assert.Equal(403, (await guest.PostAsync(New, form)).Status);
        Assert.Equal(403, (await eve.PostAsync(New, form, "cross-site")).Status);
        Dictionary<string, string> without = new(form);
        without.Remove(CrossSiteGuard.Field);
        Assert.Equal(403, (await eve.PostAsync(New, without)).Status);
        foreach (var act in (string[])["delete", "hide", "show", "restore"])
        {
            var stolen = await bob.PostAsync("/services/zoo/animals/1", [new("action", act), new(CrossSiteGuard.Field, form[CrossSiteGuard.Field])]);
            Assert.Equal(403, stolen.Status);
        }

        Assert.Equal(403, (await bob.PostAsync("/services/zoo/about", [new("action", "withdraw"), new(CrossSiteGuard.Field, "made up")])).Status);
        Assert.Equal(0, site.Done("DeleteRecord") + site.Done("Withdraw") + site.Done("Moderate"));
        var unknown = await eve.PostAsync("/services/zoo/animals/1", [new("action", "boil"), new(CrossSiteGuard.Field, form[CrossSiteGuard.Field])]);
        Assert.Equal(400, unknown.Status);

        // Guests make what the rules let them make, and are told where they do not.
        var theirs = Filled(await guest.GetAsync(New), New);
        theirs["f.name"] = "Found";
        Assert.Equal(303, (await guest.PostAsync(New, theirs)).Status);
        var edit = Filled(await guest.GetAsync("/services/zoo/animals/1/edit"), "/services/zoo/animals/1/edit");
        edit["f.name"] = "Mine";
        var refused = await guest.PostAsync("/services/zoo/animals/1/edit", edit);
        Assert.Equal(401, refused.Status);
        Assert.Contains("log in", refused.Text, StringComparison.Ordinal);
        Assert.Empty(site.Accounts.Site.Bugs);
    }

    [Fact]
    public async Task What_is_deleted_is_brought_back_by_whom_it_belongs_to()
    {
        await using var site = await ServicePagesSite.StartAsync(Zoo.Text);
        using var eve = await site.OpenAsync("eve");
        using var bob = await site.OpenAsync("bob");
        await site.MakeAsync("eve", Zoo.Name, "animals", ("name", "Badger"));
        const string Record = "/services/zoo/animals/1";
        Assert.DoesNotContain((await bob.GetAsync(Record)).All("summary"), summary => summary.Value == "Delete it");
        var gone = await eve.FollowAsync(await eve.SubmitAsync(await eve.GetAsync(Record), "delete"));
        Assert.Contains("can be brought back", gone.Text, StringComparison.Ordinal);
        Assert.Equal(404, (await eve.GetAsync(Record)).Status);
        Assert.Empty((await bob.GetAsync("/services/zoo/animals/deleted")).Of("li", "row"));
        var trash = await eve.GetAsync("/services/zoo/animals/deleted");
        trash.AssertWhole();
        var back = await eve.FollowAsync(await eve.SubmitAsync(trash, "restore"));
        Assert.Contains("It is back.", back.Text, StringComparison.Ordinal);
        Assert.Equal("Badger", back.Heading);
    }

    [Fact]
    public async Task Moderators_hide_a_record_and_show_it_again()
    {
        await using var site = await ServicePagesSite.StartAsync(Zoo.Text);
        using var ada = await site.OpenAsync("ada");
        using var eve = await site.OpenAsync("eve");
        await site.MakeAsync("eve", Zoo.Name, "animals", ("name", "Badger"));
        const string Record = "/services/zoo/animals/1";
        Assert.DoesNotContain("Hide it", (await eve.GetAsync(Record)).Text, StringComparison.Ordinal);
        await ada.FollowAsync(await ada.SubmitAsync(await ada.GetAsync(Record), "hide", ("reason", "It bites <b>")));
        Assert.Equal(404, (await eve.GetAsync(Record)).Status);
        var hidden = await ada.GetAsync(Record);
        Assert.Equal(404, hidden.Status);
        Assert.Contains("shown again", (await ada.FollowAsync(await ada.SubmitAsync(hidden, "show"))).Text, StringComparison.Ordinal);
        Assert.Equal(200, (await eve.GetAsync(Record)).Status);
    }

    [Fact]
    public async Task An_action_asks_is_done_and_says_what_came_of_it()
    {
        await using var site = await ServicePagesSite.StartAsync(Zoo.Text);
        using var eve = await site.OpenAsync("eve");
        using var guest = site.Accounts.Open();
        await site.MakeAsync("eve", Zoo.Name, "animals", ("name", "Badger"), ("tame", "true"));
        await site.MakeAsync("eve", Zoo.Name, "animals", ("name", "Bear"));
        const string Feed = "/services/zoo/do/feed?record=1";
        Assert.Equal(Feed, (await eve.GetAsync("/services/zoo/animals/1")).LinkTo("Feed <script>"));
        Assert.Null((await guest.GetAsync("/services/zoo/animals/1")).LinkTo("Feed <script>"));
        Assert.Null((await eve.GetAsync("/services/zoo/animals/2")).LinkTo("Feed <script>"));
        var page = await eve.GetAsync(Feed);
        page.AssertWhole();
        Assert.Contains("Is it hungry?", page.Text, StringComparison.Ordinal);
        var form = Filled(page, Feed);
        Assert.Equal("1", form["f.portions"]);
        form["f.portions"] = "4";
        Assert.Contains("is 3 at most", (await eve.PostAsync(Feed, form)).Text, StringComparison.Ordinal);
        form["f.portions"] = "3";
        var refused = await eve.PostAsync(Feed, form);
        Assert.Equal(409, refused.Status);
        Assert.Contains("It bites.", refused.Text, StringComparison.Ordinal);
        form["f.portions"] = "2";
        var done = await eve.FollowAsync(await eve.PostAsync(Feed, form));
        Assert.Contains("Done: Feed", done.Text, StringComparison.Ordinal);

        // To whom it is not to be done, the service says it, whatever the page shows.
        var bear = await eve.PostAsync("/services/zoo/do/feed?record=2", form);
        Assert.Equal(409, bear.Status);
        Assert.Contains("cannot be done now", bear.Text, StringComparison.Ordinal);

        const string Adopt = "/services/zoo/do/adopt";
        var adopt = Filled(await eve.GetAsync(Adopt), Adopt);
        adopt["f.name"] = "Cub";
        Assert.Contains("Done: Adopt one", (await eve.FollowAsync(await eve.PostAsync(Adopt, adopt))).Text, StringComparison.Ordinal);
        Assert.Equal("/services/zoo/animals/3", (await eve.GetAsync("/services/zoo/list")).LinkTo("Cub"));
    }

    [Fact]
    public async Task A_book_is_lent_by_its_page()
    {
        await using var site = await ServicePagesSite.StartAsync(ServicePagesSite.Sample("library.conf"));
        using var eve = await site.OpenAsync("eve");
        using var bob = await site.OpenAsync("bob");
        const string NewBook = "/services/library/books/new";
        var form = Filled(await eve.GetAsync(NewBook), NewBook);
        form["f.title"] = "Solaris";
        var book = await eve.FollowAsync(await eve.PostAsync(NewBook, form));
        Assert.Null(book.LinkTo("Borrow"));
        var borrow = (await bob.GetAsync("/services/library/books/1")).LinkTo("Borrow")!;
        var lent = await bob.FollowAsync(await bob.PostAsync(borrow, Filled(await bob.GetAsync(borrow), borrow)));
        lent.AssertWhole();
        Assert.Contains("Lent", lent.Of("dl", "record").Single().Value, StringComparison.Ordinal);
        Assert.Equal("/services/library/loans/1", lent.All("tbody").First().Descendants("a").First().Attribute("href")!.Value);
        Assert.Equal("/services/library/do/return?record=1", (await bob.GetAsync("/services/library/loans/1")).LinkTo("Bring back"));
    }

    [Fact]
    public async Task Who_may_publish_goes_back_to_an_edition_and_withdraws()
    {
        await using var site = await ServicePagesSite.StartAsync(ServicePagesSite.Sample("library.conf"));
        await site.PublishAsync(ServicePagesSite.Sample("library.conf").Replace("Lending library", "Lending place", StringComparison.Ordinal), replaces: 1);
        using var ada = await site.OpenAsync("ada");
        using var eve = await site.OpenAsync("eve");
        const string About = "/services/library/about";
        Assert.Single((await eve.GetAsync(About)).All("form"));
        var page = await ada.GetAsync(About);
        page.AssertWhole();
        Assert.Contains("About Lending place", page.Heading, StringComparison.Ordinal);
        var back = await ada.FollowAsync(await ada.SubmitAsync(page, "back"));
        Assert.Contains("About Lending library", back.Heading, StringComparison.Ordinal);
        Assert.Equal(409, (await ada.SubmitAsync(page, "withdraw")).Status);
        var token = Filled(await eve.GetAsync("/services/library/books/new"), "/services/library/books/new")[CrossSiteGuard.Field];
        Assert.Equal(403, (await eve.PostAsync(About, [new("action", "withdraw"), new("revision", "3"), new(CrossSiteGuard.Field, token)])).Status);
        Assert.Equal("/services", (await ada.SubmitAsync(back, "withdraw")).Headers["Location"]);
        Assert.Equal(404, (await ada.GetAsync("/services/library")).Status);

        // A form that was open meanwhile is told that the service is gone.
        var late = await eve.PostAsync("/services/library/books/new", [new("f.title", "Late"), new(CrossSiteGuard.Field, token)]);
        Assert.Equal(404, late.Status);
        Assert.Contains("no service", late.Text, StringComparison.Ordinal);
    }

    private static async Task<string> FieldAsync(ServicePagesSite site, string field)
    {
        var found = await site.Services.GetAsync(Zoo.Name, "animals", 1, Standing.Nobody, Cancel);
        return FieldText.Write(found.Value.Get(field));
    }

    /// <summary>What a form sends as it stands.</summary>
    private static Dictionary<string, string> Filled(Page page, string action)
    {
        var form = page.All("form").First(one => one.Attribute("action")!.Value == action);
        Dictionary<string, string> sent = [];
        foreach (var control in form.Descendants())
        {
            var name = control.Attribute("name")?.Value;
            var isTicked = control.Attribute("type")?.Value is not ("checkbox" or "radio") || control.Attribute("checked") is not null;
            if (name is not null && isTicked && control.Name.LocalName is "input" or "select" or "textarea")
            {
                sent[name!] = ValueOf(control);
            }
        }

        return sent;
    }

    private static string ValueOf(XElement control) => control.Name.LocalName switch
    {
        "textarea" => control.Value,
        "select" => control.Elements("option").FirstOrDefault(option => option.Attribute("selected") is not null)?.Attribute("value")?.Value ?? string.Empty,
        _ => control.Attribute("value")?.Value ?? string.Empty,
    };
}
