using Cete.Accounts;
using Cete.Accounts.Proto;
using Cete.Actors;
using Cete.Core;
using Cete.Groups;
using Cete.Groups.Tests.Simulated;
using Cete.Groups.Tests.Support;
using Google.Protobuf;
using Microsoft.Data.Sqlite;

namespace Cete.Simulation.Accounts;

/// <summary>
/// The accounts of a community as a group of three on one thread: the machines, actors and codecs of the product, with disks, network and people of the
/// seed's. People sign acts and hand them in at any node; nodes crash, disks fill, links are cut; and one node lies about what it is to propose.
/// </summary>
internal sealed class AccountsCluster : IDisposable
{
    private const int Steps = 2_500;
    private const int NodeCount = 3;
    private static readonly string[] RoleSets = ["", "moderator", "dj", "dj moderator"];

    private readonly Prng _chance;
    private readonly StatementRules _rules;
    private readonly TextWriter _writer;
    private readonly SimTimeline _line = new();
    private readonly SimContext _context = new();
    private readonly SimNetwork _network;
    private readonly AccountsWitness _witness = new();
    private readonly List<SimReplica<WatchedAccounts>> _nodes = [];
    private readonly List<SimPerson> _people = [];
    private readonly List<ActorFailure> _failures = [];
    private readonly List<SqliteConnection> _snapshots = [];
    private readonly Liar _liar;
    private readonly int _lying;
    private readonly System.Security.Cryptography.ECDsa _removed;
    private Exception? _wrong;
    private long _sequence;

    public AccountsCluster(Prng chance, StatementRules rules, TextWriter writer)
    {
        (_chance, _rules, _writer) = (chance, rules, writer);
        foreach (var name in new[] { "ada", "bob", "carol", "mallory" })
        {
            _people.Add(new SimPerson(name, chance.Split()));
        }

        _removed = SimPerson.NewKey(chance.Split());
        _lying = chance.Next(NodeCount);
        _liar = new Liar(_people[^1], Ada, () => _removed, chance.Split());
        var liarId = default(KeyId);
        _network = new SimNetwork(_line, chance.Split()) { Tamper = (to, body) => to == liarId && HasBegun ? _liar.Pass(body) : body };
        for (var i = 0; i < NodeCount; i++)
        {
            _nodes.Add(new SimReplica<WatchedAccounts>(i, AccountsService.Name, new SimTime(_line), new SimStores(chance.Split()) { Snapshots = _snapshots }));
        }

        liarId = _nodes[_lying].Id;
    }

    public int Crashes { get; private set; }

    public int Changes => _witness.Changes;

    public IReadOnlyDictionary<Lie, int> Told => _liar.Told;

    /// <summary>Everybody has an account, and the administrator removed a device of his.</summary>
    private bool HasBegun { get; set; }

    private SimPerson Ada => _people[0];

    private SimReplica<WatchedAccounts>? Root => _nodes.Where(node => node.IsUp && node.Group.Status.IsRoot).MaxBy(node => node.Group.Status.Term);

