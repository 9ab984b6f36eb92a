using Cete.Consensus;
using Cete.Core;
using Cete.Simulation.World;

namespace Cete.Simulation.Consensus;

/// <summary>Changes members and leaders under load, at random, until it is stopped: from three voters to five and back.</summary>
internal sealed class RaftAdministrator(RaftCluster cluster, int mostMilliseconds)
{
    private const int VotersLeast = 3;
    private const int LagMost = 50;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(25);
    private readonly SimWorld _world = cluster.World;

    public void Start() => _world.After(TimeSpan.FromMilliseconds(1 + _world.TestChance.Next(mostMilliseconds)), () =>
    {
        if (_world.Elapsed < Length)
        {
            Act();
            Start();
        }
    });

    private void Act()
    {
        var chance = _world.TestChance;
        var leaders = cluster.Running.Where(process => process.Machine.Role == RaftRole.Leader && !process.Host.IsPaused).ToList();
        if (leaders.Count == 0)
        {
            return;
        }

        // An old leader that does not know better is asked as well.
        var process = leaders[chance.Next(leaders.Count)];
        var node = RaftCluster.IdOf(chance.Next(cluster.Servers.Count));
        var members = process.Machine.Members!;
        if (chance.Chance(1, 5))
        {
            process.Give(new ConsensusInput.Transfer(node));
        }
        else if (Changed(process, members, node) is { } changed && process.Machine.MayChangeTo(changed))
        {
            process.Host.Trace($"voters are to be {Numbers(changed.Voters)}, learners {Numbers(changed.Learners)}");
            process.Give(new ConsensusInput.ChangeMembers(changed));
        }
    }

    private string Numbers(IReadOnlyList<KeyId> nodes) => string.Join(' ', nodes.Select(cluster.NumberOf));

    private Members? Changed(RaftProcess process, Members members, KeyId node)
    {
        if (members.IsLearner(node))
        {
            return process.Machine.MatchOf(node) >= process.Machine.LastIndex - LagMost ? members.WithVoter(node)
                : _world.TestChance.Chance(1, 10) ? members.Without(node) : null;
        }

        if (members.IsVoter(node))
        {
            if (members.Voters.Count > VotersLeast && _world.TestChance.Chance(1, 10))
            {
                // Two at once, which nobody may.
                return members.Without(node).Without(members.Voters.First(other => other != node));
            }

            return members.Voters.Count <= VotersLeast ? null : _world.TestChance.Chance(1, 2) ? members.WithLearner(node) : members.Without(node);
        }

        return members.WithLearner(node);
    }
}
