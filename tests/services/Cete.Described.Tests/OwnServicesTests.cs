using Cete.Core;
using Cete.Groups;
using Cete.Testing;

namespace Cete.Described.Tests;

/// <summary>Services of the repository, as people use them: what each is there for works, and what each forbids is refused.</summary>
public sealed class OwnServicesTests : IDisposable
{
    private static readonly Asker Moderator = Shelf.Of("mo", RoleDefinition.Moderator);
    private readonly Shelf _shelf = new();

    [Fact]
    public async Task A_poll_is_opened_voted_on_once_and_closes_by_itself()
    {
        await PublishAsync("polls");
        await PublishAsync("news");
        var poll = await _shelf.MakeAsync(Shelf.Ada, "polls", "polls", ("question", "Where to?"), ("closes", At(60)));
        Assert.Equal("A poll needs two choices at least.", (await _shelf.ActAsync(Shelf.Ada, "polls", "open", poll)).Failure?.Message);
        foreach (var text in new[] { "Sea", "Mountains" })
        {
            await _shelf.MakeAsync(Shelf.Ada, "polls", "choices", ("poll", $"{poll}"), ("text", text));
        }

        Assert.Equal(FailureKind.Forbidden, (await _shelf.CreateAsync(Shelf.Ben, "polls", "choices", ("poll", $"{poll}"), ("text", "Home"))).Failure?.Kind);
        Assert.Equal(FailureKind.NotFound, (await _shelf.ActAsync(Shelf.Ben, "polls", "vote", 1)).Failure?.Kind);
        Assert.True((await _shelf.ActAsync(Shelf.Ada, "polls", "open", poll)).Succeeded);
        Assert.True((await _shelf.ActAsync(Shelf.Ben, "polls", "vote", 1)).Succeeded);
        Assert.Equal("You have voted already.", (await _shelf.ActAsync(Shelf.Ben, "polls", "vote", 2)).Failure?.Message);
        Assert.True((await _shelf.ActAsync(Shelf.Ada, "polls", "vote", 1)).Succeeded);
        Assert.Equal(FailureKind.Unauthenticated, (await _shelf.ActAsync(Shelf.Guest, "polls", "vote", 1)).Failure?.Kind);
        Assert.Equal("0", await _shelf.FieldAsync(Shelf.Ben, "polls", "choices", 1, "votes"));
        Assert.Equal((long[])[1], await _shelf.IdsAsync(Shelf.Ben, "polls", "votes"));
        Assert.Equal(FailureKind.Forbidden, (await _shelf.SetAsync(Shelf.Ada, "polls", "polls", poll, ("question", "Really?"))).Failure?.Kind);

        _shelf.Group.Now += TimeSpan.FromMinutes(61);
        await _shelf.TickAsync();
        Assert.Equal("closed", await _shelf.FieldAsync(Shelf.Guest, "polls", "polls", poll, "state"));
        Assert.Equal("2", await _shelf.FieldAsync(Shelf.Guest, "polls", "choices", 1, "votes"));
        Assert.Equal(FailureKind.Conflict, (await _shelf.ActAsync(Shelf.Of("cleo"), "polls", "vote", 2)).Failure?.Kind);
        Assert.Empty(await _shelf.IdsAsync(Shelf.Of("cleo"), "polls", "votes"));

        // What it came to stands in the news.
        Assert.Equal("Poll closed: Where to?", await _shelf.FieldAsync(Shelf.Guest, "news", "items", 1, "title"));
    }

