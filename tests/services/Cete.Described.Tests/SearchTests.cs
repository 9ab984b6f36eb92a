using Cete.Core;

namespace Cete.Described.Tests;

/// <summary>Records found by their words.</summary>
public sealed class SearchTests : IDisposable
{
    private const string Open = "rules { list = \"\", view = \"\", create = \"auth.known\", update = \"auth.known\", delete = \"record.owner == auth.id\" }";

    private readonly Shelf _shelf = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_in_the_first_field_counts_most_and_as_typed_comes_first()
    {
        await PublishAsync("title = text, body = markdown", "search = [title, body]");
        await MakeAsync("Notes on spring", "A garden in spring, garden, garden, garden.");
        await MakeAsync("Garden", "Something else.");
        await MakeAsync("The garden of a friend", "Of all things.");
        await MakeAsync("Nothing", "Not a word of it.");
        await MakeAsync("Nothing more", "There is a garden at the end of it.");
        Assert.Equal<long[]>([2, 3, 1, 5], await FindAsync("garden"));
        Assert.Equal<long[]>([5], await FindAsync("end gard"));
        Assert.Equal<long[]>([3, 5, 1, 2], await FindAsync("garden", sort: "-title"));
    }

    [Theory]
    [InlineData("creme", new long[] { 1 })]
    [InlineData("CRÈME brul", new long[] { 1 })]
    [InlineData("\"cream cheese\"", new long[] { 2 })]
    [InlineData("\"cheese cream\"", new long[] { })]
    [InlineData("cheese cream", new long[] { 2, 3 })]
    [InlineData("cream -cheese", new long[] { 4 })]
    [InlineData("cheese -cream", new long[] { })]
    [InlineData("chee crea", new long[] { })]
    [InlineData("cream che", new long[] { 2, 3 })]
    [InlineData("well-known", new long[] { 4 })]
    [InlineData("known well", new long[] { 4 })]
    [InlineData("\"known well\"", new long[] { })]
    [InlineData("京都", new long[] { 5 })]
    [InlineData("都東", new long[] { })]
    [InlineData("हिन्दी", new long[] { 6 })]
    [InlineData("-cream", new long[] { })]
    [InlineData("!!!", new long[] { })]
    public async Task Words_phrases_and_what_is_left_out(string typed, long[] expected)
    {
        await PublishAsync("title = text");
        foreach (var title in new[] { "Crème brûlée", "Cream cheese", "Cheese with cream", "A well-known cream", "東京都 2026", "हिन्दी" })
        {
            await _shelf.MakeAsync(Shelf.Ada, "s", "notes", ("title", title));
        }

        Assert.Equal<long[]>(expected, await FindAsync(typed));
    }

    [Theory]
    [InlineData("title : secret")]
    [InlineData("c0 : one")]
    [InlineData("one OR two")]
    [InlineData("one AND two")]
    [InlineData("NEAR(one two)")]
    [InlineData("one NOT two")]
    [InlineData("{title body} : one")]
    [InlineData("^one")]
    [InlineData("on*")]
    [InlineData("\"")]
    [InlineData("\"one\" \"")]
    [InlineData("'); DROP TABLE s1_notes; --")]
    [InlineData("one\0two")]
    [InlineData("\0")]
    [InlineData("+ - * / ( ) : ^")]
    [InlineData("\ud800 one \udc00")]
    [InlineData("\ue000")]
    [InlineData("\u0301")]
    [InlineData("- -- -\"")]
    public async Task Nothing_typed_is_an_error_or_means_anything_to_the_index(string typed)
    {
        await PublishAsync("title = text");
        await _shelf.MakeAsync(Shelf.Ada, "s", "notes", ("title", "one two"));
        var found = await _shelf.TryListAsync(Shelf.Guest, new RecordQuery("s", "notes") { Search = typed, IsCounted = true });
        Assert.True(found.Succeeded, found.Failure?.Message);
        Assert.Equal(found.Value.Items.Count, found.Value.Total);
        Assert.Equal<long[]>([1], await FindAsync("one"));
    }

