using Cete.Testing;
using static Cete.Program.Tests.Community;

namespace Cete.Program.Tests;

/// <summary>What is left after a disaster: a backup, or one node with the root key.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ANewCommunityBeginsWithABackupOfARunningOne()
    {
        var backup = _folder.At("cooks.cete-backup");
        await using (var node = await TestNode.StartAsync(_folder.At("old"), ["--create", "cooks", .. Local]))
        {
            await PutAsync(node, "soup.txt");
            Assert.Contains("key", (await node.CeteAsync("backup", backup, "--key", _folder.At("none"))).Error, StringComparison.Ordinal);
            var made = (await AdministerAsync(node, "backup", backup, "--json")).Ended(0);
            Assert.Equal(new FileInfo(backup).Length, made.Number("bytes"));
            await PutAsync(node, "later.txt");
        }

        var restored = await CeteProcess.RunAsync(["restore", backup, "--data", _folder.At("new"), "--create", "new cooks"]);
        restored.Ended(0);
        Assert.Contains("passphrase", restored.Out, StringComparison.Ordinal);
        await using var again = await TestNode.StartAsync(_folder.At("new"), [.. Local]);
        var listed = (await again.CeteAsync("ls", "/", "--json")).Ended(0).Out;
        Assert.Contains("soup.txt", listed, StringComparison.Ordinal);
        Assert.DoesNotContain("later.txt", listed, StringComparison.Ordinal);

        // It is a community of its own, which writes and lets others in.
        await PutAsync(again, "new.txt");
        await using var second = await JoinAsync(again, _folder, "second");
        await SameListAsync(2, again, second);
        Assert.Contains(_folder.At("new"), (await CeteProcess.RunAsync(["restore", backup, "--data", _folder.At("new")])).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsNoBackupOrIsDamagedLeavesNoNodeBehind()
    {
        Assert.Equal(3, (await CeteProcess.RunAsync(["restore", _folder.At("none"), "--data", _folder.At("new")])).Code);
        File.WriteAllText(_folder.At("text"), "no archive at all");
        var noArchive = await CeteProcess.RunAsync(["restore", _folder.At("text"), "--data", _folder.At("new")]);
        Assert.Contains("no backup", noArchive.Error, StringComparison.Ordinal);

        var backup = _folder.At("backup");
        await using (var node = await TestNode.StartAsync(_folder.At("old"), ["--create", "cooks", .. Local]))
        {
            await PutAsync(node, "soup.txt");
            (await AdministerAsync(node, "backup", backup)).Ended(0);
        }

        var bytes = File.ReadAllBytes(backup);
        foreach (var at in new[] { bytes.Length / 3, bytes.Length / 2 })
        {
            var changed = bytes.ToArray();
            changed[at] ^= 0x40;
            File.WriteAllBytes(_folder.At("changed"), changed);
            var refused = await CeteProcess.RunAsync(["restore", _folder.At("changed"), "--data", _folder.At($"new-{at}")]);
            if (refused.Code == 0)
            {
                // The bit was in what is not restored: the roster of the old community.
                continue;
            }

            Assert.False(Directory.Exists(_folder.At($"new-{at}")), refused.Error);
        }

        File.WriteAllBytes(_folder.At("short"), bytes[..(bytes.Length / 2)]);
        Assert.NotEqual(0, (await CeteProcess.RunAsync(["restore", _folder.At("short"), "--data", _folder.At("new")])).Code);
        (await CeteProcess.RunAsync(["restore", backup, "--data", _folder.At("new")])).Ended(0);
    }

    [Fact]
    public async Task ACommunityIsRebuiltFromOneNodeThatIsLeft()
    {
        const string roles = "accounts,bank,cache,index,services,share,tracker";
        var (founder, key, passphrase) = await FoundAsync(_folder);
        await using var first = founder;
        await using var second = await TestNode.StartAsync(_folder.At("second"), ["--token", await TokenAsync(first, roles), "--name", "second", .. Local]);
        await using var third = await TestNode.StartAsync(_folder.At("third"), ["--token", await TokenAsync(first, roles), "--name", "third", .. Local]);
        await Eventually.TrueAsync(() => GroupsAsync(first).Result.All(group => group.GetProperty("failuresTolerated").GetInt32() == 1), "three voters");
        await PutAsync(second, "soup.txt");

        // Two of three are gone for ever: nothing can be written, and nobody decides that by himself.
        await first.EndAsync(CeteProcess.Kill);
        await third.EndAsync(CeteProcess.Kill);
        Directory.Delete(first.Data, recursive: true);
        Directory.Delete(third.Data, recursive: true);
        (await second.EndAsync(CeteProcess.Terminate)).Ended(0);
        File.WriteAllText(_folder.At("passphrase"), passphrase);
        string[] rebuild = ["community", "rebuild", "--data", second.Data, "--root-key", key, "--passphrase-file", _folder.At("passphrase")];
        (await CeteProcess.RunAsync(rebuild)).Ended(0);
        await second.RestartAsync();
        Assert.Contains("soup.txt", (await second.CeteAsync("ls", "/", "--json")).Ended(0).Out, StringComparison.Ordinal);
        await PutAsync(second, "bread.txt");
        await using var fourth = await TestNode.StartAsync(_folder.At("fourth"), ["--token", await TokenAsync(second, roles), "--name", "fourth", .. Local]);
        await Eventually.TrueAsync(
            () => GroupsAsync(fourth).Result is { Count: > 0 } groups && groups.All(group => group.GetProperty("replicas").GetArrayLength() == 2),
            "the new node gets its replicas");
        await Eventually.TrueAsync(
            () => fourth.CeteAsync("ls", "/", "--json").Result.Out.Contains("bread.txt", StringComparison.Ordinal), "they hold what was written");
    }

    private static async Task<List<System.Text.Json.JsonElement>> GroupsAsync(TestNode node) =>
        [.. (await CeteProcess.RunAsync(["group", "list", "--node", node.Address.AbsoluteUri, "--json"])).Ended(0).Lines];

    private async Task PutAsync(TestNode node, string name)
    {
        File.WriteAllText(_folder.At(name), $"what is in {name}");
        (await node.CeteAsync("put", _folder.At(name))).Ended(0);
    }
}
