using System.Globalization;
using System.Text;
using Cete.Actors;
using Cete.Core;
using Cete.Groups.Import;
using Cete.Groups.Store;
using Microsoft.Data.Sqlite;

namespace Cete.Groups.Tests.Simulated;

/// <summary>
/// Two groups on nodes of their own, one of which imports the other's feed, on one thread and from one seed: crashes, cut and lossy networks, full
/// disks, roots that move, feeds that keep little, restores from backups. Whatever the importer holds, it is always what the source held at the
/// position that it stands at.
/// </summary>
internal sealed class FeedCluster : IDisposable
{
    private const int Steps = 4_000;

    private readonly Prng _chance;
    private readonly Func<ImportRules> _rules;
    private readonly FeedRetention _retention;
    private readonly SimTimeline _line = new();
    private readonly SimContext _context = new();
    private readonly SimNetwork _network;
    private readonly List<ActorFailure> _failures = [];
    private readonly Side _counts = new(SumsMachine.Source);
    private readonly Side _sums = new(GroupId.Of("sums"));
    private readonly Dictionary<int, long> _checked = [];

    /// <summary>What the source told, by the epoch of its feed.</summary>
    private readonly Dictionary<long, FeedHistory> _histories = [];
    private FeedHistory _history = new();
    private long _backupDue;
    private int _numbers;
    private Exception? _wrong;

    public FeedCluster(Prng chance, Func<ImportRules> rules)
    {
        (_chance, _rules) = (chance, rules);
        _network = new SimNetwork(_line, chance.Split());

        // Some feeds keep so little that those who follow are often too late.
        _retention = chance.Chance(1, 3)
            ? FeedRetention.Default
            : new FeedRetention(TimeSpan.FromMilliseconds(500 + chance.Next(10_000)), 200 + chance.Next(3_000));

        // The first lineage that a node of a run draws.
        _history.Epoch = 1;
        _histories.Add(_history.Epoch, _history);
        Side[] sides = [_counts, _sums];
        foreach (var side in sides)
        {
            for (var i = 0; i < 3; i++)
            {
                side.Nodes.Add(NewNode(side));
            }
        }
    }

    public int Crashes { get; private set; }

    /// <summary>How often the importer began, or began anew.</summary>
    public int Scans { get; private set; }

    public int Restores { get; private set; }

    public int Backups { get; private set; }

    /// <summary>How often what the importer held was compared.</summary>
    public int Checks { get; private set; }

    public string State => string.Join('\n', _sums.Nodes.Select(node => Support.StoreDump.Of(node.Sql)));

    private IEnumerable<SimReplica<CountersMachine>> All => _counts.Nodes.Concat(_sums.Nodes);

