namespace Cete.Described.Tests;

/// <summary>What is wrong with a description is found at once, with its place and what to do.</summary>
public sealed class DescriptionTests
{
    private const string Right = "service { name = s }\nrecords { notes { fields { title = text }, rules { list = \"\" } } }\n";

    [Theory]
    [InlineData("a = 1", "test.conf:3:5: 'a' means nothing here; there are cete, service, records, emits, actions, hooks, views, feeds, provides, consumes")]
    [InlineData("servise.name = x", "test.conf:3:16: 'servise' means nothing here; did you mean 'service'?")]
    [InlineData("service.name = \"My Service\"",
        "test.conf:3:16: service.name: 'My Service' is no name; a name is 1 to 32 of a-z, 0-9 and '-', a letter first")]
    [InlineData("service.version = latest", "test.conf:3:19: service.version: 'latest' is no version; write three numbers, as 1.0.0")]
    [InlineData("cete = 2", "test.conf:3:8: cete: the form of this description is not known here; 1 is the newest; bring your node up to date")]
    [InlineData("records.notes.fields.x = string",
        "test.conf:3:26: records.notes.fields.x: there is no type 'string'; there are text, markdown, integer, decimal,")]
    [InlineData("records.notes.fields.x = txt", "test.conf:3:26: records.notes.fields.x: there is no type 'txt'; did you mean 'text'?")]
    [InlineData("records.notes.fields.id = text", "test.conf:3:27: records.notes.fields.id: every record has 'id' by itself; take another name")]
    [InlineData("records.notes.fields.Big = text", "records.notes.fields: 'Big' is no name here; a name is 1 to 32 of a-z, 0-9 and '_', a letter first")]
    [InlineData("records.auth { fields { a = text } }", "records: 'auth' means something else in expressions; take another name")]
    [InlineData("records.notes.fields.x { type = relation, to = books }", "records.notes.fields.x: there are no records 'books'")]
    [InlineData("records.notes.fields.x { type = relation }",
        "records.notes.fields.x: a relation needs the kind of record that it points to; write x { type = relation, to = ... }")]
    [InlineData("records.notes.fields.x = select", "'x' needs choices; write x { type = select, options = [a, b] }")]
    [InlineData("records.notes.fields.x { type = select, options = [a, a] }", "records.notes.fields.x.options: 'a' stands there twice")]
    [InlineData("records.notes.fields.x { type = integer, min = 5, max = 3 }", "records.notes.fields.x.min: is more than max")]
    [InlineData("records.notes.fields.x { type = integer, default = many }",
        "records.notes.fields.x.default: 'many' is not a whole number; an expression begins with '='")]
    [InlineData("records.notes.fields.x { type = date, default = \"=now\" }", "records.notes.fields.x.default: ")]
    [InlineData("records.notes.fields.x { type = text, pattern = \"(a\" }",
        "records.notes.fields.x.pattern: is no regular expression that can be matched in bounded time")]
    [InlineData("records.notes.fields.x { type = text, pattern = \"(a)\\\\1\" }",
        "records.notes.fields.x.pattern: is no regular expression that can be matched in bounded time")]
    [InlineData("records.notes.fields.x { type = text, requird = true }", "records.notes.fields.x: 'requird' means nothing here; did you mean 'required'?")]
    [InlineData("records.notes.fields.x { type = formula, value = \"record.titel\" }",
        "test.conf:3:58: records.notes.fields.x.value: there is no field 'titel' in notes; did you mean 'title'?")]
    [InlineData("records.notes.rules.update = \"record.title ==\"", "records.notes.rules.update: ")]
    [InlineData("records.notes.rules.view = \"record.title.matches('a+')\"", "records.notes.rules.view: the database cannot answer this: ")]
    [InlineData("records.notes.rules.view = \"record.title == 5\"", "records.notes.rules.view: ")]
    [InlineData("records.notes.rules.viev = \"\"", "records.notes.rules: 'viev' means nothing here; did you mean 'view'?")]
    [InlineData("records.notes.unique = [titel]", "records.notes.unique: there is no field 'titel' that can be ordered; did you mean 'title'?")]
    [InlineData("records.notes.label = nope", "records.notes.label: there is no field of text 'nope'")]
    [InlineData("records.notes.states { field = title, start = a }",
        "records.notes.states.field: there is no select 'title'; a state machine needs a field of the type select")]
    [InlineData("actions.go { who = \"\", steps = [ { set { title = x } } ] }",
        "actions.go.steps[0].set: there is no record at hand to change; say which one by of = ...")]
    [InlineData("actions.go { who = \"\", on = notes, steps = [ { set { title = x }, fail = no } ] }",
        "actions.go.steps[0]: a step does one thing; it has one of create, set, delete, each, fail, emit")]
    [InlineData("actions.go { who = \"\", on = notes, steps = [ { set { titel = x } } ] }",
        "actions.go.steps[0].set.titel: notes have no field 'titel' to be set; did you mean 'title'?")]
    [InlineData("actions.go { who = \"\", on = notes, steps = [ { emit = boom } ] }", "actions.go.steps[0].emit: there is no 'boom'")]
    [InlineData("actions.go { who = \"\", on = note, steps = [ { fail = x } ] }", "actions.go.on: there is no 'note'; did you mean 'notes'?")]
    [InlineData("actions.go { who = \"\" }", "actions.go.steps: there are no steps; write steps = [ { set { state = done } } ]")]
    [InlineData("hooks = [ { on = notes.changed, steps = [ { fail = x } ] } ]",
        "hooks[0].on: nothing is called 'notes.changed'; did you mean 'notes.created'?")]
    [InlineData("hooks = [ { every = 1s, steps = [ { fail = x } ] } ]", "hooks[0].every: is to be between 60 seconds and 366 days")]
    [InlineData("hooks = [ { steps = [ { fail = x } ] } ]", "hooks[0].on: a hook has either 'on' or 'every'; write on = books.created, or every = 1h")]
    [InlineData("hooks = [ { on = notes.created, steps = [ { create = notes, with { title = again } } ] } ]",
        "hooks: these set each other off for ever: hooks[0] -> hooks[0]; give one of them a 'when' that ends it")]
    [InlineData("views.v { kind = tabel, records = notes }", "views.v.kind: there is no 'tabel'; did you mean 'table'?")]
    [InlineData("views.v { kind = calendar, records = notes }", "views.v.keys: a calendar needs a field for 'start'; notes have none that fits")]
    [InlineData("views.v { kind = table, records = notes, sort = [-nope] }", "views.v.sort: notes have no field 'nope' for that")]
    [InlineData("views.v { kind = table, records = notes, filter = \"record.nope\" }", "views.v.filter: there is no field 'nope' in notes")]
    [InlineData("provides = [forum]", "provides: 'forum' is no interface; write a name and a version, as forum/1")]
    public void A_mistake_is_named_with_its_place_and_what_to_do(string mistake, string message)
    {
        var found = Shelf.Read(Right + mistake);
        Assert.Null(found.Descriptor);
        Assert.True(found.Problems.Any(problem => problem.ToString().Contains(message, StringComparison.Ordinal)), found.Errors);
    }

