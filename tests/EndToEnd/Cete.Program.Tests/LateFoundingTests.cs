using Cete.Core;
using Cete.Storage;
using Cete.Testing;
using Cete.Trust;
using static Cete.Program.Tests.Community;

namespace Cete.Program.Tests;

/// <summary>A service that is younger than its community, as after an upgrade: no founder had its role.</summary>
public sealed class LateFoundingTests : IDisposable
{
    /// <summary>Elections and certificates take their time on a busy machine.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);

    private readonly TempFolder _folder = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task AServiceBeginsOnTheNodeThatIsGivenItsRoleAndIsOneLikeAnyOther()
    {
        await using var first = await OldCommunityAsync();
        Assert.Equal(FailureKind.NotFound, (await Api(first).GroupAsync("index")).Failure?.Kind);
        await using var second = await JoinAsync(first, _folder, "second");
        await BegunAsync(second);
        Assert.Contains("group 'index' begins on this node", second.Process.ErrorSoFar, StringComparison.Ordinal);
        _folder.Write("in/file", 1_000, 1);
        (await second.CeteAsync("put", _folder.At("in"))).Ended(0);
        Assert.Contains("file", (await first.CeteAsync("ls", "-r", "/")).Ended(0).Out, StringComparison.Ordinal);
        await using var third = await JoinAsync(first, _folder, "third");
        await ReplicasAsync(2, second, third);

        // The founder is given the role too. It has the certificate within seconds, and a replica once it was started again.
        var id = await IdAsync(first, "first");
        Assert.Contains("next start", (await GiveAsync()).Ended(0).Out, StringComparison.Ordinal);
        Assert.Contains("already", (await GiveAsync()).Ended(0).Out, StringComparison.Ordinal);
        await Eventually.TrueAsync(
            async () => (await first.CeteAsync("status", "--json")).Ended(0).Json.GetProperty("roles").EnumerateArray()
                .Any(role => role.GetString() == "index"),
            "the node has a certificate with its new role", Bound);
        (await first.EndAsync(CeteProcess.Terminate)).Ended(0);
        await first.RestartAsync(Local);
        await ReplicasAsync(3, first, second, third);
        await Eventually.TrueAsync(async () => await Api(third).GroupAsync("index") is { Succeeded: true, Value.FailuresTolerated: 1 }, "three vote", Bound);
        Assert.DoesNotContain("begins on this node", first.Process.ErrorSoFar, StringComparison.Ordinal);
        await Eventually.TrueAsync(
            async () => await Api(first).ListAsync("/", isLocal: true) is { Succeeded: true, Value: var names } && names.Contains("in"),
            "the founder has a copy", Bound);

        // Where it began does not matter any more.
        await second.EndAsync(CeteProcess.Kill);
        await Eventually.TrueAsync(async () => (await Api(third).MakeFolderAsync("/later", "s/1")).Succeeded, "it goes on without the node it began on", Bound);
        await Eventually.TrueAsync(
            async () => (await Api(first).ListAsync("/")) is { Succeeded: true, Value: var names } && names.Contains("later"), "both have it", Bound);

        Task<Ran> GiveAsync() => AdministerAsync(first, "community", "roles", id, "cache,index,share,tracker");
    }

    [Fact]
    public async Task AServiceThatHasBegunIsWaitedForAndDoesNotBeginAnew()
    {
        await using var first = await OldCommunityAsync();
        await using var second = await JoinAsync(first, _folder, "second");
        await BegunAsync(second);
        Assert.True((await Api(second).MakeFolderAsync("/kept", "s/1")).Succeeded);

        // All who have it are away, and whoever is there never met them; the second one will look for the first where that was.
        var fabric = (await first.CeteAsync("status", "--json")).Ended(0).Json.GetProperty("fabric").GetProperty("listen").GetString()!;
        (await second.EndAsync(CeteProcess.Terminate)).Ended(0);
        (await first.EndAsync(CeteProcess.Terminate)).Ended(0);
        await first.RestartAsync("-D", "cete.fabric.preset=local", "--fabric", fabric);
        await using var third = await JoinAsync(first, _folder, "third");
        await Eventually.TrueAsync(
            () => third.Process.ErrorSoFar.Contains("it has begun already", StringComparison.Ordinal), "it is told that the group has begun", Bound);
        Assert.Null((await Api(third).GroupAsync("index")).Value.Root);
        await second.RestartAsync(Local);
        await ReplicasAsync(2, second, third);
        await Eventually.TrueAsync(
            async () => (await Api(third).ListAsync("/", isLocal: true)) is { Succeeded: true, Value: var names } && names.Contains("kept"),
            "it has a copy", Bound);
        Assert.DoesNotContain("begins on this node", third.Process.ErrorSoFar, StringComparison.Ordinal);
    }

    /// <summary>A community whose first node was made by a program that had no index.</summary>
    private async Task<TestNode> OldCommunityAsync()
    {
        var (path, now) = (_folder.At("first"), Instant.From(TimeProvider.System.GetUtcNow()));
        using (var root = CommunityKey.Create("cooks", now).Value)
        using (var key = NodeKey.Create())
        using (var administrator = NodeKey.Create())
        using (var issuing = root.CreateAuthority(key.Id, now).Value)
        using (DataFolder.Create(path, () => Outcome.Of(new DataFolderFacts(DataFolder.Format, "cooks", $"{key.Id}", $"{root.Id}", "first"))).Value)
        {
            var roles = RoleSet.From(["cache", "share", "tracker"]).Value;
            var trust = new TrustFolder(path);
            var failure = trust.Write(TrustFolder.Root, root.Certificate.Span)
                ?? trust.Write(TrustFolder.Issuing, issuing.ToPem())
                ?? trust.Write(TrustFolder.Administrator, administrator.ToPem())
                ?? trust.Write(TrustFolder.Node, key.ToPem() + issuing.Issue(key.CreateSigningRequest(), roles, now).Value.ToPem());
            Assert.Null(failure);
        }

        return await TestNode.StartAsync(path, Local);
    }

    private NodeApi Api(TestNode node) => new(_http, () => node.Address, TestContext.Current.CancellationToken);

    private Task BegunAsync(TestNode node) => Eventually.TrueAsync(
        async () => await Api(node).GroupAsync("index") is { Succeeded: true, Value: { Root: not null, Level: > 0 } }, "the index has begun", Bound);

    private async Task ReplicasAsync(int count, params TestNode[] nodes)
    {
        foreach (var node in nodes)
        {
            await Eventually.TrueAsync(
                async () => await Api(node).GroupAsync("index") is { Succeeded: true, Value: { Root: not null, Problem: null, Replicas: var all } }
                    && all.Count == count,
                $"{node.Data} knows {count} replicas of the index", Bound);
        }
    }
}
