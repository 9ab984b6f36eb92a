using Cete.Cluster.Placement;
using Cete.Consensus;
using Cete.Core;
using Cete.Groups;

namespace Cete.Cluster.Tests.Placement;

/// <summary>Who gets replicas and who votes, step by step.</summary>
public sealed class PlacementPolicyTests
{
    private readonly PlacementWorld _world = new();

    [Fact]
    public void A_node_by_itself_stays_the_only_voter()
    {
        _world.Add("a");
        Assert.Equal("a", _world.Settle());
    }

    [Fact]
    public void The_second_node_is_a_mirror()
    {
        _world.Add("a", "b");
        Assert.Equal("a + b", _world.Settle());
    }

    [Fact]
    public void The_third_makes_three_voters()
    {
        _world.Add("a", "b", "c");
        Assert.Equal("a b c", _world.Settle());
    }

    [Fact]
    public void Further_nodes_are_mirrors_unless_five_voters_are_wanted()
    {
        _world.Add("a", "b", "c", "d", "e", "f");
        Assert.Equal("a b c + d e f", _world.Settle());
        _world.Settings = new PlacementSettings { Voters = 5 };
        Assert.Equal("a b c d e + f", _world.Settle());
    }

    [Fact]
    public void A_node_that_has_the_role_and_not_yet_the_service_is_no_member_until_it_has()
    {
        _world.Add("a", "b", "c");
        _world.Host("c", isHosting: false);
        Assert.Equal("a + b", _world.Settle());
        _world.Host("c", isHosting: true);
        Assert.Equal("a b c", _world.Settle());

        // A member that does not say so for a moment, as after a start, stays one.
        _world.Host("c", isHosting: false);
        Assert.Equal("a b c", _world.Settle());
    }

    [Fact]
    public void A_learner_that_lacks_much_does_not_vote_yet()
    {
        _world.Add("a", "b", "c");
        _world.Lag("c", 100_000);
        Assert.Equal("a + b c", _world.Settle());
        _world.Lag("c", 3);
        Assert.Equal("a b c", _world.Settle());
    }

    [Fact]
    public void A_voter_that_is_silent_for_a_moment_stays_one_and_for_long_another_takes_its_place()
    {
        _world.Add("a", "b", "c", "d");
        _world.Settle();
        _world.Lose("b", TimeSpan.FromMinutes(14));
        Assert.Equal("a b c + d", _world.Settle());
        _world.Lose("b", TimeSpan.FromMinutes(16));
        Assert.Equal("a c d", _world.Settle());
        _world.Return("b");
        Assert.Equal("a c d + b", _world.Settle());
    }

    [Fact]
    public void Of_three_voters_none_loses_its_vote_while_nobody_can_take_the_place_of_one_that_is_gone()
    {
        _world.Add("a", "b", "c");
        _world.Settle();
        foreach (var silence in new[] { TimeSpan.FromSeconds(1), TimeSpan.FromHours(1) })
        {
            _world.Lose("c", silence);
            Assert.Equal("a b c", _world.Settle());
        }

        _world.Lose("b", TimeSpan.FromHours(1));
        Assert.Equal("a b c", _world.Settle());
    }

    [Fact]
    public void Five_voters_become_three_when_two_are_gone_for_long()
    {
        _world.Settings = new PlacementSettings { Voters = 5 };
        _world.Add("a", "b", "c", "d", "e");
        _world.Settle();
        _world.Lose("d", TimeSpan.FromMinutes(1));
        _world.Lose("e", TimeSpan.FromMinutes(1));
        Assert.Equal("a b c d e", _world.Settle());
        _world.Lose("d", TimeSpan.FromHours(1));
        _world.Lose("e", TimeSpan.FromHours(1));
        Assert.Equal("a b c", _world.Settle());
    }

    [Fact]
    public void A_removed_node_is_no_member_at_once_and_a_removed_root_hands_over_first()
    {
        _world.Add("a", "b", "c", "d");
        _world.Settle();
        _world.Remove("c");
        Assert.Equal("a b d", _world.Settle());
        _world.Remove("a");
        Assert.Equal("b + d", _world.Settle());
        Assert.Equal("b", _world.Root);
    }

