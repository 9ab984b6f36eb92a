using Cete.Api;
using Cete.Testing;

namespace Cete.Program.Tests;

/// <summary>Contents outlive the node that they were put into, as long as anybody has them.</summary>
public sealed class LostNodeTests : IAsyncLifetime
{
    private const long Length = 8L << 20;
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);
    private readonly TempFolder _folder = new();
    private readonly List<AgentUser> _users = [];
    private Replicas _nodes = null!;

    public async ValueTask InitializeAsync() => _nodes = await Replicas.StartAsync(_folder, 3);

    public async ValueTask DisposeAsync()
    {
        foreach (var user in _users)
        {
            await user.DisposeAsync();
        }

        await _nodes.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task WhatSomebodyDownloadedOthersHaveFromHimWhenTheOnlyNodeThatHadItIsGone()
    {
        var film = _folder.Write("film", Length, 1);
        (await _nodes.First.CeteAsync("put", film)).Ended(0);
        var (anna, ben) = (await NewUserAsync(_nodes.First), await NewUserAsync(_nodes.Nodes[1]));
        (await anna.CeteAsync("get", "/film", "--to", _folder.At("annas"))).Ended(0);

        // The others know what it is, and that she has it.
        var key = (await anna.CeteAsync("agent", "status", "--json")).Ended(0).Json.GetProperty("key").GetString()!;
        var root = (await ben.CeteAsync("ls", "/", "--json")).Ended(0).Lines[^1].GetProperty("root").GetString()!;
        await Eventually.TrueAsync(
            async () => (await ben.AskAsync(Routes.Sources(root))).Contains(key, StringComparison.Ordinal), "her agent is named by another node", Bound);
        await _nodes.First.EndAsync(CeteProcess.Kill);
        await Eventually.TrueAsync(
            async () => await _nodes.RootAsync("index", _nodes.Nodes[1], _nodes.Nodes[2]) is { } next && next != _nodes.First, "another root", Bound);
        (await ben.CeteAsync("get", "/film", "--to", _folder.At("bens"))).Ended(0);
        Disk.AssertSame(film, Path.Combine(_folder.At("bens"), "film"));
    }

    private async Task<AgentUser> NewUserAsync(TestNode node)
    {
        var user = await AgentUser.LogInAsync(_folder.At($"s{_users.Count}"), node);
        _users.Add(user);
        return user;
    }
}
