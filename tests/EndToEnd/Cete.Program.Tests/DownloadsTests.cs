using System.Text.Json;
using Cete.Testing;

namespace Cete.Program.Tests;

/// <summary>What a user sees of his downloads, and how he has them come in the order that he wants.</summary>
public sealed class DownloadsTests : IAsyncLifetime
{
    private const long Length = 24L << 20;
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);
    private readonly TempFolder _folder = new();
    private readonly List<AgentUser> _users = [];
    private TestNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await TestNode.CreateAsync(_folder.At("node"));

    public async ValueTask DisposeAsync()
    {
        foreach (var user in _users)
        {
            await user.DisposeAsync();
        }

        await _node.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task AHighOneStartsNextAndTheOrderOutlivesTheAgent()
    {
        var user = await NewUserAsync("64KiB");
        for (var i = 1; i <= 6; i++)
        {
            (await _node.CeteAsync("put", _folder.Write($"film{i}", 4L << 20, (ulong)i))).Ended(0);
        }

        foreach (var i in (int[])[1, 2, 3])
        {
            await BeginAsync(user, $"/film{i}", "--priority", "low");
        }

        await StateAsync(user, 3, "Running");
        await BeginAsync(user, "/film4");
        await BeginAsync(user, "/film5");
        await StateAsync(user, 4, "Waiting");

        // A low one gives way; which one was begun last.
        await BeginAsync(user, "/film6", "--priority", "high");
        await StateAsync(user, 6, "Running");
        await StateAsync(user, 3, "Waiting");
        Assert.Equal([6, 4, 5, 3], (await OrderAsync(user)).Where(id => id > 2));
        Assert.Contains("Download 5 is the first", (await user.CeteAsync("downloads", "first", "5")).Ended(0).Out, StringComparison.Ordinal);
        (await user.CeteAsync("downloads", "down", "5")).Ended(0);
        (await user.CeteAsync("downloads", "up", "3")).Ended(0);
        Assert.Equal([6, 4, 3, 5], (await OrderAsync(user)).Where(id => id > 2));
        Assert.Contains("running", (await user.CeteAsync("downloads", "up", "6")).Ended(4).Error, StringComparison.Ordinal);
        Assert.Contains("there is no download 9", (await user.CeteAsync("downloads", "first", "9")).Ended(3).Error, StringComparison.Ordinal);
        Assert.NotEqual(0, (await user.CeteAsync("downloads", "priority", "3", "urgent")).Code);

        // Killed and started again it goes on in that order: the high one, then by place, and what was low last.
        await user.KillAgentAsync();
        await StateAsync(user, 6, "Running");
        await StateAsync(user, 4, "Running");
        await StateAsync(user, 3, "Running");
        await StateAsync(user, 5, "Waiting");
        (await user.CeteAsync("downloads", "priority", "2", "high")).Ended(0);
        await StateAsync(user, 2, "Running");
    }

    [Fact]
    public async Task WhatEndedStaysWithWhenHowFastAndFromWhom()
    {
        var user = await NewUserAsync();
        (await _node.CeteAsync("put", _folder.Write("film", Length, 1))).Ended(0);
        await BeginAsync(user, "/film");
        await BeginAsync(user, "/nothing");
        await EndedAsync(user, 1);
        await EndedAsync(user, 2);
        var (failed, done) = await PastAsync(user);
        Assert.Equal(("Done", "Failed"), (done.GetProperty("state").GetString(), failed.GetProperty("state").GetString()));
        Assert.Equal((Length, Length), (done.GetProperty("bytes").GetInt64(), done.GetProperty("fetched").GetInt64()));
        Assert.Equal(Length, done.GetProperty("from").GetProperty("nodes").GetInt64());
        Assert.Equal(0, done.GetProperty("from").GetProperty("peers").GetInt64());
        Assert.Equal("Node", done.GetProperty("sources")[0].GetProperty("kind").GetString());
        Assert.InRange(done.GetProperty("bytesPerSecond").GetInt64(), 1, long.MaxValue);
        Assert.InRange(done.GetProperty("ended").GetDateTimeOffset(), done.GetProperty("added").GetDateTimeOffset(), DateTimeOffset.MaxValue);
        var shown = (await user.CeteAsync("downloads", "--history")).Ended(0).Out;
        Assert.Contains("from nodes 24.0 MiB", shown, StringComparison.Ordinal);
        Assert.Contains("nodes 24.0 MiB", (await user.CeteAsync("downloads", "show", "1")).Ended(0).Out, StringComparison.Ordinal);

        // Another user has it from the first one too, and both are told of it.
        await user.KillAgentAsync();
        Assert.Equal(2, (await user.CeteAsync("downloads", "--history", "--json")).Ended(0).Lines.Count);
        (await user.CeteAsync("downloads", "clear")).Ended(0);
        Assert.Empty((await user.CeteAsync("downloads", "--history")).Ended(0).Out);
        Assert.Contains("there is no download 1", (await user.CeteAsync("downloads", "show", "1")).Ended(3).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OneThatRunsTellsItsPiecesAndPeers()
    {
        (await _node.CeteAsync("put", _folder.Write("film", Length, 1))).Ended(0);
        var (first, second) = (await NewUserAsync(), await NewUserAsync("2MiB"));
        (await first.CeteAsync("agent", "limits", "--up", "1MiB", "--down", "2MiB")).Ended(0);
        await BeginAsync(first, "/film");
        await BeginAsync(second, "/film");
        JsonElement details = default;
        await Eventually.TrueAsync(
            async () =>
            {
                details = (await ShownAsync(first)).GetProperty("details");
                return PeersOf(details).Any(peer => peer.GetProperty("received").GetInt64() > 0)
                    && PeersOf(details).Any(peer => peer.GetProperty("sent").GetInt64() > 0);
            },
            "the first one gives and gets", Bound);
        var file = details.GetProperty("files").EnumerateArray().Single();
        Assert.Equal((Length, "Running"), (file.GetProperty("length").GetInt64(), file.GetProperty("state").GetString()));
        var here = file.GetProperty("here").EnumerateArray().ToList();
        Assert.Equal(file.GetProperty("piecesHere").GetInt32(), here.Sum(span => span.GetProperty("count").GetInt32()));
        Assert.InRange(details.GetProperty("down").GetInt64(), 1, long.MaxValue);
        var node = PeersOf(details).First(peer => peer.GetProperty("kind").GetString() == "Node");

        // One that seeds a swarm tells of one piece after the other, and may look like one that fetches it.
        Assert.Contains(node.GetProperty("role").GetString(), (string[])["Source", "Upstream"]);
        var taker = PeersOf(details).Single(peer => peer.GetProperty("sent").GetInt64() > 0);
        Assert.Equal((await second.CeteAsync("agent", "status", "--json")).Ended(0).Json.GetProperty("key").GetString(), taker.GetProperty("key").GetString());
        var text = (await first.CeteAsync("downloads", "show", "1")).Ended(0).Out;
        Assert.Contains("Peers:", text, StringComparison.Ordinal);
        Assert.Contains("/s", (await first.CeteAsync("downloads")).Ended(0).Out, StringComparison.Ordinal);
    }

    private static IReadOnlyList<JsonElement> PeersOf(JsonElement details) => [.. details.GetProperty("peers").EnumerateArray()];

    private async Task<AgentUser> NewUserAsync(string? down = null)
    {
        var user = await AgentUser.LogInAsync(_folder.At($"s{_users.Count}"), _node);
        _users.Add(user);
        (await user.CeteAsync("agent", "limits", "--down", down ?? "none")).Ended(0);
        return user;
    }

    private async Task BeginAsync(AgentUser user, string what, params string[] more) =>
        (await user.CeteAsync(["get", what, "--to", _folder.At($"out{_users.IndexOf(user)}"), "--detach", .. more])).Ended(0);

    private static async Task<IReadOnlyList<long>> OrderAsync(AgentUser user) =>
        [.. (await user.CeteAsync("downloads")).Ended(0).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => long.Parse(line.Trim().Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture))];

    private static async Task<JsonElement> ShownAsync(AgentUser user) => (await user.CeteAsync("downloads", "show", "1", "--json")).Ended(0).Json;

    private static async Task<(JsonElement Newest, JsonElement Older)> PastAsync(AgentUser user)
    {
        var lines = (await user.CeteAsync("downloads", "--history", "--json")).Ended(0).Lines;
        return (lines.Single(line => line.GetProperty("id").GetInt64() == 2), lines.Single(line => line.GetProperty("id").GetInt64() == 1));
    }

    private static Task EndedAsync(AgentUser user, long id) => StateAsync(user, id, "Done", "Failed");

    private static Task StateAsync(AgentUser user, long id, params string[] states) => Eventually.TrueAsync(
        async () => (await user.CeteAsync("downloads", "--json")).Ended(0).Lines
            .Any(job => job.GetProperty("id").GetInt64() == id && states.Contains(job.GetProperty("state").GetString())),
        $"download {id} is {string.Join(" or ", states)}", Bound);
}
