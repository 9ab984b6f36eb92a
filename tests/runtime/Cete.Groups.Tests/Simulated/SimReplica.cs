using System.Text;
using Cete.Actors;
using Cete.Core;
using Cete.Groups.Store;

namespace Cete.Groups.Tests.Simulated;

/// <summary>A node of a run with its replica of one group: its disks and its clock outlive its processes.</summary>
internal sealed class SimReplica<TMachine>(int number, GroupId group, SimTime time, SimStores stores)
    where TMachine : class, IStateMachine
{
    private ActorSystem? _system;
    private TMachine? _machine;
    private IReplica? _group;
    private long _lineages;

    public int Number => number;

    public KeyId Id { get; } = KeyId.Of(Encoding.UTF8.GetBytes($"node-{number}"));

    public SimTime Time => time;

    public SimStores Stores => stores;

    public SimDisk Disk { get; } = new();

    /// <summary>What all replicas of the group do alike.</summary>
    public ReplicaRules Rules { get; init; } = new() { DigestInterval = 4 };

    public StepDispatcher Dispatcher { get; private set; } = new(_ => 0);

    public TMachine Machine => _machine!;

    public NodeGroups Groups { get; private set; } = null!;

    public IReplica Group => _group!;

    public bool IsUp { get; private set; }

    public SqlSession Sql => new(stores.Current);

    public void Start(TMachine machine, Prng chance, List<ActorFailure> failures)
    {
        (Dispatcher, _machine) = (new StepDispatcher(chance.Split()), machine);
        _system = new ActorSystem("node", new ActorSystemOptions
        {
            Clock = time,
            Default = Dispatcher,
            Blocking = Dispatcher,
            Failures = failures.Add,
        });
        var settings = new GroupSettings { CheckpointBytes = 1 + chance.Next(20), RetryDelay = TimeSpan.FromMilliseconds(500), Readers = 1 };
        Groups = new NodeGroups(_system, new SimLog(Disk, chance.Split()), stores, Id, () => settings, time, chance.NextBits())
        {
            Rules = Rules,
            DrawLineage = () => new Lineage(Number, ++_lineages),
        };
    }

    public void Begin(GroupOrigin origin)
    {
        _group = Groups.Start(group, Machine, origin);
        IsUp = true;
    }

    /// <summary>The process is gone at once: no actor stops in order, timers and unsynced writes are lost.</summary>
    public void Crash()
    {
        IsUp = false;
        time.Crash();
        stores.Crash();
    }
}
