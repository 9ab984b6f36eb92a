using System.Security.Cryptography;
using Cete.Actors;
using Cete.Bank;
using Cete.Core;
using Cete.Groups;
using Cete.Groups.Tests.Simulated;
using Cete.Groups.Tests.Support;
using Cete.Ledger;
using Cete.Simulation.Accounts;
using Microsoft.Data.Sqlite;

namespace Cete.Simulation.Bank;

/// <summary>
/// The bank of a community as a group of three on one thread, with payers and providers of whom some cheat: machines, actors, codecs and lanes are those
/// of the product, disks, network and people the seed's. Nodes crash, disks fill, links are cut, clocks leap, the root moves, and one node lies.
/// </summary>
internal sealed partial class BankCluster : IDisposable
{
    private const int Steps = 2_000;
    private const int NodeCount = 3;
    private static readonly GroupId Name = GroupId.Of("bank");

    private readonly Prng _chance;
    private readonly LedgerRules _rules;
    private readonly TextWriter _writer;
    private readonly SimTimeline _line = new();
    private readonly SimContext _context = new();
    private readonly SimNetwork _network;
    private readonly BankWitness _witness = new();
    private readonly BankClients _clients;
    private readonly List<SimReplica<WatchedBank>> _nodes = [];
    private readonly List<ECDsa> _keys = [];
    private readonly List<ActorFailure> _failures = [];
    private readonly List<SqliteConnection> _snapshots = [];
    private readonly BankLiar _liar;
    private readonly int _lying;
    private Exception? _wrong;
    private bool _isOver;
    private long _sequence;

    public BankCluster(Prng chance, LedgerRules rules, TextWriter writer)
    {
        (_chance, _rules, _writer) = (chance, rules, writer);
        _clients = new BankClients(chance.Split(), _witness, () => Instant.From(_nodes[0].Time.GetUtcNow()));
        _lying = chance.Next(NodeCount);
        _liar = new BankLiar(_clients.Mallory, _clients.Victim, chance.Split());
        var liarId = default(KeyId);
        _network = new SimNetwork(_line, chance.Split()) { Tamper = (to, body) => to == liarId && HasBegun && !_isOver ? _liar.Pass(body) : body };
        for (var i = 0; i < NodeCount; i++)
        {
            _keys.Add(SimPerson.NewKey(chance));
            _nodes.Add(new SimReplica<WatchedBank>(i, Name, new SimTime(_line), new SimStores(chance.Split()) { Snapshots = _snapshots }));
        }

        liarId = _nodes[_lying].Id;
    }

    public int Crashes { get; private set; }

    public long Operations => _witness.Operations;

    public long Entries => _witness.Entries;

    public IReadOnlyDictionary<BankLie, int> Told => _liar.Told;

    public IReadOnlyDictionary<Cheat, int> Cheated => _clients.Cheated;

    public BankWitness Witness => _witness;

    /// <summary>How often the root moved to another node.</summary>
    public int Moves { get; private set; }

    private bool HasBegun { get; set; }

    private SimReplica<WatchedBank>? Root => _nodes.Where(node => node.IsUp && node.Group.Status.IsRoot).MaxBy(node => node.Group.Status.Term);