    [Fact]
    public async Task A_topic_with_posts_goes_up_and_a_locked_one_takes_none()
    {
        await PublishAsync("forum");
        await _shelf.MakeAsync(Moderator, "forum", "boards", ("name", "General"));
        Assert.Equal(FailureKind.Forbidden, (await _shelf.CreateAsync(Shelf.Ada, "forum", "boards", ("name", "Mine"))).Failure?.Kind);
        var first = await _shelf.MakeAsync(Shelf.Ada, "forum", "topics", ("title", "First"), ("board", "1"), ("text", "Hello"));
        _shelf.Group.Now += TimeSpan.FromMinutes(1);
        await _shelf.MakeAsync(Shelf.Ada, "forum", "topics", ("title", "Second"), ("board", "1"), ("text", "Hello"));
        _shelf.Group.Now += TimeSpan.FromMinutes(1);
        var post = await _shelf.MakeAsync(Shelf.Ben, "forum", "posts", ("topic", $"{first}"), ("text", "Hi"));
        Assert.Equal(["First", "Second"], await TitlesAsync());
        Assert.Equal("1", await _shelf.FieldAsync(Shelf.Guest, "forum", "topics", first, "posts"));
        Assert.True((await _shelf.ActAsync(Shelf.Ada, "forum", "like", post)).Succeeded);
        Assert.Equal(FailureKind.Conflict, (await _shelf.ActAsync(Shelf.Ada, "forum", "like", post)).Failure?.Kind);
        Assert.Equal(FailureKind.Forbidden, (await _shelf.ActAsync(Shelf.Ben, "forum", "like", post)).Failure?.Kind);
        Assert.Equal("1", await _shelf.FieldAsync(Shelf.Guest, "forum", "posts", post, "likes"));

        Assert.Equal(FailureKind.Forbidden, (await _shelf.SetAsync(Shelf.Ada, "forum", "topics", first, ("locked", "true"))).Failure?.Kind);
        Assert.True((await _shelf.SetAsync(Moderator, "forum", "topics", first, ("locked", "true"))).Succeeded);
        Assert.Equal(FailureKind.Forbidden, (await _shelf.CreateAsync(Shelf.Ben, "forum", "posts", ("topic", $"{first}"), ("text", "More"))).Failure?.Kind);
        await _shelf.DeleteAsync(Shelf.Ben, "forum", "posts", post);
        Assert.Equal("0", await _shelf.FieldAsync(Shelf.Guest, "forum", "topics", first, "posts"));

        async Task<IEnumerable<string>> TitlesAsync() => (await _shelf.ListAsync(Shelf.Guest, new RecordQuery("forum", "topics") { View = "topics" })).Items
            .Select(topic => FieldText.Write(topic.Get("title")));
    }

    [Fact]
    public async Task Standings_count_themselves_once_both_sides_agree()
    {
        await _shelf.PublishAsync(Shelf.Sample("league.conf"));
        await _shelf.MakeAsync(Shelf.Ada, "league", "teams", ("name", "Foxes"));
        await _shelf.MakeAsync(Shelf.Ben, "league", "teams", ("name", "Owls"));
        var match = await _shelf.MakeAsync(Shelf.Ada, "league", "matches", ("home", "1"), ("away", "2"), ("at", At(60)));
        Assert.Equal(FailureKind.Conflict, (await _shelf.ActAsync(Shelf.Ada, "league", "tell", match, ("home", "2"), ("away", "1"))).Failure?.Kind);
        _shelf.Group.Now += TimeSpan.FromHours(3);
        Assert.Equal(FailureKind.Forbidden, (await _shelf.ActAsync(Shelf.Of("eve"), "league", "tell", match, ("home", "0"), ("away", "9"))).Failure?.Kind);
        Assert.True((await _shelf.ActAsync(Shelf.Ada, "league", "tell", match, ("home", "2"), ("away", "1"))).Succeeded);
        Assert.Equal(FailureKind.Conflict, (await _shelf.ActAsync(Shelf.Ada, "league", "confirm", match)).Failure?.Kind);
        Assert.True((await _shelf.ActAsync(Shelf.Ben, "league", "confirm", match)).Succeeded);
        var standings = (await _shelf.ListAsync(Shelf.Guest, new RecordQuery("league", "teams") { View = "standings" })).Items;
        Assert.Equal(
            ["Foxes 1 1 1 3", "Owls 1 0 -1 0"],
            standings.Select(team => string.Join(' ', new[] { "name", "played", "won", "goals", "points" }.Select(field => FieldText.Write(team.Get(field))))));
    }

    [Fact]
    public async Task A_link_is_voted_up_and_a_vote_taken_back()
    {
        await PublishAsync("links");
        var link = await _shelf.MakeAsync(Shelf.Ada, "links", "links", ("title", "Cete"), ("address", "https://example.org/"));
        Assert.Equal(FailureKind.Conflict,
            (await _shelf.CreateAsync(Shelf.Ben, "links", "links", ("title", "Again"), ("address", "https://example.org/"))).Failure?.Kind);
        Assert.True((await _shelf.ActAsync(Shelf.Ben, "links", "vote", link)).Succeeded);
        Assert.Equal(FailureKind.Conflict, (await _shelf.ActAsync(Shelf.Ben, "links", "vote", link)).Failure?.Kind);
        Assert.Equal("1", await _shelf.FieldAsync(Shelf.Guest, "links", "links", link, "votes"));
        Assert.True((await _shelf.DeleteAsync(Shelf.Ben, "links", "votes", 1)).Succeeded);
        Assert.Equal("0", await _shelf.FieldAsync(Shelf.Guest, "links", "links", link, "votes"));
    }