    public void Run()
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_context);
        try
        {
            _nodes.ForEach(Start);
            Watch(BeginAsync());
            for (var step = 0; step < 100_000 && !HasBegun; step++)
            {
                Go();
                Drain();
            }

            Assert.True(HasBegun, "nothing begins");
            for (var step = 0; step < Steps; step++)
            {
                Step();
            }

            Settle();
            var dumps = _nodes.Select(node => StoreDump.Of(node.Sql)).ToArray();
            Assert.All(dumps, dump => Assert.Equal(dumps[0], dump));
            var told = string.Join(", ", Told.Select(lie => $"{lie.Key} {lie.Value}"));
            _writer.WriteLine(FormattableString.Invariant($"{Crashes} crashes, {Changes} changes of rights; lies: {told}"));
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    public void Dispose()
    {
        _nodes.ForEach(node => node.Stores.Dispose());
        _people.ForEach(person => person.Dispose());
        _removed.Dispose();
    }

    private void Start(SimReplica<WatchedAccounts> node)
    {
        node.Start(new WatchedAccounts(_witness, _rules), _chance, _failures);
        node.Groups.Attach(_network.Add(node.Id, node.Groups, AccountsService.Name.Name));
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
        var begin = new Begin { Community = ByteString.CopyFrom(SimPerson.Community.ToArray()), Account = Ada.Entry() };
        begin.Roles.AddRange(RoleDefinition.Defaults.Select(role => new Role { Name = role.Name, Grants = { role.Grants.Select(grant => grant.Text) } }));
        await CarryAsync(Command(begin));
        foreach (var person in _people.Skip(1))
        {
            await CarryAsync(Command(new Register { Entry = person.Entry() }));
        }

        await CarryAsync(Signed(Ada, DeviceAct.Purpose, new DeviceAct.Add(Ada.DeviceOf(_removed)).ToPayload(),
            statement => new ChangeDevice { Statement = statement }));
        var gone = new DeviceAct.Remove(KeyId.Of(_removed.ExportSubjectPublicKeyInfo()).ToString()).ToPayload();
        await CarryAsync(Signed(Ada, DeviceAct.Purpose, gone, statement => new ChangeDevice { Statement = statement }));
        await CarryAsync(Governing(Ada, new GovernAct.DefineRole("dj", ["index.read"])));
        await CarryAsync(Governing(Ada, new GovernAct.SetRoles(_people[1].Id.ToString(), ["moderator"])));
        HasBegun = true;
    }

    private async Task CarryAsync(ClientCommand command)
    {
        while (true)
        {
            var answer = await _nodes[0].Group.SubmitAsync(command);
            if (answer.Succeeded)
            {
                Assert.True(answer.Value.Result.Succeeded, $"{command.Type}: {answer.Value.Result.Failure}");
                return;
            }
        }
    }

    private static ClientCommand Command(IMessage message) => new(message.Descriptor.Name, message.ToByteArray(), Asker.Local);

    private ClientCommand Signed(SimPerson by, string purpose, byte[] payload, Func<ByteString, IMessage> command, GovernAct? act = null)
    {
        var statement = by.Sign(purpose, payload);
        _witness.Signed(statement, by, act);
        return Command(command(ByteString.CopyFrom(statement.ToArray()))) with { Asker = Asker.Of(by.Id), Id = new RequestId(by.Name, ++_sequence) };
    }

    private ClientCommand Governing(SimPerson by, GovernAct act) =>
        Signed(by, GovernAct.Purpose, act.ToPayload(), statement => new Govern { Statement = statement }, act);

    private void Step()
    {
        var dice = _chance.Next(10_000);
        var node = _nodes[_chance.Next(_nodes.Count)];
        switch (dice)
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
            case < 175 when node.IsUp:
                node.Stores.Sample();
                break;
            case < 600:
                Watch(GovernAsync(_people[_chance.Chance(2, 3) ? 0 : _chance.Next(_people.Count)]));
                break;
            case < 900 when _nodes[_lying].IsUp:
                Watch(LieAsync(_nodes[_lying]));
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
        Assert.Empty(_failures);
        Assert.Null(_wrong);
        Assert.True(_witness.Wrong is null, _witness.Wrong);
    }

    private void Go()
    {
        SimReplica<WatchedAccounts>[] ready = [.. _nodes.Where(node => node.IsUp && node.Dispatcher.ReadyCount > 0)];
        if (ready.Length > 0 && !_chance.Chance(1, 40))
        {
            ready[_chance.Next(ready.Length)].Dispatcher.Step();
        }
        else
        {
            _line.Advance(TimeSpan.FromMilliseconds(ready.Length > 0 ? _chance.Next(30) : 1_000), toFirst: true);
        }
    }

    private SimReplica<WatchedAccounts> AnyUp()
    {
        SimReplica<WatchedAccounts>[] up = [.. _nodes.Where(node => node.IsUp)];
        return up[_chance.Next(up.Length)];
    }

    /// <summary>Somebody does what he may, or what he may not; whoever is refused finds that in the answer.</summary>
    private async Task GovernAsync(SimPerson by)
    {
        var target = _people[1 + _chance.Next(_people.Count - 1)].Id.ToString();
        GovernAct act = _chance.Next(6) switch
        {
            0 => new GovernAct.Suspend(target, "noise"),
            1 => new GovernAct.Resume(target),
            2 => new GovernAct.DefineRole("dj", [_chance.Chance(1, 2) ? "index.read" : "index.file"]),
            3 => new GovernAct.SetRegistration(_chance.Chance(1, 2) ? "open" : "invited"),
            _ => new GovernAct.SetRoles(target, [.. RoleSets[_chance.Next(RoleSets.Length)].Split(' ', StringSplitOptions.RemoveEmptyEntries)]),
        };
        var command = Governing(by, act);
        for (var tries = 0; tries < 5; tries++)
        {
            var answer = await AnyUp().Group.SubmitAsync(command);
            if (answer.Succeeded)
            {
                _writer.WriteLine($"{by.Name} {act.GetType().Name}: {answer.Value.Index}");
                return;
            }
        }
    }

    private async Task LieAsync(SimReplica<WatchedAccounts> node)
    {
        if (_liar.Invent() is not var (lie, command))
        {
            return;
        }

        var answer = await node.Group.SubmitAsync(command);
        // What was withheld may be handed in later, once: whether it was only once, the witness sees.
        if (lie != Lie.Again && answer is { Succeeded: true, Value: { Result: { Succeeded: true } result } reply })
        {
            var isRefused = command.Type == nameof(Govern) && Governed.Parser.ParseFrom(result.Value.Span) is { Changed: false };
            Assert.True(isRefused || (command.Type == nameof(Begin) && !Done.Parser.ParseFrom(result.Value.Span).Changed),
                $"the lie {lie} was carried out at {reply.Index}");
        }

        _writer.WriteLine($"{lie}: {(answer.Succeeded ? answer.Value.Index : 0)}");
    }

    private void CrashOrStart(SimReplica<WatchedAccounts> node)
    {
        if (!node.IsUp)
        {
            Start(node);
        }
        else if (_nodes.Count(other => other.IsUp) > 1)
        {
            Crashes++;
            _network.Remove(node.Id);
            node.Crash();
            if (_chance.Chance(2, 3))
            {
                Start(node);
            }
        }
    }

    private void CutOrHeal(SimReplica<WatchedAccounts> node)
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

    /// <summary>Nodes become voters; and the root moves, mostly to the one that lies.</summary>
    private void Change()
    {
        if (Root is not { Group.Status.Members: { } members } root)
        {
            return;
        }

        var node = _nodes[_chance.Chance(1, 2) ? _lying : _chance.Next(_nodes.Count)];
        if (members.IsVoter(node.Id))
        {
            Watch(root.Group.TransferAsync(node.Id));
        }
        else
        {
            Watch(root.Group.ChangeMembersAsync(members.IsLearner(node.Id) ? members.WithVoter(node.Id) : members.WithLearner(node.Id)));
        }
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

        for (var round = 0; round < 50_000; round++)
        {
            if (round % 100 == 0)
            {
                if (HasSettled())
                {
                    return;
                }

                Change();

                // A group that was quiet when its root went does not look for another one until somebody asks.
                Watch(AnyUp().Group.ReadAsync(Rights.Of));
            }

            Go();
            Drain();
        }

        Assert.Fail($"it does not settle\n{string.Join('\n', _nodes.Select(node => $"{node.Number}: {node.Group.Status}"))}");
    }

    private bool HasSettled() => Root is { } root && root.Group.Status is { Failure: null } last && last.Applied == root.Disk.LastIndex
        && last.Members!.Voters.Count == _nodes.Count
        && _nodes.TrueForAll(node => node.Group.Status is { Failure: null } status && status.Applied == last.Applied && status.Root == root.Id);
}
