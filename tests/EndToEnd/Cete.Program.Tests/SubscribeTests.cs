using Cete.Testing;

namespace Cete.Program.Tests;

/// <summary>A folder that is followed: what is filed there arrives by itself.</summary>
public sealed class SubscribeTests : IAsyncLifetime
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);
    private readonly TempFolder _folder = new();
    private TestNode _node = null!;
    private AgentUser _user = null!;

    private string Output => _folder.At("in");

    public async ValueTask InitializeAsync()
    {
        _node = await TestNode.CreateAsync(_folder.At("node"));
        _user = await AgentUser.LogInAsync(_folder.At("s"), _node);
    }

    public async ValueTask DisposeAsync()
    {
        await _user.DisposeAsync();
        await _node.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task WhatIsFiledArrivesByItselfAndAfterTheAgentWasKilledToo()
    {
        await PutAsync("/news", "old");
        var said = (await _user.CeteAsync("subscribe", "/news", Output, "--below", "--json")).Ended(0).Json;
        Assert.Equal(1, said.GetProperty("id").GetInt64());
        await BegunAsync(1);
        var began = TimeProvider.System.GetTimestamp();
        await PutAsync("/news/deep/er", "new", 3_000_000);
        await ArrivesAsync("deep/er/new");
        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 0, 30);
        Disk.AssertSame(_folder.At("new"), Path.Combine(Output, "deep", "er", "new"));
        Assert.False(File.Exists(Path.Combine(Output, "old")));
        Assert.Equal(1, (await _user.CeteAsync("agent", "status", "--json")).Ended(0).Number("subscriptions"));

        // It was filed while nobody was there.
        await _user.KillAgentAsync();
        await PutAsync("/news", "later");
        (await _user.CeteAsync("subscriptions")).Ended(0);
        await ArrivesAsync("later");
        await Eventually.TrueAsync(async () => (await _user.SubscriptionAsync(1)).GetProperty("there").GetInt64() == 2, "both count", Bound);

        // Paused nothing comes; what was filed meanwhile comes with the first that goes on.
        (await _user.CeteAsync("subscriptions", "pause", "1")).Ended(0);
        Assert.Equal(0, (await _user.CeteAsync("agent", "status", "--json")).Ended(0).Number("subscriptions"));
        await PutAsync("/news", "meanwhile");
        Assert.Equal("paused", (await _user.SubscriptionAsync(1)).GetProperty("state").GetString());
        (await _user.CeteAsync("subscriptions", "resume", "1")).Ended(0);
        await ArrivesAsync("meanwhile");
        (await _user.CeteAsync("subscriptions", "remove", "1")).Ended(0);
        Assert.Empty((await _user.CeteAsync("subscriptions")).Ended(0).Out);
        Assert.True(File.Exists(Path.Combine(Output, "meanwhile")));
        Assert.Contains("there is no subscription 1", (await _user.CeteAsync("subscriptions", "pause", "1")).Ended(3).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NewVersionsMovesAndDeletionsAreFollowedButNotOverWhatTheUserChanged()
    {
        await PutAsync("/f", "one", 1_000);
        await PutAsync("/f", "two", 2_000);
        await PutAsync("/f", "three", 3_000);
        (await _user.CeteAsync("subscribe", "/f", Output, "--below", "--since", "all", "--on-delete", "trash")).Ended(0);
        await Eventually.TrueAsync(async () => (await _user.SubscriptionAsync(1)).GetProperty("there").GetInt64() == 3, "all are there", Bound);

        // A newer version takes the place of what nobody changed.
        await PutAsync("/f", "one", 5_000);
        await Eventually.TrueAsync(() => new FileInfo(Path.Combine(Output, "one")).Length == 5_000, "the new version is there", Bound);
        File.WriteAllText(Path.Combine(Output, "three"), "mine now");
        await _user.PostAsync("/api/moves", """{"from": "/f/two", "to": "/f/b/zwei"}""");
        await ArrivesAsync("b/zwei");
        Assert.False(File.Exists(Path.Combine(Output, "two")));
        await _user.PostAsync("/api/moves", """{"from": "/f", "to": "/g"}""");
        await Eventually.TrueAsync(async () => (await _user.SubscriptionAsync(1)).GetProperty("folder").GetString() == "/g", "the folder is followed", Bound);
        await _user.PostAsync("/api/removals", """{"path": "/g/b"}""");
        await _user.PostAsync("/api/removals", """{"path": "/g/three"}""");
        await Eventually.TrueAsync(async () => (await _user.SubscriptionAsync(1)).GetProperty("gone").GetInt64() == 2, "both are gone", Bound);
        Assert.False(File.Exists(Path.Combine(Output, "b", "zwei")));
        Assert.Single(Directory.GetFiles(Path.Combine(Output, ".cete-trash"), "zwei", SearchOption.AllDirectories));
        Assert.Equal("mine now", File.ReadAllText(Path.Combine(Output, "three")));
        await PutAsync("/g", "four");
        await ArrivesAsync("four");
    }

    [Fact]
    public async Task OddNamesGoNowhereAndFiltersHold()
    {
        await PutAsync("/odd", "first");
        var touched = _folder.At("touched");
        (await _user.CeteAsync(
            "subscribe", "/odd", Output, "--below", "--match", "*.txt", "--match", ".*", "--max-size", "2kB", "--then", $"cp {{}} '{touched}'")).Ended(0);
        await BegunAsync(1);
        foreach (var (to, name, bytes) in ((string, string, int)[])
            [("/odd", "big.txt", 3_000), ("/odd", "other.bin", 10), ("/odd/.ssh", ".keys", 10), ("/odd/a b", "\u00fc - ..txt", 10)])
        {
            await PutAsync(to, name, bytes);
        }

        await ArrivesAsync("a b/\u00fc - ..txt");
        await Eventually.TrueAsync(() => File.Exists(touched), "the program ran", Bound);
        await Eventually.TrueAsync(async () => (await _user.SubscriptionAsync(1)).GetProperty("failed").GetInt64() == 1, "one is left out", Bound);
        Assert.Equal(["\u00fc - ..txt"], Directory.GetFiles(Output, "*", SearchOption.AllDirectories).Select(Path.GetFileName));
        var files = (await _user.CeteAsync("subscriptions", "files", "1", "--json")).Ended(0).Lines;
        Assert.Contains("would be hidden", files.Single(file => file.GetProperty("state").GetString() == "Failed").GetProperty("problem").GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASearchNotesWhatItFindsAndFetchesNothing()
    {
        await PutAsync("/a", "sour dough old");
        (await _user.CeteAsync("subscribe", "--search", "sour dough", Output, "--notify")).Ended(0);
        await BegunAsync(1);
        await PutAsync("/b", "bread");
        await PutAsync("/b/c", "sour dough new");
        await Eventually.TrueAsync(async () => (await _user.SubscriptionAsync(1)).GetProperty("noted").GetInt64() == 1, "it is noted", Bound);
        Assert.Contains("/b/c/sour dough new", (await _user.CeteAsync("subscriptions", "files", "1")).Ended(0).Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public async Task WhatCannotBeIsRefusedWithWhy()
    {
        Assert.Contains("there is no folder /nowhere", (await _user.CeteAsync("subscribe", "/nowhere", Output)).Ended(3).Error, StringComparison.Ordinal);
        Assert.Contains("is no time", (await _user.CeteAsync("subscribe", "/", Output, "--since", "soon")).Ended(2).Error, StringComparison.Ordinal);
        Assert.Contains("is no size", (await _user.CeteAsync("subscribe", "/", Output, "--max-size", "huge")).Ended(2).Error, StringComparison.Ordinal);
        Assert.Contains("name a folder of the index", (await _user.CeteAsync("subscribe", "/only")).Ended(2).Error, StringComparison.Ordinal);
        (await _user.CeteAsync("subscribe", "/", Output)).Ended(0);
        Assert.Contains("subscription 1 has the same", (await _user.CeteAsync("subscribe", "/", Output)).Ended(4).Error, StringComparison.Ordinal);
    }

    private async Task PutAsync(string to, string name, long bytes = 100) =>
        (await _node.CeteAsync("put", _folder.Write(name, bytes, (ulong)bytes), "--to", to)).Ended(0);

    /// <summary>It has told the node from where on it wants to know.</summary>
    private Task BegunAsync(long id) => Eventually.TrueAsync(
        async () => (await _user.SubscriptionAsync(id)) is var one && one.TryGetProperty("heard", out _) && one.GetProperty("state").GetString() == "active",
        "it follows the folder", Bound);

    private Task ArrivesAsync(string path) =>
        Eventually.TrueAsync(() => File.Exists(Path.Combine([Output, .. path.Split('/')])), $"{path} arrives", Bound);
}
