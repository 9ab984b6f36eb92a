using Cete.Actors;
using Cete.Core;
using Cete.Described;
using Cete.Groups;
using Cete.Groups.Tests.Simulated;
using Cete.Groups.Tests.Support;
using Cete.Hocon;
using Microsoft.Data.Sqlite;

namespace Cete.Simulation.Services;

/// <summary>
/// Described services as a group of three on one thread: the engine, machines and actors of the product, with disks, network and people of the seed's. Three
/// services set each other off; one of them is published anew again and again. Nodes crash, disks fill, links are cut, roots move.
/// </summary>
internal sealed class ServicesCluster : IDisposable
{
    private const int Steps = 2_000;
    private const int NodeCount = 3;
    private const string Rules = "rules { list = \"\", view = \"\", create = \"\", update = \"\", delete = \"\" }";

    private static readonly string[] Others =
    [
        $$"""
        service { name = news }
        records { items { fields { file = text, stars = integer }, {{Rules}} } }
        emits { told { file = text } }
        hooks = [
          { name = hear, on = "files:added", takes { name = text }, steps = [{ create = items, with { file = "=event.name" } }] }
          { name = tell, on = items.created, steps = [{ emit = told, with { file = "record.file" } }] }
        ]
        """,
        $$"""
        service { name = log }
        records { lines { fields { file = text }, {{Rules}} }, sums { fields { count = integer }, {{Rules}} } }
        hooks = [
          {
            name = note, on = "news:told", takes { file = text }
            steps = [
              { create = lines, with { file = "=event.file" } }
              { create = sums, with { count = 0 }, when = "sums.count(s, true) == 0" }
              { each = sums, as = sum, steps = [{ of = sum, set { count = "=sum.count + 1" } }] }
            ]
          }
          # Fails each time, and is undone each time.
          { name = fail, on = "news:told", takes { file = text }, steps = [{ create = lines, with { file = wrong } }, { fail = no }] }
        ]
        """,
    ];

    private readonly Prng _chance;
    private readonly TextWriter _writer;
    private readonly SimTimeline _line = new();
    private readonly SimContext _context = new();
    private readonly SimNetwork _network;
    private readonly List<SimReplica<DescribedMachine>> _nodes = [];
    private readonly List<ActorFailure> _failures = [];
    private readonly List<SqliteConnection> _snapshots = [];
    private readonly HashSet<string> _acknowledged = new(StringComparer.Ordinal);
    private Exception? _wrong;
    private long _sequence;
    private int _crashes;
    private int _editions;
    private bool _hasBegun;

    public ServicesCluster(Prng chance, TextWriter writer)
    {
        (_chance, _writer) = (chance, writer);
        _network = new SimNetwork(_line, chance.Split());
        for (var i = 0; i < NodeCount; i++)
        {
            _nodes.Add(new SimReplica<DescribedMachine>(
                i, DescribedService.Name, new SimTime(_line), new SimStores(chance.Split()) { Snapshots = _snapshots }));
        }
    }

    private SimReplica<DescribedMachine>? Root => _nodes.Where(node => node.IsUp && node.Group.Status.IsRoot).MaxBy(node => node.Group.Status.Term);

