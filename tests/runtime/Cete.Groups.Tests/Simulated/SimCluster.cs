using System.Text;
using Cete.Actors;
using Cete.Core;
using Cete.Groups.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Cete.Groups.Tests.Simulated;

/// <summary>How rough a run of a cluster is.</summary>
internal sealed record ClusterOptions
{
    public int Nodes { get; init; } = 3;

    public int Clients { get; init; } = 3;

    public int CommandsPerClient { get; init; } = 8;

    /// <summary>Whether members come, go, and hand over.</summary>
    public bool MembersChange { get; init; } = true;

    public Func<int, NotesMachine> Machine { get; init; } = _ => new NotesMachine();

    public Action<SqliteConnection>? Tamper { get; init; }
}

/// <summary>Several nodes with one group on one thread, their disks, their network and their clients, all of it drawn from one seed.</summary>
internal sealed class SimCluster : IDisposable
{
    private readonly Prng _chance;
    private readonly ClusterOptions _options;
    private readonly SimTimeline _line = new();
    private readonly SimContext _context = new();
    private readonly SimNetwork _network;
    private readonly List<SimReplica<NotesMachine>> _nodes = [];
    private readonly List<SimClient> _clients = [];
    private readonly List<ActorFailure> _failures = [];
    private readonly List<SqliteConnection> _snapshots = [];
    private int _acknowledged;
    private int _seen;
    private Exception? _wrong;

    public SimCluster(Prng chance, ClusterOptions options)
    {
        (_chance, _options) = (chance, options);
        _network = new SimNetwork(_line, chance.Split());
        for (var i = 0; i < options.Nodes; i++)
        {
            var stores = new SimStores(chance.Split()) { Snapshots = _snapshots, Tamper = options.Tamper };
            _nodes.Add(new SimReplica<NotesMachine>(i, SimNode.Group, new SimTime(_line), stores));
        }

        for (var i = 0; i < options.Clients; i++)
        {
            var client = new SimClient(i, 1 + chance.Next(options.CommandsPerClient), chance.Split());
            client.Answered = _ => _acknowledged = _clients.Sum(one => one.Notes.Count());
            _clients.Add(client);
        }
    }

    public int Crashes { get; private set; }

    public int Snapshots => _snapshots.Count;

    public int Reads { get; private set; }

    public int Steps { get; private set; }

    /// <summary>What the replicas hold at the end.</summary>
    public string State => StoreDump.Of(_nodes[0].Sql);

    /// <summary>The apply level at the end.</summary>
    public int Level => _nodes[0].Group.Status.Level;

    private bool IsDone => _clients.TrueForAll(client => client.IsDone);

    private IEnumerable<SimReplica<NotesMachine>> Members => _nodes.Where(node => Root?.Group.Status.Members?.Contains(node.Id) == true);

    private SimReplica<NotesMachine>? Root => _nodes.Where(node => node.IsUp && node.Group.Status.IsRoot).MaxBy(node => node.Group.Status.Term);

