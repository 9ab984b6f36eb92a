using Cete.Consensus;
using Cete.Core;
using Cete.Simulation.World;

namespace Cete.Simulation.Consensus;

/// <summary>A member: drives the machine as the product does, with a disk that is slow and forgets, and a store to apply to.</summary>
internal sealed partial class RaftProcess : ISimProcess
{
    private readonly RaftCluster _cluster;
    private readonly RaftDisk _disk;
    private RaftImage _log = new();
    private MachineDriver<ConsensusInput, ConsensusEffect> _driver = null!;
    private SimTimer? _timer;
    private Instant _timerDue;
    private int _life;
    private bool _isSyncing;
    private long _commit;

    public RaftProcess(SimHost host, RaftCluster cluster)
    {
        (Host, _cluster, _disk) = (host, cluster, cluster.Disks[host.Id]);
        Id = RaftCluster.IdOf(host.Id);
    }

    public SimHost Host { get; }

    public KeyId Id { get; }

    public RaftMachine Machine { get; private set; } = null!;

    public RaftStore Store { get; private set; } = null!;

    /// <summary>A write failed, and what the disk holds has not been read yet.</summary>
    public bool IsDown { get; private set; }

    public void Start()
    {
        _disk.Lose(Host.Random);
        _cluster.Copies?.Begin(Host, _disk);
        Store = _disk.Snapshot?.Store.Clone() ?? new RaftStore(_cluster.FirstOf(Host.Id));
        Boot();
    }

    public void OnDatagram(int from, in SimMessage message)
    {
        if (IsDown)
        {
            return;
        }

        switch (message.Content)
        {
            case RaftMessage raft:
                Give(new ConsensusInput.Received(RaftCluster.IdOf(from), raft));
                break;
            case StoreMessage.Request request:
                Ask(from, request);
                break;
            case StoreMessage.SnapshotRequest request:
                ServeSnapshot(from, request);
                break;
            case StoreMessage.SnapshotPart part:
                TakePart(from, part);
                break;
        }
    }

    public void Give(ConsensusInput input)
    {
        _driver.Step(input);
        if (!IsDown)
        {
            Arm();
        }
    }

    /// <summary>Begins with what the disk holds; the store is there already.</summary>
    private void Boot()
    {
        // A snapshot is kept before the log is told: where they do not fit, the log is the older one.
        if (_disk.Durable.Last < Store.Applied || _disk.Durable.TermAt(Store.Applied) is not { } term || term != Store.AppliedTerm)
        {
            _disk.Durable.Reset(Store.Applied, Store.AppliedTerm);
        }

        var (isVouched, forgotten) = (_life > 0 ? Machine.IsVouched : _cluster.Copies is null, _life > 0 ? Machine.Forgotten : null);
        _life++;
        (IsDown, _isSyncing, _commit) = (false, false, Store.Applied);
        _log = _disk.Durable.Clone();
        ForgetClients();
        Machine = new RaftMachine(Id, _cluster.Options.Settings, Host.Random.NextBits(), _cluster.Options.Rules);
        _driver = new MachineDriver<ConsensusInput, ConsensusEffect>(Machine, () => Host.Clock.Monotonic, CarryOut);
        var later = _log.Entries.Where(entry => entry.Index > Store.Applied && entry.Members is not null).ToList();
        if (_cluster.Options.RumourMilliseconds > 0)
        {
            Rumour();
        }

        Give(new ConsensusInput.Start(_log.Term, _log.VotedFor, _log.Extent(Store.Applied), Store.Applied, Store.Members, later)
        {
            IsVouched = isVouched,
        });
        if (forgotten is { } index)
        {
            Give(new ConsensusInput.Remembered(Machine.Term, index, true));
        }

        if (_cluster.Copies is { } copies)
        {
            SayHowFar(copies);
            MeetOthers(copies, copies.ClaimOf(Host.Id));
        }
    }

    private void SayHowFar(RaftCopies copies) => After(Span(100_000, 500_000), () =>
    {
        copies.Note(this, _disk);
        SayHowFar(copies);
    });

    /// <summary>Whoever else runs tells this member what it had said before; it may take long to meet somebody.</summary>
    private void MeetOthers(RaftCopies copies, RaftClaim? before) => After(Host.Random.Chance(1, 2) ? Span(20_000, 200_000) : Span(200_000, 5_000_000), () =>
    {
        if (!_cluster.Running.Any(other => other != this))
        {
            MeetOthers(copies, before);
            return;
        }

        Host.Trace($"others remember {before}");
        if (before is { } claim)
        {
            Give(new ConsensusInput.Remembered(claim.Term, claim.Index, claim.HasForgotten));
            copies.Note(this, _disk);
        }

        Give(ConsensusInput.Vouched.Instance);
    });

