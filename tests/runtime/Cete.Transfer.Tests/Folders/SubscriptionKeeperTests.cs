using Cete.Core;
using Cete.Ports.Folders;
using Cete.Storage.Local;
using Cete.Testing;
using Cete.Transfer.Jobs;
using Cete.Transfer.Subscriptions;
using static Cete.Transfer.Tests.Folders.ScriptedCommunity;

namespace Cete.Transfer.Tests.Folders;

/// <summary>Subscriptions over a real book and a real disk; the community and the downloads are scripted.</summary>
public sealed class SubscriptionKeeperTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cete-").FullName;
    private readonly WritingRunner _runner = new();

    private string To => Path.Combine(_folder, "to");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task AHugeFolderIsTakenUpPageByPageAndAfterAStopFromWhereItWas()
    {
        const int count = 6_000;
        var community = new ScriptedCommunity();
        community.Has(Enumerable.Range(1, count).Select(id => Entry(id, $"/f/{id % 10}/{id}")));
        await using (var first = Start(community))
        {
            Assert.True((await first.Keeper.AddAsync(Request() with { Below = true, Since = DateTimeOffset.UnixEpoch })).Succeeded);
            await Eventually.TrueAsync(() => community.Listed.Count > 5, "some pages are listed");
        }

        var listed = community.Listed.Count;
        await using var again = Start(community);
        await Eventually.TrueAsync(() => again.Count(WantedState.There) == count, "all came", TimeSpan.FromMinutes(2));
        Assert.InRange(community.Listed.Count, listed, listed + (count / community.PageSize) + 2);
        Assert.InRange(community.Listed.Distinct().Count(), (count / community.PageSize) - 1, (count / community.PageSize) + 1);
        Assert.True(community.Listed.Count(cursor => cursor == "start") == 1);
        Assert.Equal(count, Directory.EnumerateFiles(To, "*", SearchOption.AllDirectories).Count());
    }

    [Fact]
    public async Task WhatWasFiledBeforeTheFolderMovedInOnePageComesToItsPlace()
    {
        var community = new ScriptedCommunity();
        await using var world = Start(community);
        await world.Keeper.AddAsync(Request() with { Below = true });
        var entry = Entry(1, "/f/a/one");
        community.Say(
            Filed(entry with { Path = "/f/a/one" }) with { Entry = entry with { Path = "/g/b/one" } },
            new FolderChange(NewsKind.Moved, 7, "/f/b", "/f/a", true, null),
            new FolderChange(NewsKind.Moved, 8, "/g", "/f", true, null));
        await Eventually.TrueAsync(() => File.Exists(Path.Combine(To, "b", "one")), "it comes to its place");
        await Eventually.TrueAsync(() => world.Newest().Path == "/g/b/one", "the book follows the disk");
        Assert.Equal("/g", world.Now.Folder);
    }

    [Fact]
    public async Task ItIsFetchedOnceWhateverIsSaidTwiceAndAnewWhenItsContentChanged()
    {
        var community = new ScriptedCommunity();
        await using var world = Start(community);
        await world.Keeper.AddAsync(Request());
        community.Say(Filed(Entry(1, "/f/one")));
        await Eventually.TrueAsync(() => world.Count(WantedState.There) == 1, "it came");
        community.Say(Filed(Entry(1, "/f/one")), Filed(Entry(2, "/f/one")), Filed(Entry(3, "/f/two")));
        await Eventually.TrueAsync(() => world.Count(WantedState.There) == 2, "the other came");
        Assert.Equal(2, _runner.Ran.Count);
        community.Say(Filed(Entry(4, "/f/one", "changed")));
        await Eventually.TrueAsync(() => _runner.Ran.Any(request => request.Overwrite), "it is fetched over the old one");

        // What its user changed is his.
        await Eventually.TrueAsync(() => world.Count(WantedState.There) == 2, "it is there");
        File.WriteAllText(Path.Combine(To, "one"), "of the user");
        community.Say(Filed(Entry(5, "/f/one", "changed again")));
        await Eventually.TrueAsync(() => world.Count(WantedState.Failed) == 1, "it is left alone");
        Assert.Equal("of the user", File.ReadAllText(Path.Combine(To, "one")));
    }

    [Fact]
    public async Task WhoMissedSomethingListsTheFolderAnew()
    {
        var community = new ScriptedCommunity();
        await using var world = Start(community);
        await world.Keeper.AddAsync(Request());
        await Eventually.TrueAsync(() => world.Now.Cursor is not null, "it began");
        community.Has([Entry(1, "/f/missed")]);
        community.Say(isMissed: true);
        await Eventually.TrueAsync(() => world.Count(WantedState.There) == 1, "it is found by the list");
    }

    [Fact]
    public async Task AFileThatIsRefusedKeepsNoneOutAndANodeThatIsAwayIsWaitedFor()
    {
        var community = new ScriptedCommunity { Failure = new Failure(FailureKind.Unavailable, "nobody there") };
        await using var world = Start(community);
        await world.Keeper.AddAsync(Request() with { TakesHidden = true });
        await Eventually.TrueAsync(() => world.Now.Problem?.Contains("nobody there", StringComparison.Ordinal) == true, "it is said");
        community.Failure = null;
        community.Say(Filed(Entry(1, "/f/forbidden")), Filed(Entry(2, "/f/fine")), Filed(Entry(3, "/f/.hidden")), Filed(Entry(4, "/elsewhere/x")));
        await Eventually.TrueAsync(() => world.Count(WantedState.There) == 2 && world.Count(WantedState.Failed) == 1, "the others came");
        Assert.Null(world.Now.Problem);
        Assert.False(File.Exists(Path.Combine(To, "x")));
    }

    [Fact]
    public async Task ADamagedBookIsSaidAndBreaksNothing()
    {
        File.WriteAllText(Path.Combine(_folder, "book.db"), new string('x', 10_000));
        await using var world = Start(new ScriptedCommunity());
        Assert.Equal(FailureKind.Damaged, world.Keeper.All().Failure?.Kind);
        Assert.Equal(FailureKind.Damaged, (await world.Keeper.AddAsync(Request())).Failure?.Kind);
        Assert.Equal(0, world.Keeper.Active);
    }

    private SubscriptionRequest Request() => new("/f", To, "http://node/", null) { MaxSize = long.MaxValue };

    private World Start(ScriptedCommunity community) => new(Path.Combine(_folder, "book.db"), community, _runner);

    private sealed class World : IAsyncDisposable
    {
        private readonly SubscriptionBook _book;
        private readonly JobQueue _queue;

        public World(string book, ScriptedCommunity community, WritingRunner runner)
        {
            _book = new SubscriptionBook(book);
            _queue = new JobQueue(new NoBook(), runner, TimeProvider.System);
            Keeper = new SubscriptionKeeper(new SubscriptionParts(
                _book, new SubscriberDisk(TimeProvider.System), _ => community, _queue, new NoThen(), TimeProvider.System));
        }

        public SubscriptionKeeper Keeper { get; }

        public Subscription Now => Keeper.All().Value[0].Subscription;

        public long Count(WantedState state) => Keeper.All().Value[0].Files.GetValueOrDefault(state);

        public SubscribedFile Newest() => Keeper.Newest(1, 1).Value[0];

        public async ValueTask DisposeAsync()
        {
            await Keeper.DisposeAsync();
            await _queue.DisposeAsync();
            _book.Dispose();
        }
    }
}