    public void Run()
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_context);
        try
        {
            _nodes.ForEach(Start);
            Watch(BeginAsync());
            for (var step = 0; step < 100_000 && !_hasBegun; step++)
            {
                Go();
                Drain();
            }

            Check.That(_hasBegun, "nothing begins");
            for (var step = 0; step < Steps; step++)
            {
                Step();
            }

            Settle();
            Examine();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    public void Dispose() => _nodes.ForEach(node => node.Stores.Dispose());

    /// <summary>The service that begins it all; each edition has one field more, with a default that all records get.</summary>
    private static string Files(int edition) =>
        $$"""
        service { name = files, version = 1.0.{{edition}} }
        records { files {
          fields { name = text, {{string.Concat(Enumerable.Range(1, edition).Select(i => $"f{i} {{ type = integer, required = true, default = {i} }}, "))}} }
          unique = [name]
          {{Rules}}
        } }
        emits { added { name = text } }
        hooks = [{ name = add, on = files.created, steps = [{ emit = added, with { name = "record.name" } }] }]
        """;

    private static string JsonOf(string text)
    {
        var reading = DescriptorReader.Read(HoconDocument.Load(text, "simulation"));
        Check.That(reading.Descriptor is not null, reading.Errors);
        return reading.Descriptor!.Json;
    }

    private void Start(SimReplica<DescribedMachine> node)
    {
        node.Start(new DescribedMachine(), _chance, _failures);
        node.Groups.Attach(_network.Add(node.Id, node.Groups, DescribedService.Name.Name));
        node.Begin(node.Number == 0 ? GroupOrigin.Founding : GroupOrigin.Joining);
    }

    private void Watch(Task task)
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

    /// <summary>Nothing goes wrong meanwhile: what is to be seen comes later.</summary>
    private async Task BeginAsync()
    {
        foreach (var text in Others.Append(Files(0)))
        {
            while (true)
            {
                var done = await On(_nodes[0]).PublishAsync(JsonOf(text), 0, Asker.Local, null, default);
                if (done.Succeeded)
                {
                    break;
                }

                Check.That(done.Failure.Kind == FailureKind.Unavailable, done.Failure.Message);
            }
        }

        _hasBegun = true;
    }

    private static DescribedService On(SimReplica<DescribedMachine> node) => new(node.Group, node.Time);

    private SimReplica<DescribedMachine> AnyUp()
    {
        SimReplica<DescribedMachine>[] up = [.. _nodes.Where(node => node.IsUp)];
        return up[_chance.Next(up.Length)];
    }

    /// <summary>Somebody adds a file, and asks again with the same id where he gets no answer.</summary>
    private async Task AddAsync()
    {
        var id = new RequestId($"person{++_sequence}", 1);
        var name = $"file {_sequence}";
        for (var tries = 0; tries < 6; tries++)
        {
            var done = await On(AnyUp()).CreateAsync("files", "files", [new("name", InputValue.Of(name))], Asker.Local, id, default, default);
            if (done.Succeeded)
            {
                _acknowledged.Add(name);
                _writer.WriteLine($"{name}: {done.Value.Id}");
                return;
            }

            Check.That(done.Failure.Kind is FailureKind.Unavailable or FailureKind.Full or FailureKind.Damaged, done.Failure.Message);
        }
    }

    private async Task PublishAsync()
    {
        var id = new RequestId($"author{++_sequence}", 1);
        var node = AnyUp();
        var known = await On(node).DescribeAsync("files", default);
        if (!known.Succeeded)
        {
            return;
        }

        var next = (int)known.Value.Edition;
        var done = await On(AnyUp()).PublishAsync(JsonOf(Files(next)), next, Asker.Local, id, default);
        if (done.Succeeded)
        {
            _editions = Math.Max(_editions, next);
            _writer.WriteLine($"edition {done.Value.Edition}");
        }
    }

    private void Step()
    {
        var node = _nodes[_chance.Next(_nodes.Count)];
        switch (_chance.Next(10_000))
        {
            case < 20:
                CrashOrStart(node);
                break;
            case < 35:
                node.Disk.IsFull = !node.Disk.IsFull && _chance.Chance(1, 3);
                break;
            case < 60:
                CutOrHeal(node);
                break;
            case < 75:
                _network.LossPerMille = _chance.Chance(3, 4) ? 0 : _chance.Next(200);
                break;
            case < 160:
                Change();
                break;
            case < 500:
                Watch(AddAsync());
                break;
            case < 540:
                Watch(PublishAsync());
                break;
            default:
                Go();
                break;
        }

        Drain();
    }

    private void Drain()
    {
        _context.Drain();
        Check.That(_failures.Count == 0, _failures.Count == 0 ? string.Empty : _failures[0].Cause.ToString());
        Check.That(_wrong is null, _wrong?.ToString() ?? string.Empty);
    }

    private void Go()
    {
        SimReplica<DescribedMachine>[] ready = [.. _nodes.Where(node => node.IsUp && node.Dispatcher.ReadyCount > 0)];
        if (ready.Length > 0 && !_chance.Chance(1, 40))
        {
            ready[_chance.Next(ready.Length)].Dispatcher.Step();
        }
        else
        {
            _line.Advance(TimeSpan.FromMilliseconds(ready.Length > 0 ? _chance.Next(30) : 1_000), toFirst: true);
        }
    }

    private void CrashOrStart(SimReplica<DescribedMachine> node)
    {
        if (!node.IsUp)
        {
            Start(node);
        }
        else if (_nodes.Count(other => other.IsUp) > 1)
        {
            _crashes++;
            _network.Remove(node.Id);
            node.Crash();
        }
    }

    private void CutOrHeal(SimReplica<DescribedMachine> node)
    {
        _network.Heal();
        foreach (var other in _nodes.Where(other => other != node && _chance.Chance(1, 3)))
        {
            _network.Cut(node.Id, other.Id);
            _network.Cut(other.Id, node.Id);
        }
    }

    /// <summary>Nodes become voters, and the root moves.</summary>
    private void Change()
    {
        if (Root is not { Group.Status.Members: { } members } root)
        {
            return;
        }

        var node = _nodes[_chance.Next(_nodes.Count)];
        Watch(members.IsVoter(node.Id)
            ? root.Group.TransferAsync(node.Id)
            : root.Group.ChangeMembersAsync(members.IsLearner(node.Id) ? members.WithVoter(node.Id) : members.WithLearner(node.Id)));
    }

    private void Settle()
    {
        _network.Heal();
        _network.LossPerMille = 0;
        foreach (var node in _nodes)
        {
            node.Disk.IsFull = false;
            if (!node.IsUp)
            {
                Start(node);
            }
        }

        for (var round = 0; round < 50_000 && !(round % 100 == 0 && HasSettled()); round++)
        {
            if (round % 100 == 0)
            {
                Change();

                // A group that was quiet when its root went does not look for another one until somebody asks.
                Watch(On(AnyUp()).ServicesAsync(default));
            }

            Go();
            Drain();
        }

        Check.That(HasSettled(), $"it does not settle\n{string.Join('\n', _nodes.Select(node => $"{node.Number}: {node.Group.Status}"))}");
    }

    private bool HasSettled() => Root is { } root && root.Group.Status is { Failure: null } last && last.Applied == root.Disk.LastIndex
        && last.Members!.Voters.Count == _nodes.Count
        && _nodes.TrueForAll(node => node.Group.Status is { Failure: null } status && status.Applied == last.Applied && status.Root == root.Id);

    /// <summary>What everybody was told is there, and each record set off what it is to set off: once.</summary>
    private void Examine()
    {
        var dumps = _nodes.Select(node => StoreDump.Of(node.Sql)).Distinct().Count();
        Check.That(dumps == 1, "the replicas differ");
        var sql = _nodes[0].Sql;
        List<string> Column(string service, string kind, string field) => sql.Query(
            $"SELECT f_{field} FROM s{sql.Scalar<long>("SELECT number FROM services WHERE name = @p1", service)}_{kind} ORDER BY 1", row => row.GetString(0));

        var (files, items, lines) = (Column("files", "files", "name"), Column("news", "items", "file"), Column("log", "lines", "file"));
        Check.That(_acknowledged.IsSubsetOf(files), $"lost: {string.Join(", ", _acknowledged.Except(files))}");
        Check.That(files.Distinct().Count() == files.Count, "a file was added twice");
        Check.That(files.SequenceEqual(items), "a file has no news, or several");
        Check.That(files.SequenceEqual(lines), "news have no line in the log, or several");
        var sums = sql.Query($"SELECT f_count FROM s2_sums", row => row.GetInt64(0));
        Check.That(sums.Sum() == files.Count, $"{files.Count} files were counted as {sums.Sum()}");
        for (var field = 1; field <= _editions; field++)
        {
            var other = sql.Scalar<long>($"SELECT count(*) FROM s3_files WHERE f_f{field} IS NOT @p1", (long)field);
            Check.That(other == 0, $"{other} files lack what edition {field + 1} gave to all");
        }

        _writer.WriteLine(FormattableString.Invariant($"{files.Count} files, {_editions} editions, {_crashes} crashes"));
    }
}
