using Cete.Consensus;
using Cete.Core;
using Cete.Simulation.Membership;
using Cete.Simulation.World;

namespace Cete.Simulation.Consensus;

/// <summary>Members of one group, and clients of it, in one world.</summary>
internal sealed class RaftCluster
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private readonly Dictionary<KeyId, int> _numbers = [];

    public RaftCluster(SimWorld world, RaftOptions options)
    {
        (World, Options) = (world, options);
        var count = options.Voters + options.Spares;
        for (var number = 0; number < count; number++)
        {
            _numbers.Add(IdOf(number), number);
        }

        First = new Members(Enumerable.Range(0, options.Voters).Select(IdOf), []);
        Witness = new RaftWitness(First);
        Copies = options.HasOldCopies ? new RaftCopies(this) : null;
        Disks = [.. Enumerable.Range(0, count).Select(_ => new RaftDisk())];
        world.Network.Defaults = options.Link;
        Servers = world.AddHosts(count, host => new RaftProcess(host, this));
        Clients = world.AddHosts(options.Clients, host => new RaftClient(host, this));
    }

    public SimWorld World { get; }

    public RaftOptions Options { get; }

    public RaftWitness Witness { get; }

    /// <summary>Old copies of disks; null where there are none.</summary>
    public RaftCopies? Copies { get; }

    public IReadOnlyList<RaftDisk> Disks { get; }

    public IReadOnlyList<SimHost> Servers { get; }

    public IReadOnlyList<SimHost> Clients { get; }

    /// <summary>Clients begin nothing new.</summary>
    public bool IsIdle { get; set; }

    /// <summary>Messages between members so far.</summary>
    public long Sent { get; set; }

    /// <summary>With whom it begins.</summary>
    public Members First { get; }

    public IEnumerable<RaftProcess> Running => Servers.Where(host => host.IsRunning)
        .Select(host => host.ProcessAs<RaftProcess>()).Where(process => !process.IsDown);

    /// <summary>Who leads in the newest term; null when nobody does.</summary>
    public RaftProcess? Leader => Running.Where(process => process.Machine.Role == RaftRole.Leader).MaxBy(process => process.Machine.Term);

    public static KeyId IdOf(int host) => MembershipWire.IdOf(host);

    public int NumberOf(KeyId id) => _numbers[id];

    public Members? FirstOf(int host) => First.IsVoter(IdOf(host)) ? First : null;

    /// <summary>Runs until a condition holds, and fails when it does not in time.</summary>
    public void Await(Func<bool> condition, TimeSpan within, string what)
    {
        var end = World.Now + within;
        while (!condition())
        {
            Check.That(World.Now < end, $"not within {within.TotalSeconds} s: {what}; {Disagreement()}");
            World.RunFor(Look);
        }
    }

    /// <summary>Once all faults are over: every client goes on, and when there is nothing more to do, all members hold the same.</summary>
    public void Converge()
    {
        var before = Clients.Select(host => host.ProcessAs<RaftClient>().Answered).ToList();
        Await(
            () => Clients.Index().All(client => client.Item.ProcessAs<RaftClient>().Answered >= before[client.Index] + 2),
            TimeSpan.FromSeconds(30),
            "all clients go on");
        foreach (var client in Clients)
        {
            World.Kill(client);
        }

        Await(() => Disagreement() is null, TimeSpan.FromSeconds(20), "members agree");
        Witness.CheckOnce();
        Check.That(Witness.Committed > 0);
    }

    /// <summary>What keeps the members from being of one mind; null when they are.</summary>
    public string? Disagreement()
    {
        if (Leader is not { } leader)
        {
            return "nobody leads";
        }

        foreach (var number in leader.Machine.Members!.All.Select(NumberOf))
        {
            var process = Running.FirstOrDefault(process => process.Host.Id == number);
            if (process is null || process.Machine.Leader != leader.Id || process.Machine.Term != leader.Machine.Term)
            {
                return $"h{number} does not follow h{leader.Host.Id} of term {leader.Machine.Term}: {process?.Machine.Role} of term {process?.Machine.Term}";
            }

            if (process.Store.Applied != leader.Machine.LastIndex || process.Store.Digest != leader.Store.Digest)
            {
                return $"h{number} applied {process.Store.Applied} of {leader.Machine.LastIndex}";
            }
        }

        return null;
    }
}