    [Fact]
    public async Task What_nobody_sees_neither_hides_a_word_nor_parts_it()
    {
        await PublishAsync("title = text");
        await _shelf.MakeAsync(Shelf.Ada, "s", "notes", ("title", "in\u200bvis\u00adible \u202eword"));
        Assert.Equal<long[]>([1], await FindAsync("invisible"));
        Assert.Equal<long[]>([1], await FindAsync("w\u200eor\u2066d\u2069"));
        Assert.Equal<long[]>([1], await FindAsync("inv\u200disible word"));
    }

    [Fact]
    public async Task A_search_is_bounded_and_says_so()
    {
        await PublishAsync("title = text");
        Assert.Equal(
            "a search has at most 500 characters, and this one has 10000; take fewer words",
            (await _shelf.TryListAsync(Shelf.Ada, new RecordQuery("s", "notes") { Search = new string('a', 10_000) })).Failure?.Message);
        Assert.Equal(
            "a search has at most 16 words, and this one has 17; take fewer",
            (await _shelf.TryListAsync(Shelf.Ada, new RecordQuery("s", "notes") { Search = string.Join(' ', Enumerable.Repeat("one", 17)) })).Failure?.Message);
        Assert.Equal(
            "what is deleted is not searched by words; leave out one of 'search' and 'deleted'",
            (await _shelf.TryListAsync(Shelf.Ada, new RecordQuery("s", "notes") { Search = "one", IsDeleted = true })).Failure?.Message);
    }

    [Fact]
    public async Task Only_what_one_may_see_is_found_counted_or_ordered_by()
    {
        await PublishAsync(
            "title = text, secret { type = text, rules { read = \"record.owner == auth.id\" } }", string.Empty,
            "rules { list = \"record.owner == auth.id || record.title != 'mine'\", view = \"\", create = \"auth.known\" }");
        await _shelf.MakeAsync(Shelf.Ada, "s", "notes", ("title", "mine"), ("secret", "treasure"));
        await _shelf.MakeAsync(Shelf.Ada, "s", "notes", ("title", "mine too"), ("secret", "treasure"));
        Assert.Equal<long[]>([1, 2], await FindAsync("mine", Shelf.Ada));
        Assert.Equal<long[]>([2], await FindAsync("mine", Shelf.Ben));
        Assert.Equal<long[]>([], await FindAsync("treasure", Shelf.Ada));
        Assert.Equal(1, (await _shelf.ListAsync(Shelf.Ben, new RecordQuery("s", "notes") { Search = "mine", IsCounted = true })).Total);
        var groups = await _shelf.Services.GroupAsync(new RecordQuery("s", "notes") { Search = "mine" }, "title", null, Shelf.Ben.Standing, Cancel);
        Assert.Equal([1L], groups.Value.Select(group => group.Count));

        // How often a word is among what one may not see changes nothing of the order either.
        await _shelf.PublishAsync(Describe("title = text", "drops = [secret]", "rules { list = \"record.title != 'hidden hidden'\", create = \"\" }"), 1);
        await _shelf.MakeAsync(Shelf.Ada, "s", "notes", ("title", "rare plus common"));
        await _shelf.MakeAsync(Shelf.Ada, "s", "notes", ("title", "common plus rare"));
        var before = await RanksAsync("plus rare");
        for (var i = 0; i < 20; i++)
        {
            await _shelf.MakeAsync(Shelf.Ada, "s", "notes", ("title", "hidden hidden"));
        }

        Assert.Equal(before, await RanksAsync("plus rare"));
        Assert.Equal<long[]>([], await FindAsync("hidden"));
    }

    [Fact]
    public async Task What_is_deleted_or_hidden_is_not_found_until_it_is_back()
    {
        await PublishAsync("title = text");
        await _shelf.MakeAsync(Shelf.Ada, "s", "notes", ("title", "kept"));
        await _shelf.DeleteAsync(Shelf.Ada, "s", "notes", 1);
        Assert.Equal<long[]>([], await FindAsync("kept", Shelf.Ada));
        await _shelf.Services.RestoreAsync("s", "notes", 1, Shelf.Ada, null, Cancel);
        Assert.Equal<long[]>([1], await FindAsync("kept"));
        await _shelf.Services.ModerateAsync("s", "notes", 1, true, "spam", Shelf.Administrator, null, Cancel);
        Assert.Equal<long[]>([], await FindAsync("kept", Shelf.Administrator));
        await _shelf.Services.ModerateAsync("s", "notes", 1, false, string.Empty, Shelf.Administrator, null, Cancel);
        Assert.Equal<long[]>([1], await FindAsync("kept"));
        await _shelf.SetAsync(Shelf.Ada, "s", "notes", 1, ("title", "changed"));
        Assert.Equal<long[]>([], await FindAsync("kept"));
        Assert.Equal<long[]>([1], await FindAsync("changed"));
    }

