using Cete.Actors;
using Cete.Core;
using Cete.Groups.Tests.Support;

namespace Cete.Groups.Tests.Simulated;

/// <summary>How rough a run is.</summary>
internal sealed record SimOptions
{
    public int Clients { get; init; } = 5;

    public int CommandsPerClient { get; init; } = 12;

    public int CrashesPerMille { get; init; } = 8;

    public int FaultsPerMille { get; init; } = 10;

    /// <summary>How far the clock on the wall may jump forward at once.</summary>
    public TimeSpan JumpMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The replica waits until it is told to begin the group, which it is told again and again.</summary>
    public bool IsToldToBegin { get; init; }
}

/// <summary>One node with one group on one thread, its disks and its clients, all of it drawn from one seed.</summary>
internal sealed class SimNode : IDisposable
{
    private readonly Prng _chance;
    private readonly SimOptions _options;
    private readonly SimTime _time = new();
    private readonly SimContext _context = new();
    private readonly List<SimClient> _clients = [];
    private readonly List<ActorFailure> _failures = [];
    private NotesMachine _machine = new();
    private StepDispatcher _dispatcher = new(_ => 0);
    private IReplica? _group;

    public SimNode(Prng chance, SimOptions options)
    {
        (_chance, _options) = (chance, options);
        Stores = new SimStores(chance.Split());
        for (var i = 0; i < options.Clients; i++)
        {
            _clients.Add(new SimClient(i, 1 + chance.Next(options.CommandsPerClient), chance.Split()));
        }
    }

    public static KeyId Id { get; } = KeyId.Of("node-1"u8);

    public static GroupId Group { get; } = GroupId.Of("notes");

    public SimDisk Disk { get; } = new();

    public SimStores Stores { get; }

    public int Crashes { get; private set; }

    /// <summary>How often it was answered that the group begins.</summary>
    public int Begun { get; private set; }

    /// <summary>What else was answered, where that was wrong.</summary>
    public Failure? Refused { get; private set; }

    public IReadOnlyList<SimClient> Clients => _clients;

    public GroupStatus Status => _group!.Status;

    private bool IsDone => _clients.TrueForAll(client => client.IsDone);

    /// <summary>Runs with faults until the clients have what they want, then without until the store is where the log is.</summary>
    public void Run()
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_context);
        try
        {
            Start();
            for (var step = 0; step < 200_000 && !IsDone; step++)
            {
                Step();
            }

            Settle();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    public void Dispose() => Stores.Dispose();

    private void Start()
    {
        _dispatcher = new StepDispatcher(_chance.Split());
        _machine = new NotesMachine();
        var system = new ActorSystem("node", new ActorSystemOptions
        {
            Clock = _time,
            Default = _dispatcher,
            Blocking = _dispatcher,
            Failures = _failures.Add,
        });
        var settings = new GroupSettings { CheckpointBytes = 1 + _chance.Next(20), RetryDelay = TimeSpan.FromMilliseconds(500) };
        var groups = new NodeGroups(system, new SimLog(Disk, _chance.Split()), Stores, Id, () => settings, _time, _chance.NextBits())
        {
            DrawLineage = () => new Lineage(1, 1),
        };
        _group = groups.Start(Group, _machine, _options.IsToldToBegin ? GroupOrigin.Joining : GroupOrigin.Founding);
        foreach (var client in _clients)
        {
            _ = client.RunAsync(_group);
        }
    }

    private async Task TellToBeginAsync()
    {
        var begun = await _group!.FoundAsync(new Lineage(1, 1));
        Begun += begun is { Succeeded: true, Value: true } ? 1 : 0;
        Refused ??= begun.Failure is { Kind: not (FailureKind.Unavailable or FailureKind.Full) } ? begun.Failure : null;
    }

    private void Step()
    {
        if (_options.IsToldToBegin && _chance.Chance(1, Status.Lineage.IsNone ? 5 : 100))
        {
            _ = TellToBeginAsync();
        }

        var dice = _chance.Next(1_000);
        if (dice < _options.CrashesPerMille)
        {
            Crash();
        }
        else if (dice < _options.CrashesPerMille + _options.FaultsPerMille)
        {
            Disk.IsFull = !Disk.IsFull;
        }
        else if (dice < _options.CrashesPerMille + (2 * _options.FaultsPerMille))
        {
            _machine.FullCommands = _chance.Next(3);
        }
        else if (dice < 100)
        {
            Stores.Sample();
        }
        else if (dice < 150)
        {
            _time.SetWall(_chance.Chance(1, 3) ? TimeSpan.FromSeconds(-_chance.Next(20)) : _options.JumpMax * (_chance.Next(100) / 100.0));
        }
        else if (dice < 200 || !_dispatcher.Step())
        {
            _time.Advance(TimeSpan.FromMilliseconds(_chance.Next(400)));
        }

        _context.Drain();
        Assert.Empty(_failures);
    }

    /// <summary>The process is gone at once: no actor stops in order, timers and unsynced writes are lost.</summary>
    private void Crash()
    {
        Crashes++;
        _time.Crash();
        Stores.Crash();
        Start();
    }

    private void Settle()
    {
        Disk.IsFull = false;
        _machine.FullCommands = 0;
        for (var round = 0; round < 1_000; round++)
        {
            _ = _options.IsToldToBegin && Status.Lineage.IsNone ? TellToBeginAsync() : null;
            _dispatcher.RunUntilIdle();
            _context.Drain();
            if (_dispatcher.ReadyCount == 0 && IsDone && Status is { IsRoot: true, Failure: null } && Status.Applied == Disk.Entries.Count)
            {
                Assert.Empty(_failures);
                return;
            }

            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Fail($"it does not settle: {Status}, {_clients.Count(client => !client.IsDone)} clients wait");
    }
}
