using System.Text.Json;
using Cete.Testing;

namespace Cete.Program.Tests;

/// <summary>Agents of several users that want one content: each gives on what it gets, and who vanishes costs the others nothing but what he had.</summary>
public sealed class SwarmTests : IAsyncLifetime
{
    private const long Length = 48L << 20;
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
    public async Task ManyWhoFetchOneFileGiveItToEachOther()
    {
        var path = _folder.Write("film", Length, 1);
        (await _node.CeteAsync("put", path)).Ended(0);
        for (var i = 0; i < 4; i++)
        {
            await BeginAsync("/film");
        }

        long given = 0;
        foreach (var user in _users)
        {
            await DoneAsync(user, path);
            given += (await user.CeteAsync("agent", "status", "--json")).Ended(0).Number("sent");
        }

        // Of four copies the node sent three at most: it would have sent four to people who give nothing.
        Assert.InRange(given, Length, 5 * Length);

        // Who comes when all have it may have it from any of them; what one of them changed he is not given.
        File.WriteAllBytes(PlaceOf(_users[0]), new byte[10]);
        await BeginAsync("/film");
        await DoneAsync(_users[^1], path);
    }

    [Fact]
    public async Task WhoIsKilledInTheMiddleCostsTheOthersNothing()
    {
        var path = _folder.Write("film", 4 * Length, 1);
        (await _node.CeteAsync("put", path)).Ended(0);
        for (var i = 0; i < 3; i++)
        {
            await BeginAsync("/film");
        }

        await Eventually.TrueAsync(
            () => Disk.PiecesIn(FolderOf(_users[0]), 4 * Length) > 10 || File.Exists(PlaceOf(_users[0])), "the first one has a part of it", Bound);
        await _users[0].KillAgentAsync();
        await DoneAsync(_users[1], path);
        await DoneAsync(_users[2], path);

        // Started again it goes on, with the node or without.
        await DoneAsync(_users[0], path);
    }

    [Fact]
    public async Task WhatSomebodySharesOthersHaveFromHisAgent()
    {
        var sharer = await NewUserAsync();
        var (large, small) = (_folder.Write("mine/large", 5_000_000, 1), _folder.Write("mine/small", 1_000, 2));
        (await sharer.CeteAsync("share", _folder.At("mine"), "--to", "/anna")).Ended(0);
        await Eventually.TrueAsync(
            async () => (await _node.CeteAsync("ls", "/anna/mine", "--json")).Out.Contains("small", StringComparison.Ordinal), "it is filed", Bound);
        await BeginAsync("/anna/mine/large");
        await DoneAsync(_users[^1], large, "large");
        await BeginAsync("/anna/mine/small");
        await DoneAsync(_users[^1], small, "small");
        Assert.Empty(_node.ContentFiles());

        // Who has it now gives it on, also when the sharer is gone.
        await sharer.KillAgentAsync();
        await BeginAsync("/anna/mine/large");
        await DoneAsync(_users[^1], large, "large");

        // So does an agent that was stopped and started again, when nobody else is left who has it.
        await _users[^1].KillAgentAsync();
        var keeper = _users[1];
        (await keeper.CeteAsync("agent", "stop")).Ended(0);
        Assert.Equal(1, (await keeper.CeteAsync("agent", "start", "--json")).Ended(0).Number("given"));
        await BeginAsync("/anna/mine/large");
        await DoneAsync(_users[^1], large, "large");
    }

    private string FolderOf(AgentUser user) => _folder.At($"out{_users.IndexOf(user)}");

    private string PlaceOf(AgentUser user, string name = "film") => Path.Combine(FolderOf(user), name);

    private async Task<AgentUser> NewUserAsync()
    {
        var user = await AgentUser.LogInAsync(_folder.At($"s{_users.Count}"), _node);
        _users.Add(user);
        return user;
    }

    /// <summary>A new user wants it.</summary>
    private async Task BeginAsync(string what)
    {
        var user = await NewUserAsync();
        (await user.CeteAsync("get", what, "--to", FolderOf(user), "--detach", "--json")).Ended(0);
    }

    private async Task DoneAsync(AgentUser user, string original, string name = "film")
    {
        JsonElement job = default;
        await Eventually.TrueAsync(
            async () =>
            {
                job = (await user.CeteAsync("downloads", "--json")).Ended(0).Lines[^1];
                return job.GetProperty("state").GetString() is "Done" or "Failed";
            },
            "the download ends", Bound);
        Assert.True(job.GetProperty("state").GetString() == "Done", $"it ended as {job}");
        Disk.AssertSame(original, PlaceOf(user, name));
    }
}
