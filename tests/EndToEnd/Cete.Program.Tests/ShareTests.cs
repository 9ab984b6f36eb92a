using Cete.Testing;

namespace Cete.Program.Tests;

/// <summary>Folders that an agent shares from its user's own disk, in step with it, without uploading.</summary>
public sealed class ShareTests : IAsyncLifetime
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);
    private readonly TempFolder _folder = new();
    private TestNode _node = null!;
    private AgentUser _user = null!;

    private string Mine => _folder.At("mine");

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
    public async Task WhatIsOnTheDiskIsInTheIndexAndNothingIsUploaded()
    {
        _folder.Write("mine/small", 1_000, 1);
        _folder.Write("mine/deep/large", 1_000_000, 2);
        _folder.Write("mine/.secret", 10, 3);
        (await _user.CeteAsync("share", Mine, "--to", "/anna", "--tag", "t")).Ended(0);
        await ListsAsync("/anna/mine/deep/large", "/anna/mine/small");
        Assert.Empty(_node.ContentFiles());
        Assert.Equal(1, (await _user.CeteAsync("agent", "status", "--json")).Ended(0).Number("shares"));

        // Its ID file is to be had, though the node does not hold it.
        using var http = new HttpClient { BaseAddress = _node.Address };
        var entry = (await _node.CeteAsync("ls", "/anna/mine/deep", "--json")).Ended(0).Json;
        var file = Swarm.IdFile.Read(await http.GetByteArrayAsync(entry.GetProperty("idFile").GetString(), TestContext.Current.CancellationToken));
        Assert.Equal(1_000_000, file.Value.Manifest.Length);
        Assert.Equal(4, file.Value.Manifest.PieceCount);

        // In step: what changes, comes, goes and is renamed, also while nobody looks.
        _folder.Write("mine/new", 300_000, 4);
        File.Delete(Path.Combine(Mine, "small"));
        await ListsAsync("/anna/mine/deep/large", "/anna/mine/new");
        await _user.KillAgentAsync();
        File.Move(Path.Combine(Mine, "new"), Path.Combine(Mine, "newer"));
        var changed = Swarm.Merkle.HashContent(File.ReadAllBytes(_folder.Write("mine/deep/large", 200_000, 5)));
        (await _user.CeteAsync("shares")).Ended(0);
        await ListsAsync("/anna/mine/deep/large", "/anna/mine/newer");
        await Eventually.TrueAsync(
            async () => (await _node.CeteAsync("ls", "/anna/mine/deep", "--json")).Ended(0).Json.GetProperty("root").GetString() == changed.ToString(),
            "the new content is filed", Bound);

        // Paused it stays as it is; removed nothing of it is left.
        (await _user.CeteAsync("shares", "pause", "1")).Ended(0);
        Assert.Equal("paused", (await _user.ShareAsync(1)).GetProperty("state").GetString());
        (await _user.CeteAsync("shares", "resume", "1")).Ended(0);
        (await _user.CeteAsync("shares", "remove", "1")).Ended(0);
        await ListsAsync();
        await Eventually.TrueAsync(async () => (await _user.CeteAsync("shares")).Ended(0).Out.Length == 0, "the share is gone", Bound);
        Assert.True(File.Exists(Path.Combine(Mine, "newer")));
    }

    [Fact]
    public async Task AFolderThatIsGoneOrAnotherOneLosesNoEntries()
    {
        _folder.Write("mine/a", 1_000, 1);
        (await _user.CeteAsync("share", Mine)).Ended(0);
        await ListsAsync("/mine/a");
        await _user.KillAgentAsync();
        Directory.Move(Mine, _folder.At("away"));
        await Eventually.TrueAsync(
            async () => Problem(await _user.CeteAsync("shares")).Contains("is not there", StringComparison.Ordinal), "it is missed", Bound);
        await _user.KillAgentAsync();
        Directory.CreateDirectory(Mine);
        await Eventually.TrueAsync(
            async () => Problem(await _user.CeteAsync("shares")).Contains("another folder", StringComparison.Ordinal), "it is seen", Bound);
        await ListsAsync("/mine/a");
    }

    [Fact]
    public async Task AFileThatChangesWhileItIsHashedIsSharedWhenItIsAtRest()
    {
        Directory.CreateDirectory(Mine);
        (await _user.CeteAsync("share", Mine)).Ended(0);
        var path = Path.Combine(Mine, "growing");
        using (var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite))
        {
            var block = new byte[100_000];
            for (var i = 0; i < 60; i++)
            {
                stream.Write(block);
                stream.Flush();
                await _user.CeteAsync("agent", "status");
            }
        }

        await ListsAsync("/mine/growing");
        await Eventually.TrueAsync(
            async () => (await _node.CeteAsync("ls", "/mine", "--json")).Ended(0).Json.GetProperty("length").GetInt64() == 6_000_000,
            "all of it is filed", Bound);
    }

    [Fact]
    public async Task WhatCannotBeSharedIsSaid()
    {
        Assert.Contains("there is no folder", (await _user.CeteAsync("share", _folder.At("nowhere"))).Ended(3).Error, StringComparison.Ordinal);
        _folder.Write("mine/a", 10, 1);
        File.CreateSymbolicLink(Path.Combine(Mine, "nothing"), "/nowhere/at/all");
        (await _user.CeteAsync("share", Mine)).Ended(0);
        Assert.Contains("share 1 has", (await _user.CeteAsync("share", Mine)).Ended(4).Error, StringComparison.Ordinal);
        await ListsAsync("/mine/a");
        Assert.Contains("is a link to nothing", (await _user.CeteAsync("shares", "files", "1")).Ended(0).Out, StringComparison.Ordinal);
    }

    private static string Problem(Ran listed) => listed.Ended(0).Out;

    private Task ListsAsync(params string[] paths) => Eventually.TrueAsync(
        async () =>
        {
            using var http = new HttpClient { BaseAddress = _node.Address };
            var page = await http.GetStringAsync("/api/entries?below=true", TestContext.Current.CancellationToken);
            var listed = System.Text.Json.JsonDocument.Parse(page).RootElement.GetProperty("entries").EnumerateArray()
                .Select(entry => entry.GetProperty("path").GetString()!);
            return listed.Order(StringComparer.Ordinal).SequenceEqual(paths, StringComparer.Ordinal);
        },
        $"there is nothing but {string.Join(", ", paths)}", Bound);
}
