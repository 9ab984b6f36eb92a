using Cete.Cluster.Placement;
using Cete.Consensus;
using Cete.Core;
using Cete.Groups;

namespace Cete.Cluster.Tests;

/// <summary>Who votes after nodes were lost.</summary>
public sealed class PlacementPolicyTests
{
    private static readonly KeyId[] Ids = [.. Enumerable.Range(0, 6).Select(number => KeyId.Of([(byte)number]))];

    [Theory]
    [InlineData(1)]
    [InlineData(3_600)]
    public void OfThreeVotersNoneLosesItsVoteWhenOneIsGone(int seconds) => Assert.Null(Next(nodes: 3, voters: 3, gone: 1, seconds));

    [Fact]
    public void TheLastVotersAreNotTakenLeaveOfWhenMoreAreGone() => Assert.Null(Next(nodes: 3, voters: 3, gone: 2, 3_600));

    [Fact]
    public void AVoterThatIsGoneForLongMakesRoomForAMirror()
    {
        Assert.Null(Next(nodes: 4, voters: 3, gone: 1, 1));
        var step = Assert.IsType<PlacementStep.Change>(Next(nodes: 4, voters: 3, gone: 1, 3_600));
        Assert.Equal(2, step.Members.Voters.Count);
        Assert.False(step.Members.Contains(Ids[2]));
    }

    [Fact]
    public void OfFiveVotersTwoThatAreGoneForLongAreTakenLeaveOf()
    {
        Assert.Null(Next(nodes: 5, voters: 5, gone: 2, 1));
        Assert.Equal(4, Assert.IsType<PlacementStep.Change>(Next(nodes: 5, voters: 5, gone: 2, 3_600)).Members.Voters.Count);
    }

    /// <summary>What a root does next when the last ones of its voters have been gone for so long; further nodes are mirrors.</summary>
    private static PlacementStep? Next(int nodes, int voters, int gone, int seconds)
    {
        bool IsGone(int number) => number < voters && number >= voters - gone;
        return PlacementPolicy.Next(new PlacementView
        {
            Self = Ids[0],
            Members = new Members(Ids.Take(voters), Ids.Skip(voters).Take(nodes - voters)),
            LastIndex = 100,
            Followers = Enumerable.Range(1, nodes - 1).ToDictionary(
                number => Ids[number], number => new FollowerStatus(Ids[number], 100, IsGone(number) ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero)),
            Nodes = Enumerable.Range(0, nodes).ToDictionary(
                number => Ids[number], number => new PlacementNode(Ids[number], !IsGone(number), true, false, string.Empty, 0, (ulong)number, 0)),
            Removed = new HashSet<KeyId>(),
            Settings = new PlacementSettings { Voters = voters },
        });
    }
}