    public void Run()
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_context);
        try
        {
            foreach (var side in (Side[])[_counts, _sums])
            {
                side.Nodes.ForEach(node => Start(side, node));
            }

            for (var step = 0; step < Steps; step++)
            {
                Step();
                Look();
            }

            Settle();
            CheckEnd();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    public void Dispose()
    {
        foreach (var node in All)
        {
            node.Stores.Dispose();
        }

        _counts.Backup?.Store.Dispose();
        _sums.Backup?.Store.Dispose();
    }

    private SimReplica<CountersMachine> NewNode(Side side)
    {
        var retention = side == _counts ? _retention : FeedRetention.Default;
        var stores = new SimStores(_chance.Split()) { Snapshots = side.Snapshots };
        return new SimReplica<CountersMachine>(_numbers++, side.Id, new SimTime(_line), stores)
        {
            Rules = new ReplicaRules { DigestInterval = 4, SweepInterval = 4, Retention = retention, Imports = _rules() },
        };
    }

    private void Start(Side side, SimReplica<CountersMachine> node)
    {
        var history = _history;
        node.Start(side == _counts ? new SourceMachine { Emitted = history.Add, Scanned = () => Scans++ } : new SumsMachine(), _chance, _failures);
        node.Groups.Attach(_network.Add(node.Id, node.Groups, side.Id.Name), group => group == _counts.Id ? [.. _counts.Nodes.Select(other => other.Id)] : []);
        node.Begin(node.Number == 0 || node.Number == 3 ? GroupOrigin.Founding : GroupOrigin.Joining);
    }

    private void Step()
    {
        var dice = _chance.Next(10_000);
        var side = _chance.Chance(1, 2) ? _counts : _sums;
        var node = side.Nodes[_chance.Next(side.Nodes.Count)];
        switch (dice)
        {
            case < 20:
                CrashOrStart(side, node);
                break;
            case < 40:
                node.Disk.IsFull = !node.Disk.IsFull && _chance.Chance(1, 3);
                node.Machine.FullCommands = _chance.Next(3);
                break;
            case < 60:
                CutOrHeal(node);
                break;
            case < 80:
                _network.LossPerMille = _chance.Chance(3, 4) ? 0 : _chance.Next(200);
                break;
            case < 90:
                node.Time.SetWall(TimeSpan.FromSeconds(_chance.Next(12) - 6));
                break;
            case < 240:
                Change(side);
                break;
            case < 252:
                side.Keep(AnyUp(side), _history);
                break;
            case < 272 when side.Backup is not null:
                Restore(side);
                break;
            case < 290 when node.IsUp:
                node.Stores.Sample();
                break;
            case < 700 when _line.Now >= _backupDue:
                _backupDue = _line.Now + TimeSpan.FromSeconds(2).Ticks;
                Go(BackUpAsync(AnyUp(_counts), AnyUp(_sums)));
                break;
            case < 1_200:
                Go(WriteAsync(side, AnyUp(side)));
                break;
            default:
                Go();
                break;
        }

        _context.Drain();
        CheckSound();
    }

    private void CheckSound()
    {
        Assert.Empty(_failures);
        Assert.Null(_wrong);
    }

    private void Go()
    {
        SimReplica<CountersMachine>[] ready = [.. All.Where(node => node.IsUp && node.Dispatcher.ReadyCount > 0)];
        if (ready.Length > 0 && !_chance.Chance(1, 40))
        {
            ready[_chance.Next(ready.Length)].Dispatcher.Step();
        }
        else
        {
            _line.Advance(TimeSpan.FromMilliseconds(ready.Length > 0 ? _chance.Next(30) : 1_000), toFirst: true);
        }
    }

    private void Go(Task task)
    {
        _ = WatchAsync();

        async Task WatchAsync()
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
    }

    private SimReplica<CountersMachine> AnyUp(Side side)
    {
        SimReplica<CountersMachine>[] up = [.. side.Nodes.Where(node => node.IsUp)];
        return up[_chance.Next(up.Length)];
    }

    private async Task WriteAsync(Side side, SimReplica<CountersMachine> node)
    {
        var type = _chance.Chance(1, 5) ? "dropped" : "added";
        var words = Enumerable.Range(0, 1 + _chance.Next(4))
            .Select(_ => string.Create(CultureInfo.InvariantCulture, $"c{_chance.Next(8)} {1 + _chance.Next(20)}"));
        var reply = await node.Group.SubmitAsync(new ClientCommand(type, Encoding.UTF8.GetBytes(string.Join(';', words)), Asker.Local));
        Assert.True(reply.Failure is null or { Kind: FailureKind.Full or FailureKind.Unavailable }, $"{side.Id}: {reply.Failure}");
    }

    private void CrashOrStart(Side side, SimReplica<CountersMachine> node)
    {
        if (!node.IsUp)
        {
            Start(side, node);
        }
        else if (side.Nodes.Count(other => other.IsUp) > 1)
        {
            Crashes++;
            Crash(node);
            if (_chance.Chance(2, 3))
            {
                Start(side, node);
            }
        }
    }

    private void Crash(SimReplica<CountersMachine> node)
    {
        _network.Remove(node.Id);
        node.Crash();
        _checked.Remove(node.Number);
    }

    private void CutOrHeal(SimReplica<CountersMachine> node)
    {
        if (_chance.Chance(3, 4))
        {
            _network.Heal();
            return;
        }

        foreach (var other in All.Where(other => other != node && _chance.Chance(3, 4)))
        {
            _network.Cut(node.Id, other.Id);
            if (_chance.Chance(3, 4))
            {
                _network.Cut(other.Id, node.Id);
            }
        }
    }

    /// <summary>Nodes become learners, then voters; now and then the root moves.</summary>
    private void Change(Side side)
    {
        if (side.Root is not { Group.Status.Members: { } members } root)
        {
            return;
        }

        var node = side.Nodes[_chance.Next(side.Nodes.Count)];
        if (members.IsVoter(node.Id))
        {
            if (_chance.Chance(1, 2))
            {
                Go(root.Group.TransferAsync(node.Id));
            }

            return;
        }

        Go(root.Group.ChangeMembersAsync(members.IsLearner(node.Id) ? members.WithVoter(node.Id) : members.WithLearner(node.Id)));
    }

    /// <summary>All nodes of a group are lost; another begins with what somebody kept, and two more join it.</summary>
    private void Restore(Side side)
    {
        Restores++;
        foreach (var node in side.Nodes)
        {
            if (node.IsUp)
            {
                Crash(node);
            }

            node.Stores.Dispose();
        }

        side.Nodes.Clear();
        side.Snapshots = [];
        if (side == _counts)
        {
            _history = side.Backup!.Value.History.Until(side.Backup.Value.Applied);
        }

        for (var i = 0; i < 3; i++)
        {
            var node = NewNode(side);
            if (i == 0)
            {
                using (var sql = new SqlSession(side.Backup!.Value.Store))
                {
                    ReplicaStore.BeginAnew(sql, node.Id, new Lineage(0, FeedTable.Epoch(sql) + 1));
                    if (side == _counts)
                    {
                        _history.Epoch = FeedTable.Epoch(sql);
                        _histories.Add(_history.Epoch, _history);
                    }
                }

                node.Stores.Begin(side.Backup.Value.Store);
            }

            side.Nodes.Add(node);
            Start(side, node);
        }

        side.Backup!.Value.Store.Dispose();
        side.Backup = null;
    }

    /// <summary>As <c>cete backup</c> does it: imports pause, both groups are copied, imports go on.</summary>
    private async Task BackUpAsync(SimReplica<CountersMachine> counts, SimReplica<CountersMachine> sums)
    {
        var paused = await sums.Group.PauseImportsAsync(TimeSpan.FromSeconds(30));
        if (!paused.Succeeded)
        {
            return;
        }

        var source = await counts.Group.ReadAsync(sql => (Epoch: FeedTable.Epoch(sql), End: FeedTable.EndOf(ReplicaStore.Meta(sql, "applied"))));
        await AfterAsync(TimeSpan.FromMilliseconds(_chance.Next(400)));
        var importer = await sums.Group.ReadAsync(sql => sums.Rules.Imports.Read(sql, _counts.Id));
        var still = await sums.Group.PauseImportsAsync(TimeSpan.Zero);
        if (source.Succeeded && importer is { Succeeded: true, Value: { } cursor } && still.Succeeded && still.Value == paused.Value
            && cursor.Epoch == source.Value.Epoch)
        {
            Backups++;
            var (own, end) = (cursor.Position, source.Value.End);
            Assert.True(own <= end, $"the backup of the importer stands at {own}, that of its source at {end}");
        }
    }

    /// <summary>Time goes by: to copy a group takes some.</summary>
    private Task AfterAsync(TimeSpan delay)
    {
        var after = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _line.At(_line.Now + delay.Ticks, after.SetResult);
        return after.Task;
    }

    /// <summary>Compares what each importer has come to since it was looked at.</summary>
    private void Look()
    {
        foreach (var node in _sums.Nodes.Where(node => node.IsUp && node.Stores.IsOpen && node.Group.Status.Level == 2))
        {
            var applied = node.Group.Status.Applied;
            if (_checked.GetValueOrDefault(node.Number) != applied)
            {
                _checked[node.Number] = applied;
                Compare(node);
            }
        }
    }

    private void Compare(SimReplica<CountersMachine> node)
    {
        using var sql = node.Sql;
        if (node.Rules.Imports.Read(sql, _counts.Id) is { Scan: null } cursor)
        {
            Checks++;
            Assert.Equal(_histories[cursor.Epoch].At(cursor.Position), CountersMachine.Show(sql));
        }
    }

    private void Settle()
    {
        _network.Heal();
        _network.LossPerMille = 0;
        foreach (var (side, node) in ((Side[])[_counts, _sums]).SelectMany(side => side.Nodes.Select(node => (side, node))))
        {
            node.Disk.IsFull = false;
            node.Time.ResetWall();
            if (!node.IsUp)
            {
                Start(side, node);
            }

            node.Machine.FullCommands = 0;
        }

        for (var round = 0; round < 50_000; round++)
        {
            if (round % 100 == 0)
            {
                if (HasSettled(_counts) && HasSettled(_sums) && HasImported())
                {
                    return;
                }

                Change(_counts);
                Change(_sums);
            }

            Go();
            _context.Drain();
            CheckSound();
            Look();
        }

        var statuses = string.Join('\n', All.Select(node => $"{node.Number}: {node.Group.Status}"));
        var cursor = _sums.Root is { } root ? root.Rules.Imports.Read(root.Sql, _counts.Id) : null;
        Assert.Fail($"it does not settle; the importer is at {cursor}, the source at {_history.Epoch} {_history.Last}\n{statuses}");
    }

    private static bool HasSettled(Side side) => side.Root is { } root && root.Group.Status is { Failure: null } last && last.Applied == root.Disk.LastIndex
        && last.Members!.Voters.Count == side.Nodes.Count
        && side.Nodes.TrueForAll(node => node.Group.Status is { Failure: null } status && status.Applied == last.Applied && status.Root == root.Id);

    private bool HasImported()
    {
        var root = _sums.Root!;
        using var sql = root.Sql;
        return root.Rules.Imports.Read(sql, _counts.Id) is { Scan: null } cursor && cursor.Epoch == _history.Epoch && cursor.Position >= _history.Last;
    }

    private void CheckEnd()
    {
        foreach (var side in (Side[])[_counts, _sums])
        {
            var dumps = side.Nodes.Select(node => Support.StoreDump.Of(node.Sql)).ToArray();
            Assert.All(dumps, dump => Assert.Equal(dumps[0], dump));
        }

        Assert.Equal(CountersMachine.Show(_counts.Root!.Sql), CountersMachine.Show(_sums.Root!.Sql));
        Assert.Equal(_history.At(long.MaxValue), CountersMachine.Show(_counts.Root!.Sql));
    }

    private sealed class Side(GroupId id)
    {
        public GroupId Id => id;

        public List<SimReplica<CountersMachine>> Nodes { get; } = [];

        public List<SqliteConnection> Snapshots { get; set; } = [];

        /// <summary>What somebody kept of it: the store, what the source had told by then, and the index it stands at.</summary>
        public (SqliteConnection Store, FeedHistory History, long Applied)? Backup { get; set; }

        public SimReplica<CountersMachine>? Root => Nodes.Where(node => node.IsUp && node.Group.Status.IsRoot).MaxBy(node => node.Group.Status.Term);

        public void Keep(SimReplica<CountersMachine> node, FeedHistory history)
        {
            if (!node.Stores.IsOpen || node.Group.Status.Level < 2)
            {
                return;
            }

            Backup?.Store.Dispose();
            using var sql = node.Sql;
            Backup = (node.Stores.Copy(), history, ReplicaStore.Meta(sql, "applied"));
        }
    }
}