    public void Run()
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_context);
        try
        {
            _nodes.ForEach(Start);
            _clients.ForEach(Go);
            for (var step = 0; step < 30_000 && (!IsDone || step < 1_500); step++)
            {
                Step();
            }

            Settle();
            Check();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    public void Dispose()
    {
        foreach (var node in _nodes)
        {
            node.Stores.Dispose();
        }
    }

    private void Go(SimClient client) => _ = WatchAsync(client.RunAsync(() => AnyUp().Group));

    private async Task WatchAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception wrong)
        {
            _wrong ??= wrong;
        }
    }

    private SimReplica<NotesMachine> AnyUp()
    {
        SimReplica<NotesMachine>[] up = [.. _nodes.Where(node => node.IsUp)];
        return up[_chance.Next(up.Length)];
    }

    private void Start(SimReplica<NotesMachine> node)
    {
        node.Start(_options.Machine(node.Number), _chance, _failures);
        node.Groups.Attach(_network.Add(node.Id, node.Groups));
        node.Begin(node.Number == 0 ? GroupOrigin.Founding : GroupOrigin.Joining);
    }

    private void Step()
    {
        Steps++;
        var dice = _chance.Next(10_000);
        var node = _nodes[_chance.Next(_nodes.Count)];
        if (dice < 20)
        {
            CrashOrStart(node);
        }
        else if (dice < 40)
        {
            node.Disk.IsFull = !node.Disk.IsFull && _chance.Chance(1, 2);
            node.Machine.FullCommands = _chance.Next(3);
        }
        else if (dice < 60)
        {
            CutOrHeal(node);
        }
        else if (dice < 80)
        {
            _network.LossPerMille = _chance.Chance(1, 2) ? 0 : _chance.Next(200);
        }
        else if (dice < 90)
        {
            node.Time.SetWall(TimeSpan.FromSeconds(_chance.Chance(1, 5) ? _chance.Next(100_000) : _chance.Next(20) - 10));
        }
        else if (dice < 160 && _options.MembersChange)
        {
            Change();
        }
        else if (dice < 260)
        {
            _ = WatchAsync(ReadAsync(AnyUp()));
        }
        else if (dice < 300 && node.IsUp)
        {
            node.Stores.Sample();
        }
        else
        {
            Go();
        }

        _context.Drain();
        Assert.Empty(_failures);
        Assert.Null(_wrong);
    }

    /// <summary>One actor does one thing; time goes on when none has anything to do, and now and then before.</summary>
    private void Go()
    {
        SimReplica<NotesMachine>[] ready = [.. _nodes.Where(node => node.IsUp && node.Dispatcher.ReadyCount > 0)];
        if (ready.Length > 0 && !_chance.Chance(1, 40))
        {
            ready[_chance.Next(ready.Length)].Dispatcher.Step();
        }
        else
        {
            _line.Advance(TimeSpan.FromMilliseconds(ready.Length > 0 ? _chance.Next(30) : 1_000), toFirst: true);
        }
    }

    private void CrashOrStart(SimReplica<NotesMachine> node)
    {
        if (!node.IsUp)
        {
            Start(node);
            return;
        }

        if (_nodes.Count(other => other.IsUp) == 1)
        {
            return;
        }

        Crashes++;
        _network.Remove(node.Id);
        node.Crash();
        if (_chance.Chance(2, 3))
        {
            Start(node);
        }

        // What clients wait for there does not come: they ask elsewhere, with the same ids.
        _clients.ForEach(Go);
    }

    private void CutOrHeal(SimReplica<NotesMachine> node)
    {
        if (_chance.Chance(1, 2))
        {
            _network.Heal();
            return;
        }

        foreach (var other in _nodes.Where(other => other != node && _chance.Chance(3, 4)))
        {
            _network.Cut(node.Id, other.Id);
            if (_chance.Chance(3, 4))
            {
                _network.Cut(other.Id, node.Id);
            }
        }
    }

    private void Change()
    {
        if (Root is not { Group.Status.Members: { } members } root)
        {
            return;
        }

        var node = _nodes[_chance.Next(_nodes.Count)];
        if (_chance.Chance(1, 4))
        {
            _ = WatchAsync(root.Group.TransferAsync(node.Id));
            return;
        }

        var next = members.IsLearner(node.Id) ? members.WithVoter(node.Id)
            : !members.Contains(node.Id) ? members.WithLearner(node.Id)
            : members.Voters.Count > 2 && _chance.Chance(1, 3) ? members.Without(node.Id)
            : members;
        if (!next.Equals(members))
        {
            _ = WatchAsync(root.Group.ChangeMembersAsync(next));
        }
    }

    /// <summary>A read sees what was acknowledged before it began, and what a read saw that ended before.</summary>
    private async Task ReadAsync(SimReplica<NotesMachine> node)
    {
        var least = Math.Max(_acknowledged, _seen);
        var read = await node.Group.ReadAsync(sql => sql.Scalar<long>("SELECT count(*) FROM notes"));
        if (read.Succeeded)
        {
            Assert.True(read.Value >= least, $"a read saw {read.Value} notes, {least} were there before");
            (_seen, Reads) = (Math.Max(_seen, (int)read.Value), Reads + 1);
        }
    }

    private void Settle()
    {
        _network.Heal();
        _network.LossPerMille = 0;
        foreach (var node in _nodes)
        {
            node.Disk.IsFull = false;
            node.Time.ResetWall();
            if (!node.IsUp)
            {
                Start(node);
            }

            node.Machine.FullCommands = 0;
        }

        for (var round = 0; round < 200_000; round++)
        {
            if (IsDone && round % 100 == 0 && HasSettled())
            {
                return;
            }

            Go();
            _context.Drain();
            Assert.Empty(_failures);
            Assert.Null(_wrong);
        }

        var statuses = string.Join('\n', _nodes.Select(node => $"{node.Number}: {node.Group.Status} of {node.Group.Status.Members}"));
        Assert.Fail($"it does not settle; {_clients.Count(client => !client.IsDone)} clients wait\n{statuses}");
    }

    private bool HasSettled()
    {
        if (Root is not { } root)
        {
            return false;
        }

        var last = root.Group.Status;
        return last.Failure is null && last.Applied == root.Disk.LastIndex
            && Members.All(node => node.Group.Status is { Failure: null } status && status.Applied == last.Applied && status.Root == root.Id);
    }

    private void Check()
    {
        var members = Members.ToArray();
        var dumps = members.Select(node => StoreDump.Of(node.Sql)).ToArray();
        Assert.All(dumps, dump => Assert.Equal(dumps[0], dump));
        var notes = members[0].Sql.Query("SELECT writer, text FROM notes ORDER BY log_index", row => (Writer: row.GetString(0), Text: row.GetString(1)));
        Assert.All(_clients, client => Assert.Equal(client.Notes, notes.Where(note => note.Writer == client.Name).Select(note => note.Text)));
        Assert.Equal(_clients.Sum(client => client.Notes.Count()), notes.Count);
        var events = members[0].Sql.Query("SELECT body FROM cete_feed ORDER BY position", row => Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(0)));
        Assert.Equal(notes.Select(note => note.Text), events);
    }
}