    [Fact]
    public async Task Pieces_are_text_with_places_and_never_markup()
    {
        await PublishAsync("title = text, body = markdown");
        var long1 = string.Concat(Enumerable.Repeat("Something is said at length. ", 40));
        await MakeAsync("A <b>Crème</b> title", $"{long1}\n\n# Here **the crème\u200b** is\n\n{long1}");
        var record = (await _shelf.ListAsync(Shelf.Guest, new RecordQuery("s", "notes") { Search = "creme" })).Items[0];
        Assert.Equal(["title", "body"], record.Pieces.Select(piece => piece.Field));
        Assert.Equal("A <b>Crème</b> title", record.Pieces[0].Text);
        var hits = record.Pieces.SelectMany(piece => piece.Hits.Select(hit => piece.Text.Substring(hit.Start, hit.Length)));
        Assert.Equal(["Crème", "crème"], hits);
        Assert.StartsWith("… ", record.Pieces[1].Text, StringComparison.Ordinal);
        Assert.EndsWith(" …", record.Pieces[1].Text, StringComparison.Ordinal);
        Assert.Contains("length. Here the crème is Something", record.Pieces[1].Text, StringComparison.Ordinal);
        Assert.True(record.Pieces[1].Text.Length < 200);
    }

    [Fact]
    public async Task Pages_are_gone_through_once_also_beyond_what_is_ranked()
    {
        await PublishAsync("title = text, body = markdown");
        const int count = 1_300;
        for (var i = 1; i <= count; i++)
        {
            await MakeAsync(i % 5 == 0 ? "apple" : "other", i % 7 == 0 ? "apple apple" : "an apple a day");
        }

        List<long> seen = [];
        string? cursor = null;
        do
        {
            var page = await _shelf.ListAsync(Shelf.Guest, new RecordQuery("s", "notes") { Search = "apple", Cursor = cursor, Limit = 90 });
            seen.AddRange(page.Items.Select(item => item.Id));
            cursor = page.Next;

            // What comes meanwhile is not in the way.
            await MakeAsync("apple", "apple");
        }
        while (cursor is not null);
        Assert.Equal(count, seen.Count);
        Assert.Equal(Enumerable.Range(1, count).Select(i => (long)i), seen.Order());
        Assert.Equal(0, seen[0] % 5);
        var other = await _shelf.ListAsync(Shelf.Guest, new RecordQuery("s", "notes") { Search = "other", Cursor = "nonsense", Limit = 1 });
        Assert.Single(other.Items);
    }

    [Fact]
    public async Task When_other_fields_are_searched_the_words_are_filed_anew_in_pieces()
    {
        await PublishAsync("title = text, body = markdown", "search = [title]");
        const int count = 2_500;
        for (var i = 1; i <= count; i++)
        {
            await MakeAsync($"title {i}", $"body {i}");
        }

        Assert.Equal<long[]>([], await FindAsync("body"));
        var changed = await _shelf.TryPublishAsync(Describe("title = text, body = markdown", "search = [body, title]"), 1);
        Assert.Equal(["notes are searched by body, title now"], changed.Value.Changes);

        // A thousand at once, the rest by ticks; what is written meanwhile is found when its turn comes.
        var page = await _shelf.ListAsync(Shelf.Guest, new RecordQuery("s", "notes") { Search = "body", IsCounted = true });
        Assert.True(page.IsPartial);
        Assert.Equal(1_000, page.Total);
        await _shelf.SetAsync(Shelf.Ada, "s", "notes", 3, ("body", "changed early"));
        await _shelf.SetAsync(Shelf.Ada, "s", "notes", 2_000, ("body", "changed late"));
        await _shelf.DeleteAsync(Shelf.Ada, "s", "notes", 2_001);
        await MakeAsync("new", "body of a new one");
        Assert.True((await _shelf.Services.TickAsync(Shelf.Node, Cancel)).Value);
        await _shelf.TickAsync();
        page = await _shelf.ListAsync(Shelf.Guest, new RecordQuery("s", "notes") { Search = "body", IsCounted = true });
        Assert.False(page.IsPartial);
        Assert.Equal(count - 2, page.Total);
        Assert.Equal<long[]>([2_000, 3], await FindAsync("changed"));
        Assert.Equal<long[]>([count + 1], await FindAsync("\"new one\""));

        await _shelf.PublishAsync(Describe("title = text, body = markdown", "search = []"), 2);
        Assert.Equal(
            "notes are not searched by words; take a filter",
            (await _shelf.TryListAsync(Shelf.Ada, new RecordQuery("s", "notes") { Search = "one" })).Failure?.Message);
    }