    private void Arm()
    {
        if (Machine.NextDeadline is { } due && (_timer is not { IsPending: true } || due < _timerDue))
        {
            _timer?.Cancel();
            _timerDue = due;
            _timer = After(due - Host.Clock.Monotonic, () => Give(ConsensusInput.Tick.Instance));
        }
    }

    /// <summary>Again and again somebody is said to be gone: mostly the leader, and mostly it is not true.</summary>
    private void Rumour()
    {
        After(Span(0, _cluster.Options.RumourMilliseconds * 1_000), () =>
        {
            var anybody = RaftCluster.IdOf(Host.Random.Next(_cluster.Servers.Count));
            Give(new ConsensusInput.PeerGone(Host.Random.Chance(1, 4) ? anybody : Machine.Leader ?? anybody));
            Rumour();
        });
    }

    /// <summary>Calls back unless the process or its machine is another one by then.</summary>
    private SimTimer After(TimeSpan span, Action action)
    {
        var life = _life;
        return Host.After(span, () =>
        {
            if (life == _life && !IsDown)
            {
                action();
            }
        });
    }

    private TimeSpan Span(int leastMicroseconds, int mostMicroseconds) =>
        TimeSpan.FromMicroseconds(leastMicroseconds + Host.Random.Next(mostMicroseconds - leastMicroseconds + 1));

    private void CarryOut(ConsensusEffect effect)
    {
        switch (effect)
        {
            case ConsensusEffect.PersistState state:
                Write(state.Write, state);
                break;
            case ConsensusEffect.Append append:
                _cluster.Witness.Appended(append.Entries, _log.TermAt(append.Entries[0].Index - 1)!.Value);
                Write(append.Write, append);
                break;
            case ConsensusEffect.ResetLog reset:
                Write(reset.Write, reset);
                break;
            case ConsensusEffect.Send send:
                _cluster.Sent++;
                Host.Send(_cluster.NumberOf(send.To), RaftWire.Pack(send.Message));
                break;
            case ConsensusEffect.Commit commit:
                _commit = commit.Index;
                Apply(Host.Random.Chance(1, 4));
                break;
            case ConsensusEffect.RoleChanged:
                Host.Trace($"{Machine.Role} of term {Machine.Term}, log to {Machine.LastIndex}{(Machine.IsVouched ? string.Empty : $", not vouched for, lacks {Machine.Forgotten}")}");
                if (Machine.Role == RaftRole.Leader)
                {
                    _cluster.Witness.Led(Host.Id, (Host.Incarnation * 1_000) + _life, Machine.Term, _log);
                }

                break;
            case ConsensusEffect.Load load:
                After(Span(100, 20_000), () => Give(new ConsensusInput.Loaded(load.For, Read(load.From, load.To))));
                break;
            case ConsensusEffect.FetchSnapshot fetch:
                Fetch(_cluster.NumberOf(fetch.From), fetch.Index);
                break;
            case ConsensusEffect.Misbehaved misbehaved:
                Check.Fail($"h{Host.Id} says that h{_cluster.NumberOf(misbehaved.Who)} misbehaved: {misbehaved.What}");
                break;
            default:
                CarryOutRead(effect);
                break;
        }
    }

    private List<ConsensusEntry> Read(long from, long to)
    {
        var count = 1 + Host.Random.Next(20);
        return from <= _log.Base || from > _log.Last
            ? []
            : _log.Entries.GetRange((int)(from - _log.Base - 1), (int)Math.Min(count, Math.Min(to, _log.Last) - from + 1));
    }

    private void Write(long number, ConsensusEffect effect)
    {
        _log.Write(effect);
        _disk.Write(number, effect);
        Sync();
    }

    /// <summary>One sync after the other, each of all that waits when it begins.</summary>
    private void Sync()
    {
        if (_isSyncing || _disk.Waiting == 0)
        {
            return;
        }

        _isSyncing = true;
        var count = _disk.Waiting;
        var isSlow = Host.Random.Chance(_cluster.Options.SlowSyncPercent, 100);
        After(isSlow ? Span(50_000, 1_000_000) : Span(100, 8_000), () =>
        {
            _isSyncing = false;
            if (Host.Disk.IsFull)
            {
                Fail();
                return;
            }

            Give(new ConsensusInput.Persisted(_disk.Sync(count)));
            Sync();
        });
    }

    /// <summary>A write failed: the machine ends, and another begins with what is durable. The store lives on.</summary>
    private void Fail()
    {
        Host.Trace($"a write failed");
        IsDown = true;
        Host.After(Span(50_000, 500_000), () =>
        {
            _disk.Lose(Host.Random);
            Boot();
        });
    }
}
