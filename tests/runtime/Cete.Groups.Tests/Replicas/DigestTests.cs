using Cete.Core;
using Cete.Groups.Tests.Support;
using Cete.Testing;

namespace Cete.Groups.Tests.Replicas;

/// <summary>A service that comes out otherwise on one node than on the others.</summary>
public sealed class DigestTests : IDisposable
{
    private readonly Workspace _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task The_replica_that_differs_stops_be_it_the_root_and_the_others_go_on(int odd)
    {
        NodeParts Parts(int node) => new() { Machine = () => new NotesMachine { Skew = node == odd ? "!" : string.Empty } };
        await using var cluster = await Cluster.OfVotersAsync(_folder.Path, 3, Parts);
        for (var i = 1; cluster[odd].Group.Status.Failure is null; i++)
        {
            Assert.True(i < 200, "it is noticed after some entries");
            _ = await cluster.Running.First(node => node.Number != odd).SendAsync($"a {i}", new RequestId("s", i));
        }

        var failure = cluster[odd].Group.Status.Failure!;
        Assert.Equal(FailureKind.Damaged, failure.Kind);
        Assert.Contains("differs from the root at index", failure.Message, StringComparison.Ordinal);
        Assert.Equal(FailureKind.Damaged, (await cluster[odd].SendAsync("b 1")).Failure?.Kind);
        var root = await cluster.RootAsync(not: odd);
        Assert.Equal("1", await root.AddAsync("b 1"));
        Assert.All(cluster.Running.Where(node => node.Number != odd), node => Assert.Null(node.Group.Status.Failure));

        // It is found again after a restart, from what the store remembers.
        await cluster.StopAsync(odd);
        cluster.Start(odd);
        await Eventually.TrueAsync(
            async () =>
            {
                _ = await root.SendAsync("b");
                return cluster[odd].Group.Status.Failure?.Kind == FailureKind.Damaged;
            },
            "it stops again");
    }

    [Fact]
    public async Task A_learner_that_differs_stops()
    {
        NodeParts Parts(int node) => new() { Machine = () => new NotesMachine { Skew = node == 1 ? "!" : string.Empty } };
        await using var cluster = new Cluster(_folder.Path, 2, Parts);
        await cluster.AddLearnerAsync(1);
        for (var i = 1; i <= 20; i++)
        {
            Assert.Equal($"{i}", await cluster[0].AddAsync($"a {i}"));
        }

        await Eventually.TrueAsync(() => cluster[1].Group.Status.Failure?.Kind == FailureKind.Damaged, "the learner has stopped");
        Assert.Equal("21", await cluster[0].AddAsync("a 21"));
    }
}