    [Fact]
    public async Task Renaming_keeps_the_words_and_defaults_are_filed()
    {
        await PublishAsync("title = text");
        for (var i = 0; i < 1_100; i++)
        {
            await _shelf.CreateAsync(Shelf.Ada, "s", "notes", ("title", "first"));
        }

        await _shelf.CreateAsync(Shelf.Ada, "s", "notes");
        await _shelf.PublishAsync(
            $"service {{ name = s }}\nrecords {{ papers {{ was = notes, fields {{ name {{ type = markdown, was = title }} }}, {Open} }} }}", 1);
        var page = await _shelf.ListAsync(Shelf.Guest, new RecordQuery("s", "papers") { Search = "first", IsCounted = true });
        Assert.False(page.IsPartial);
        Assert.Equal(1_100, page.Total);
        await _shelf.PublishAsync(
            $"service {{ name = s }}\nrecords {{ papers {{ fields {{ name {{ type = markdown, required = true, default = nameless }} }}, {Open} }} }}", 2);
        await _shelf.TickAsync();
        Assert.Equal([1_101L], (await _shelf.ListAsync(Shelf.Guest, new RecordQuery("s", "papers") { Search = "nameless" })).Items.Select(item => item.Id));
        await _shelf.Services.WithdrawAsync("s", 3, Shelf.Administrator, null, Cancel);
        Assert.False((await _shelf.Services.TickAsync(Shelf.Node, Cancel)).Value);
    }

    [Fact]
    public async Task What_a_hook_undoes_is_not_found()
    {
        await _shelf.PublishAsync(
            $$"""
            service { name = s }
            records { notes { fields { title = text }, {{Open}} }, logs { fields { text { type = text, max = 5 } }, {{Open}} } }
            hooks = [{ on = notes.created, steps = [
              { create = logs, with { text = "made" } }, { set { title = "changed" }, of = record }
              { create = logs, with { text = "=record.title + ' is too long'" } }
            ] }]
            """);
        await _shelf.MakeAsync(Shelf.Ada, "s", "notes", ("title", "given"));
        Assert.Equal<long[]>([1], await FindAsync("given"));
        Assert.Equal<long[]>([], await FindAsync("changed"));
        Assert.Empty((await _shelf.ListAsync(Shelf.Guest, new RecordQuery("s", "logs") { Search = "made" })).Items);
    }

    [Fact]
    public async Task All_services_are_searched_at_once()
    {
        await PublishAsync("title = text", "search = [title]");
        await _shelf.PublishAsync(Shelf.Sample("library.conf"));
        await _shelf.MakeAsync(Shelf.Ada, "s", "notes", ("title", "Emma, a note"));
        await _shelf.MakeAsync(Shelf.Ada, "library", "books", ("title", "Emma"));
        var all = await AllAsync("emma");
        Assert.Equal(["library/books 1", "s/notes 1"], all.Found.Select(one => $"{one.Service.Name}/{one.Kind.Name} {one.Record.Id}"));
        Assert.True(all.Found[0].Rank > all.Found[1].Rank);
        Assert.Empty(all.LeftOut);
        var last = all.Found[0];
        var next = await AllAsync("emma", new SearchPlace(Now, Now, last.Rank, SearchPlace.KeyOf("library", "books", 1)));
        Assert.Equal(["s"], next.Found.Select(one => one.Service.Name));
        Assert.Equal(["s"], (await AllAsync("emma", null, "s", "notes")).Found.Select(each => each.Service.Name));
        Assert.Empty((await AllAsync("emma", new SearchPlace(Now, new Instant(1), int.MaxValue, string.Empty))).Found);
        var none = new RecordSearch(SearchTerms.Parse("emma").Value, "nothing", null, SearchPlace.Begin(Now), 10);
        Assert.Equal(FailureKind.NotFound, (await _shelf.Services.SearchAsync(none, Shelf.Ada.Standing, Cancel)).Failure?.Kind);
    }