    public void Run()
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_context);
        try
        {
            _nodes.ForEach(Start);
            Watch(BeginAsync());
            GoUntil(() => HasBegun, "nothing begins");
            for (var step = 0; step < Steps; step++)
            {
                Step();
            }

            Settle();
            Finish();
            var dumps = _nodes.Select(node => StoreDump.Of(node.Sql)).ToArray();
            Assert.All(dumps, dump => Assert.Equal(dumps[0], dump));
            var told = string.Join(", ", Told.Select(lie => $"{lie.Key} {lie.Value}"));
            _writer.WriteLine(FormattableString.Invariant(
                $"{Crashes} crashes, {Moves} moves of the root, {Operations} operations, {Entries} entries, {_clients.Downloads.Count} lanes; lies: {told}"));
            var kinds = string.Join(", ", _witness.Kinds.Select(kind => $"{kind.Key} {kind.Value}"));
            _writer.WriteLine(FormattableString.Invariant(
                $"policy {_witness.Policy?.Version ?? 1}, {_witness.Releases} releases, {_witness.Delegated} by delegates, {HeadCount()} heads; {kinds}"));
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    public void Dispose()
    {
        _nodes.ForEach(node => node.Stores.Dispose());
        _clients.Dispose();
        _keys.ForEach(key => key.Dispose());
    }

    private void Start(SimReplica<WatchedBank> node)
    {
        node.Start(new WatchedBank(_witness, _rules), _chance, _failures);
        node.Groups.Attach(_network.Add(node.Id, node.Groups, Name.Name));
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
        foreach (var command in _clients.Beginning())
        {
            await CarryAsync(command);
        }

        HasBegun = true;
    }

    private async Task CarryAsync(ClientCommand command, bool mayBeRefused = false)
    {
        command = command with { Id = new RequestId("clients", ++_sequence) };
        while (true)
        {
            var answer = await _nodes[0].Group.SubmitAsync(command);
            if (answer.Succeeded)
            {
                Assert.True(mayBeRefused || answer.Value.Result.Succeeded, $"{command.Type}: {answer.Value.Result.Failure}");
                return;
            }
        }
    }

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
            case < 85:
                node.Time.SetWall(TimeSpan.FromSeconds(_chance.Next(20) - 10));
                break;
            case < 170:
                Change();
                break;
            case < 185 when node.IsUp:
                node.Stores.Sample();
                break;
            case < 200 when node.IsUp:
                Watch(HeadAsync(node));
                break;
            case < 1_200:
                Watch(AskAsync());
                break;
            case < 1_500 when _nodes[_lying].IsUp:
                Watch(LieAsync(_nodes[_lying]));
                break;
            case < 3_300:
                _clients.Exchange();
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
        Assert.True(_witness.Wrong is null, _witness.Wrong);
        Assert.Empty(_failures);
        Assert.Null(_wrong);
    }

    private void Go()
    {
        SimReplica<WatchedBank>[] ready = [.. _nodes.Where(node => node.IsUp && node.Dispatcher.ReadyCount > 0)];
        if (ready.Length > 0 && !_chance.Chance(1, 40))
        {
            ready[_chance.Next(ready.Length)].Dispatcher.Step();
        }
        else
        {
            _line.Advance(TimeSpan.FromMilliseconds(ready.Length > 0 ? _chance.Next(30) : 1_000), toFirst: true);
        }
    }

    private void GoUntil(Func<bool> isSo, string otherwise)
    {
        for (var step = 0; step < 200_000 && !isSo(); step++)
        {
            Go();
            Drain();
        }

        Assert.True(isSo(), otherwise);
    }

    private SimReplica<WatchedBank> AnyUp()
    {
        SimReplica<WatchedBank>[] up = [.. _nodes.Where(node => node.IsUp)];
        return up[_chance.Next(up.Length)];
    }

    /// <summary>Somebody wants something of the bank, and asks again while no answer comes.</summary>
    private async Task AskAsync()
    {
        var (what, command, done) = _clients.Next();
        command = command with { Id = new RequestId("clients", ++_sequence) };
        for (var tries = 0; tries < 5; tries++)
        {
            var answer = await AnyUp().Group.SubmitAsync(command);
            if (answer.Succeeded)
            {
                _writer.WriteLine($"{what}: {answer.Value.Index} {answer.Value.Result.Failure?.Kind.ToString() ?? "done"}");
                if (answer.Value.Result.Succeeded)
                {
                    done();
                }

                return;
            }
        }
    }

    private async Task LieAsync(SimReplica<WatchedBank> node)
    {
        if (_liar.Invent() is var (lie, command))
        {
            var answer = await node.Group.SubmitAsync(command);
            _writer.WriteLine($"{lie}: {(answer.Succeeded ? answer.Value.Index : 0)}");
        }
    }

    private void CrashOrStart(SimReplica<WatchedBank> node)
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

    private void CutOrHeal(SimReplica<WatchedBank> node)
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
            Moves += node == root ? 0 : 1;
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
            node.Time.ResetWall();
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
                Watch(AnyUp().Group.ReadAsync(sql => sql.Scalar<long>("SELECT count(*) FROM journal")));
            }

            Go();
            Drain();
        }

        Assert.Fail($"it does not settle\n{string.Join('\n', _nodes.Select(node => $"{node.Number}: {node.Group.Status}"))}");
    }

    /// <summary>Providers hand in their last vouchers; then hours go by, and every channel has to end.</summary>
    private void Finish()
    {
        _isOver = true;
        var isDone = false;
        Watch(FinishAsync());
        GoUntil(() => isDone, "what was promised is not redeemed");
        GoUntil(HasSettled, "it does not settle once more");
        var sql = _nodes[0].Sql;
        Assert.Equal(0, sql.Scalar<long>("SELECT count(*) FROM channels WHERE state < 2"));
        Assert.Equal(0, sql.Scalar<long>("SELECT coalesce(sum(balance), 0) FROM ledger_accounts WHERE kind IN (5, 6)"));
        Assert.Equal(0, sql.Scalar<long>("SELECT count(*) FROM due"));
        var loss = _clients.Losses(sql);
        Assert.True(loss is null, loss);
        Assert.Null(Testing.LedgerAudit.Wrong(sql));
        Assert.Equal(0, sql.Scalar<long>("SELECT coalesce(sum(balance), 0) FROM ledger_accounts WHERE kind = @p1", (long)LedgerAccountKind.Node));
        var decided = BankFacts.Read(sql)!.Policy;
        Assert.Equal(_witness.Policy?.ToPayload() ?? decided.ToPayload(), decided.ToPayload());
        JudgeHeads(sql);

        async Task FinishAsync()
        {
            foreach (var command in _clients.LastClaims().Concat(_clients.LastVouchers()))
            {
                await CarryAsync(command);
            }

            foreach (var command in _clients.OldClaims())
            {
                await CarryAsync(command, mayBeRefused: true);
            }

            for (var hours = 0; hours < 4; hours++)
            {
                _nodes.ForEach(node => node.Time.SetWall(TimeSpan.FromHours(2)));
                await CarryAsync(BankClients.Tick());
            }

            foreach (var command in _clients.LastClaims())
            {
                await CarryAsync(command);
            }

            isDone = true;
        }
    }

    private long HeadCount() => _nodes[0].Sql.Scalar<long>("SELECT count(*) FROM heads");

    private bool HasSettled() => Root is { } root && root.Group.Status is { Failure: null } last && last.Applied == root.Disk.LastIndex
        && last.Members!.Voters.Count == _nodes.Count
        && _nodes.TrueForAll(node => node.Group.Status is { Failure: null } status && status.Applied == last.Applied && status.Root == root.Id);
}
