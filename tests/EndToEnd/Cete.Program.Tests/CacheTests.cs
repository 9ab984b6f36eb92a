using System.Text.Json;
using Cete.Testing;

namespace Cete.Program.Tests;

/// <summary>A node with the role cache, in a community whose contents are with its members' agents.</summary>
public sealed class CacheTests : IAsyncLifetime
{
    private const long Length = 24L << 20;
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);
    private readonly TempFolder _folder = new();
    private readonly List<AgentUser> _users = [];
    private TestNode _first = null!;
    private TestNode _cache = null!;

    public async ValueTask InitializeAsync()
    {
        _first = await TestNode.CreateAsync(_folder.At("first"), Community.Local);
        var token = await Community.TokenAsync(_first, "cache");
        _cache = await TestNode.StartAsync(_folder.At("cache"), ["--token", token, "--name", "cache", "-D", "cete.cache.size=64MiB", .. Community.Local]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var user in _users)
        {
            await user.DisposeAsync();
        }

        await _cache.DisposeAsync();
        await _first.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task WhatTwoAskForItFetchesAndGivesToTheNextWhenAllOthersAreGone()
    {
        var sharer = await NewUserAsync();
        var film = _folder.Write("mine/film", Length, 1);
        (await sharer.CeteAsync("share", _folder.At("mine"), "--to", "/anna")).Ended(0);
        await Eventually.TrueAsync(
            async () => (await _first.CeteAsync("ls", "/anna/mine", "--json")).Out.Contains("film", StringComparison.Ordinal), "it is filed", Bound);

        // What one asks for, he has: it is not worth a copy.
        await GetAsync(film);
        Assert.Equal(0, (await StandingAsync()).GetProperty("fetched").GetInt64());
        await GetAsync(film);
        await Eventually.TrueAsync(async () => (await StandingAsync()).GetProperty("fetched").GetInt64() == 1, "the cache has it", Bound);
        Assert.InRange((await StandingAsync()).GetProperty("usedBytes").GetInt64(), Length, Length + (Length / 100));
        Assert.Empty(_first.ContentFiles());
        Assert.Contains("fetched 1", (await _cache.CeteAsync("status")).Ended(0).Out, StringComparison.Ordinal);

        // After a restart it knows what it has, and is alone with it.
        await _cache.EndAsync(CeteProcess.Kill);
        await _cache.RestartAsync(["-D", "cete.cache.size=64MiB", .. Community.Local]);
        await Eventually.TrueAsync(async () => (await StandingAsync()).GetProperty("contents").GetInt32() == 1, "it has it after the restart", Bound);
        foreach (var user in _users)
        {
            await user.KillAgentAsync();
        }

        await GetAsync(film);
        Assert.InRange((await StandingAsync()).GetProperty("servedBytes").GetInt64(), Length, long.MaxValue);
    }

    private async Task<JsonElement> StandingAsync() => (await _cache.CeteAsync("status", "--json")).Ended(0).Json.GetProperty("cache");

    private async Task<AgentUser> NewUserAsync()
    {
        var user = await AgentUser.LogInAsync(_folder.At($"s{_users.Count}"), _first);
        _users.Add(user);
        return user;
    }

    /// <summary>A new user gets it.</summary>
    private async Task GetAsync(string original)
    {
        var user = await NewUserAsync();
        var to = _folder.At($"out{_users.Count}");
        (await user.CeteAsync("get", "/anna/mine/film", "--to", to)).Ended(0);
        Disk.AssertSame(original, Path.Combine(to, "film"));
    }
}