    [Fact]
    public void A_node_without_the_role_is_no_member_and_one_that_is_not_known_yet_stays_one()
    {
        _world.Add("a", "b", "c", "d");
        _world.Settle();
        _world.Forget("b");
        _world.Forget("d");
        Assert.Equal("a b c + d", _world.Settle());
        _world.TakeRole("c");
        Assert.DoesNotContain("c", _world.Settle(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_draining_node_has_nothing_in_the_end()
    {
        _world.Add("a", "b", "c", "d");
        _world.Settle();
        _world.Drain("a");
        Assert.Equal("b c d", _world.Settle());
        Assert.NotEqual("a", _world.Root);
        _world.Drain("b");
        Assert.Equal("c + d", _world.Settle());
    }

    [Fact]
    public void A_node_that_nobody_reaches_does_not_vote()
    {
        _world.Add("a", "b", "c", "d");
        _world.Unreachable("b");
        Assert.Equal("a c d + b", _world.Settle());
    }

    [Fact]
    public void Voters_are_of_distinct_owners_where_they_can_be()
    {
        _world.Add("a", "b", "c", "d");
        _world.Own("ann", "a", "b");
        _world.Own("bob", "c");
        _world.Own("cleo", "d");
        Assert.Equal("a c d + b", _world.Settle());
    }

    [Fact]
    public void A_mirror_that_is_gone_for_long_is_forgotten()
    {
        _world.Add("a", "b", "c", "d");
        _world.Settle();
        _world.Lose("d", TimeSpan.FromHours(1));
        Assert.Equal("a b c", _world.Settle());
    }

    [Fact]
    public void Whatever_happens_each_step_is_one_voter_and_it_comes_to_rest()
    {
        for (var seed = 1UL; seed <= 2_000; seed++)
        {
            var chance = new Prng(seed);
            var world = new PlacementWorld();
            string[] names = ["a", "b", "c", "d", "e", "f", "g"];
            world.Add(names[..(1 + chance.Next(names.Length))]);
            for (var step = 0; step < 30; step++)
            {
                var name = names[chance.Next(names.Length)];
                switch (chance.Next(7))
                {
                    case 0:
                        world.Add(name);
                        break;
                    case 1 when name != world.Root:
                        world.Lose(name, TimeSpan.FromMinutes(chance.Next(40)));
                        break;
                    case 2:
                        world.Return(name);
                        break;
                    case 3:
                        world.Drain(name);
                        break;
                    case 4 when name != world.Root:
                        world.Remove(name);
                        break;
                    case 5:
                        world.Lag(name, chance.Next(5_000));
                        break;
                    default:
                        world.Settings = new PlacementSettings { Voters = 1 + (2 * chance.Next(3)) };
                        break;
                }

                // Throws when a step is not one step, or there is no end of them.
                world.Settle(seed);
            }
        }
    }
}

/// <summary>Nodes, and a group whose root does what the policy says.</summary>
internal sealed class PlacementWorld
{
    private const long LastIndex = 1_000_000;
    private readonly SortedDictionary<string, PlacementNode> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<KeyId, string> _names = [];
    private readonly Dictionary<string, long> _lag = [];
    private readonly Dictionary<string, TimeSpan> _silent = [];
    private readonly HashSet<KeyId> _removed = [];
    private readonly HashSet<KeyId> _withoutRole = [];
    private Members? _members;

    public string Root { get; private set; } = string.Empty;

    public PlacementSettings Settings { get; set; } = new();

    public void Add(params string[] names)
    {
        foreach (var name in names.Where(name => !_nodes.ContainsKey(name)))
        {
            var id = IdOf(name);
            _names[id] = name;
            _removed.Remove(id);
            _nodes.Add(name, new PlacementNode(id, true, true, false, string.Empty, 0, name[0], 0));
            if (_members is null)
            {
                (_members, Root) = (Members.Sole(id), name);
            }
        }
    }

    public void Lag(string name, long entries) => _lag[name] = entries;

    public void Lose(string name, TimeSpan silentFor)
    {
        Change(name, node => node with { IsPresent = false });
        _silent[name] = silentFor;
    }

    public void Return(string name)
    {
        Change(name, node => node with { IsPresent = true, IsDraining = false });
        _silent.Remove(name);
    }

    public void Drain(string name) => Change(name, node => node with { IsDraining = true });

    public void Host(string name, bool isHosting) => Change(name, node => node with { IsHosting = isHosting });

    public void Unreachable(string name) => Change(name, node => node with { IsReachable = false });

    public void Own(string owner, params string[] names)
    {
        foreach (var name in names)
        {
            Change(name, node => node with { Owner = owner });
        }
    }

    public void Remove(string name)
    {
        if (_nodes.Remove(name))
        {
            _removed.Add(IdOf(name));
        }
    }

    /// <summary>The root does not know of a node (yet), though it hears its replica.</summary>
    public void Forget(string name) => _nodes.Remove(name);

    public void TakeRole(string name)
    {
        if (_nodes.Remove(name))
        {
            _withoutRole.Add(IdOf(name));
        }
    }

    /// <summary>Carries out steps until there is none; what the members are then: voters + learners.</summary>
    public string Settle(ulong seed = 0)
    {
        for (var steps = 0; steps < 100; steps++)
        {
            switch (PlacementPolicy.Next(View()))
            {
                case null:
                    return Show();
                case PlacementStep.Change change:
                    Assert.True(change.Members.IsOneStepFrom(_members!), $"seed {seed}: {Show()} to {change.Members}");
                    Assert.NotEqual(_members, change.Members);
                    Assert.True(change.Members.IsVoter(IdOf(Root)), $"seed {seed}: the root takes itself out");
                    _members = change.Members;
                    break;
                case PlacementStep.HandOver handOver:
                    Assert.True(_members!.IsVoter(handOver.To));
                    Root = _names[handOver.To];
                    break;
            }
        }

        throw new InvalidOperationException($"seed {seed}: there is no end of steps at {Show()}");
    }

    private static KeyId IdOf(string name) => KeyId.Of(System.Text.Encoding.UTF8.GetBytes(name));

    private void Change(string name, Func<PlacementNode, PlacementNode> change)
    {
        if (_nodes.TryGetValue(name, out var node))
        {
            _nodes[name] = change(node);
        }
    }

    private PlacementView View() => new()
    {
        Self = IdOf(Root),
        Members = _members!,
        LastIndex = LastIndex,
        Followers = _members!.All.Where(node => node != IdOf(Root)).ToDictionary(node => node, node => new FollowerStatus(
            node, LastIndex - _lag.GetValueOrDefault(_names[node]), _silent.GetValueOrDefault(_names[node], TimeSpan.FromMilliseconds(50)))),
        Nodes = _nodes.Values.ToDictionary(node => node.Id),
        WithoutRole = _withoutRole,
        Removed = _removed,
        Settings = Settings,
    };

    private string Show()
    {
        var text = Text(_members!.Voters);
        return _members.Learners.Count > 0 ? $"{text} + {Text(_members.Learners)}" : text;

        string Text(IEnumerable<KeyId> nodes) => string.Join(' ', nodes.Select(node => _names[node]).Order(StringComparer.Ordinal));
    }
}
