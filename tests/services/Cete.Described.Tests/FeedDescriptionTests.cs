namespace Cete.Described.Tests;

/// <summary>Feeds in descriptions: what is guessed, and what is told where something is wrong.</summary>
public sealed class FeedDescriptionTests
{
    private const string Head = """
        service { name = s }
        records.things {
          fields {
            what = text, note = text, notes = markdown, begins = date-time, ends = date-time, day = date, repeats = recurrence, zone = time-zone
            state { type = select, options = [open, done] }
          }
          rules { list = "", view = "" }
        }

        """;

    [Fact]
    public void What_can_be_meant_but_once_need_not_be_named()
    {
        var reading = Shelf.Read(Head + "feeds { all { of = things, format = icalendar, fields { start = begins } } }");
        Assert.Empty(reading.Problems);
        var feed = reading.Descriptor!.Feed("all")!;
        Assert.Equal(
            ["recurrence=repeats", "start=begins", "summary=notes", "title=what", "zone=zone"],
            feed.Fields.Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal));
        Assert.Equal("event", feed.As);
    }

    [Theory]
    [InlineData("all { of = things, format = icalendar }", "needs a field for 'start'", "begins, ends, day")]
    [InlineData("all { of = things, format = ical }", "there is no 'ical'", "icalendar")]
    [InlineData("all { of = thing, format = atom }", "there is no 'thing'", "things")]
    [InlineData("all { format = atom }", "a feed needs records", "things")]
    [InlineData("all { of = things }", "a feed needs a format", "vcard")]
    [InlineData("all { of = things, format = icalendar, fields { start = what } }", "there is no 'what'", "begins")]
    [InlineData("all { of = things, format = icalendar, fields { start = begins, satrt = ends } }", "'satrt' means nothing here", "start")]
    [InlineData("all { of = things, format = bookmarks }", "needs a field for 'link'", "of type link")]
    [InlineData("all { of = things, format = vcard, as = todo }", "means nothing for vcard", "only icalendar")]
    [InlineData("all { of = things, format = atom, filter = \"record.nothing == 1\" }", "nothing", "")]
    [InlineData("all { of = things, format = atom, sort = [nowhere] }", "no field 'nowhere'", "")]
    [InlineData("all { of = things, format = jsonl, fields { id = what } }", "cannot be called that", "")]
    [InlineData("all { of = things, format = icalendar, as = todo, status { open = x } }", "no field plays the part 'status'", "")]
    [InlineData(
        "all { of = things, format = icalendar, as = todo, fields { status = state, due = day }, status { open = finished } }", "there is no 'finished'", "completed")]
    [InlineData("all = atom", "is to be an object", "of = ")]
    [InlineData("All { of = things, format = atom }", "is no name here", "")]
    public void What_is_wrong_is_told_with_its_place(string feed, string message, string hint)
    {
        var problems = Shelf.Read(Head + $"feeds {{ {feed} }}").Problems;
        var problem = problems.FirstOrDefault(each => each.Message.Contains(message, StringComparison.Ordinal));
        Assert.True(problem is not null, string.Join('\n', problems));
        Assert.Contains(hint, problem.Hint, StringComparison.Ordinal);
        Assert.Equal(9, problem.Line);
    }

    [Fact]
    public async Task Rules_of_recurrence_and_zones_are_checked_when_they_are_written()
    {
        using var shelf = new Shelf();
        await shelf.PublishAsync("service { name = s }, records.things { fields { repeats = recurrence, zone = time-zone }, rules { create = \"\", view = \"\" } }");
        var made = await shelf.MakeAsync(Shelf.Ada, "s", "things", ("repeats", "FREQ=WEEKLY;BYDAY=MO\r\nEXDATE:20261224"), ("zone", "Europe/Berlin"));
        Assert.Equal("FREQ=WEEKLY;BYDAY=MO\nEXDATE:20261224", await shelf.FieldAsync(Shelf.Ada, "s", "things", made, "repeats"));
        Assert.Contains(
            "NAME=VALUE", (await shelf.CreateAsync(Shelf.Ada, "s", "things", ("repeats", "every monday"))).Failure?.Message, StringComparison.Ordinal);
        Assert.Contains("zone", (await shelf.CreateAsync(Shelf.Ada, "s", "things", ("zone", "Atlantis"))).Failure?.Message, StringComparison.Ordinal);
        Assert.Contains("zone", (await shelf.CreateAsync(Shelf.Ada, "s", "things", ("zone", "a b"))).Failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rehearsal_says_what_a_command_would_and_writes_nothing()
    {
        using var shelf = new Shelf();
        await shelf.PublishAsync("""
            service { name = s }
            records.things { fields { name { type = text, required = true } }, unique = [name]
              rules { list = "", view = "", create = "auth.known", update = "record.owner == auth.id" } }
            """);
        var stop = TestContext.Current.CancellationToken;
        KeyValuePair<string, InputValue>[] named = [new("name", InputValue.Of("a"))];
        Assert.True((await shelf.Services.RehearseAsync("s", "things", named, Shelf.Ada.Standing, stop)).Succeeded);
        Assert.Empty(await shelf.IdsAsync(Shelf.Ada, "s", "things"));
        var id = await shelf.MakeAsync(Shelf.Ada, "s", "things", ("name", "a"));
        foreach (var (values, asker) in new[] { (named, Shelf.Ada), ([], Shelf.Ada), (named, Shelf.Guest) })
        {
            var real = (await shelf.Services.CreateAsync("s", "things", values, asker, null, default, stop)).Failure;
            Assert.Equal(real, (await shelf.Services.RehearseAsync("s", "things", values, asker.Standing, stop)).Failure);
        }

        FieldEdit[] edits = [new("name", EditKind.Set, InputValue.Of("b"))];
        Assert.True((await shelf.Services.RehearseAsync("s", "things", id, edits, Shelf.Ada.Standing, stop)).Succeeded);
        Assert.Equal("a", await shelf.FieldAsync(Shelf.Ada, "s", "things", id, "name"));
        Assert.Contains(
            "may not change", (await shelf.Services.RehearseAsync("s", "things", id, edits, Shelf.Ben.Standing, stop)).Failure?.Message,
            StringComparison.Ordinal);
    }
}