    [Fact]
    public void All_mistakes_come_at_once()
    {
        var found = Shelf.Read(
            """
            service { name = Bad }
            records {
              notes { fields { a = txt, b { type = integer, min = x } }, rules { list = "record.c == 1", view = "nobody" } }
            }
            actions { go { who = "", steps = [{ set { a = 1 } }] } }
            """);
        Assert.True(found.Problems.Count(problem => !problem.IsWarning) >= 6, found.Errors);
        Assert.Equal(found.Problems.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column), found.Problems);
    }

    [Fact]
    public void A_description_of_a_stranger_takes_nothing_from_where_it_is_read()
    {
        foreach (var text in new[]
        {
            "include \"/etc/passwd\"", "a = ${PATH}", "a = ${?HOME}\nb = ${a}", "a = [1]\na = ${a} ${a}\na = ${a} ${a}",
            new string('[', 100_000), "{\"a\":" + string.Concat(Enumerable.Repeat("{\"a\":", 5_000)),
        })
        {
            Assert.Null(DescriptorReader.ReadJson(text, "stranger").Descriptor);
        }

        var bomb = "a0 = [x,x,x,x,x,x,x,x,x,x]\n" + string.Concat(
            Enumerable.Range(1, 12).Select(i => $"a{i} = [{string.Join(',', Enumerable.Repeat($"${{a{i - 1}}}", 10))}]\n"));
        Assert.Null(DescriptorReader.ReadJson(bomb, "stranger").Descriptor);
    }

    [Fact]
    public void Its_JSON_form_reads_as_the_same_description()
    {
        var first = Shelf.Read(Shelf.Sample("library.conf"));
        Assert.True(first.Descriptor is not null, first.Errors);
        Assert.Empty(first.Problems);
        var again = DescriptorReader.ReadJson(first.Descriptor.Json, "again");
        Assert.Equal(first.Descriptor.Json, again.Descriptor?.Json);
        Assert.Equal("Leihbücherei", again.Descriptor!.Title.In("de-AT"));
        Assert.Equal("Lending library", again.Descriptor.Title.In("fr"));
    }

    [Fact]
    public void What_is_not_described_is_made_well()
    {
        var found = Shelf.Read(
            "service { name = my-notes }\nrecords { notes { fields { due_date = date, title = text }, rules { list = \"\" } } }").Descriptor!;
        Assert.Equal("My notes", found.Title.ToString());
        Assert.Equal("Due date", found.Records[0].Fields[0].Title.ToString());
        Assert.Equal("title", found.Records[0].Label?.Name);
        Assert.Equal(("notes", "table"), (found.Views[0].Name, found.Views[0].Kind));
    }

    [Fact]
    public void Newer_kinds_of_views_are_read_by_what_they_fall_back_to()
    {
        var found = Shelf.Read(Right + "views.v { kind = hologram, fallback = list, records = notes }");
        Assert.True(found.Descriptor is not null, found.Errors);
        Assert.Equal(("hologram", "list"), (found.Descriptor.Views[0].Kind, found.Descriptor.Views[0].Fallback));
    }

    [Fact]
    public void Loops_that_a_condition_may_end_are_a_warning()
    {
        var found = Shelf.Read(
            Right + "hooks = [ { on = notes.created, when = \"record.title != 'stop'\", steps = [ { create = notes, with { title = stop } } ] } ]");
        Assert.True(found.Descriptor is not null, found.Errors);
        Assert.Contains("may set each other off", Assert.Single(found.Problems).Message, StringComparison.Ordinal);
    }
}