    [Fact]
    public async Task What_is_rated_well_or_new_comes_before_what_fits_as_well()
    {
        await PublishAsync("title = text, stars = rating");
        await _shelf.MakeAsync(Shelf.Ada, "s", "notes", ("title", "tea one"), ("stars", "5"));
        await _shelf.MakeAsync(Shelf.Ada, "s", "notes", ("title", "tea two"), ("stars", "1"));
        await _shelf.MakeAsync(Shelf.Ada, "s", "notes", ("title", "tea old"));
        _shelf.Group.Now += TimeSpan.FromDays(100);
        await _shelf.MakeAsync(Shelf.Ada, "s", "notes", ("title", "tea new"));
        Assert.Equal([4L, 1, 3, 2], (await AllAsync("tea")).Found.Select(one => one.Record.Id));
        Assert.Equal(SearchRank.Max * 0.925 * 0.5, SearchRank.OfFile(TextMatcher.PointsMax, 0, Now, Now), 1.0);
        Assert.True(SearchRank.OfFile(10_000, 8, Now, Now) > SearchRank.OfFile(10_000, 1, Now, Now));
    }

    [Theory]
    [InlineData("search = title", "is to be an array of names of fields, 8 at most; write search = [title, body]; [] for none")]
    [InlineData("search = [titel]", "there is no field 'titel'; did you mean 'title'?")]
    [InlineData("search = [pages]", "'pages' is integer, which holds no words")]
    [InlineData("search = [own]", "'own' has a rule of its own: what is found would tell of it to those who may not read it; leave it out, or its rule 'read'")]
    [InlineData("search = [title, title]", "'title' is named twice; the first place counts")]
    public void What_cannot_be_searched_is_told(string search, string message)
    {
        var reading = Shelf.Read(Describe("title = text, pages = integer, own { type = text, rules { read = \"auth.known\" } }", search));
        Assert.Contains(message, reading.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _shelf.Dispose();

    private static string Describe(string fields, string more = "", string rules = Open) =>
        $"service {{ name = s }}\nrecords {{ notes {{ fields {{ {fields} }}, {(more.Length > 0 ? more + ", " : string.Empty)}{rules} }} }}";

    private Task<long> PublishAsync(string fields, string more = "", string rules = Open) => _shelf.PublishAsync(Describe(fields, more, rules));

    private Task<long> MakeAsync(string title, string body) => _shelf.MakeAsync(Shelf.Ada, "s", "notes", ("title", title), ("body", body));

    private async Task<long[]> FindAsync(string typed, Groups.Asker? asker = null, string? sort = null)
    {
        var query = new RecordQuery("s", "notes") { Search = typed, Sort = sort is null ? [] : [sort] };
        return [.. (await _shelf.ListAsync(asker ?? Shelf.Guest, query)).Items.Select(item => item.Id)];
    }

    private Instant Now => _shelf.Group.Now + TimeSpan.FromMinutes(1);

    private async Task<FoundRecords> AllAsync(string typed, SearchPlace? after = null, string? service = null, string? kind = null)
    {
        var search = new RecordSearch(SearchTerms.Parse(typed).Value, service, kind, after ?? SearchPlace.Begin(Now), 10);
        var found = await _shelf.Services.SearchAsync(search, Shelf.Ada.Standing, Cancel);
        Assert.True(found.Succeeded, found.Failure?.Message);
        return found.Value;
    }

    private async Task<long[]> RanksAsync(string typed) => [.. (await AllAsync(typed, SearchPlace.Begin(new Instant(long.MaxValue / 2)))).Found
        .SelectMany(one => new[] { one.Record.Id, one.Rank })];
}