    [Fact]
    public async Task Who_is_not_of_a_closed_room_hears_nothing_of_it()
    {
        await PublishAsync("chat");
        var room = await _shelf.MakeAsync(Shelf.Ada, "chat", "rooms", ("name", "Kitchen"), ("closed", "true"));
        await _shelf.MakeAsync(Shelf.Ada, "chat", "members", ("room", $"{room}"), ("who", Shelf.Ben.Account));
        await _shelf.MakeAsync(Shelf.Ben, "chat", "messages", ("room", $"{room}"), ("text", "Soup is ready"));
        Assert.Equal((long[])[1], await _shelf.IdsAsync(Shelf.Ada, "chat", "messages"));
        var eve = Shelf.Of("eve");
        Assert.Empty(await _shelf.IdsAsync(eve, "chat", "rooms"));
        Assert.Empty(await _shelf.IdsAsync(eve, "chat", "messages"));
        Assert.Equal(FailureKind.Forbidden, (await _shelf.CreateAsync(eve, "chat", "messages", ("room", $"{room}"), ("text", "Hello?"))).Failure?.Kind);
        Assert.Equal(FailureKind.Forbidden, (await _shelf.CreateAsync(eve, "chat", "members", ("room", $"{room}"), ("who", eve.Account))).Failure?.Kind);
    }

    [Fact]
    public async Task Tasks_events_and_cards_are_for_those_they_are_for()
    {
        await PublishAsync("todo");
        await PublishAsync("calendar");
        await PublishAsync("contacts");
        await _shelf.MakeAsync(Shelf.Ada, "todo", "lists", ("name", "Own"), ("shared", "false"));
        await _shelf.MakeAsync(Shelf.Ada, "todo", "tasks", ("what", "Sleep"), ("list", "1"));
        Assert.Empty(await _shelf.IdsAsync(Shelf.Ben, "todo", "tasks"));
        await _shelf.MakeAsync(Shelf.Ada, "todo", "lists", ("name", "All"));
        await _shelf.MakeAsync(Shelf.Ada, "todo", "tasks", ("what", "Cook"), ("list", "2"));
        Assert.True((await _shelf.ActAsync(Shelf.Ben, "todo", "take", 2)).Succeeded);
        Assert.Equal("doing", await _shelf.FieldAsync(Shelf.Guest, "todo", "tasks", 2, "state"));
        Assert.Equal((long[])[2], (await _shelf.ListAsync(Shelf.Ben, new RecordQuery("todo", "tasks") { View = "mine" })).Items.Select(task => task.Id));

        await _shelf.MakeAsync(Shelf.Ada, "calendar", "events", ("title", "Party"), ("begins", At(60)), ("open", "false"));
        Assert.Empty(await _shelf.IdsAsync(Shelf.Ben, "calendar", "events"));
        await _shelf.MakeAsync(Shelf.Ada, "calendar", "invitations", ("event", "1"), ("who", Shelf.Ben.Account));
        await _shelf.MakeAsync(Shelf.Ben, "calendar", "answers", ("event", "1"), ("answer", "yes"));
        Assert.Equal("1", await _shelf.FieldAsync(Shelf.Ben, "calendar", "events", 1, "comes"));
        Assert.Equal(FailureKind.Forbidden,
            (await _shelf.CreateAsync(Shelf.Of("eve"), "calendar", "answers", ("event", "1"), ("answer", "yes"))).Failure?.Kind);

        await _shelf.MakeAsync(Shelf.Ada, "contacts", "cards", ("name", "Ben"), ("notes", "owes me a book"), ("shared", "true"));
        Assert.DoesNotContain("notes", (await _shelf.GetAsync(Shelf.Ben, "contacts", "cards", 1)).Value.Values.Select(pair => pair.Key));
        Assert.Empty(await _shelf.IdsAsync(Shelf.Guest, "contacts", "cards"));
    }

    public void Dispose() => _shelf.Dispose();

    private Task<long> PublishAsync(string name) => _shelf.PublishAsync(File.ReadAllText(Descriptions.Own(name)));

    private string At(int minutes) => FieldText.Write(Expressions.Value.OfTimestamp((_shelf.Group.Now + TimeSpan.FromMinutes(minutes)).Microseconds));
}
