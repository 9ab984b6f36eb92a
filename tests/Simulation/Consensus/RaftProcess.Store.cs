using Cete.Consensus;
using Cete.Core;
using Cete.Simulation.World;

namespace Cete.Simulation.Consensus;

/// <content>The store: applying, answering clients, snapshots.</content>
internal sealed partial class RaftProcess
{
    private const int SnapshotTriesMost = 4;
    private readonly HashSet<(int Client, long Sequence)> _asked = [];
    private readonly List<(int Client, StoreMessage.Request Request)> _batch = [];
    private readonly Dictionary<long, (int Client, StoreMessage.Request Request)> _reads = [];
    private readonly List<(long Index, int Client, StoreMessage.Request Request)> _ready = [];
    private long _token;
    private bool _isApplying;
    private bool _isSnapshotting;
    private (int From, long AtLeast, long Index, int Part, int Tries)? _fetch;
    private SimTimer? _fetchTimer;

    private void ForgetClients()
    {
        _asked.Clear();
        _batch.Clear();
        _reads.Clear();
        _ready.Clear();
        (_isApplying, _isSnapshotting, _fetch) = (false, false, null);
    }

    private void Ask(int client, StoreMessage.Request request)
    {
        if (!Machine.TakesProposals)
        {
            Redirect(client, request);
        }
        else if (request.Command is null)
        {
            _reads.Add(++_token, (client, request));
            Give(new ConsensusInput.Read(_token));
        }
        else
        {
            _batch.Add((client, request));
            if (_batch.Count == 1)
            {
                After(Span(0, 3_000), ProposeBatch);
            }
        }
    }

    private void ProposeBatch()
    {
        var batch = _batch.ToArray();
        _batch.Clear();
        if (!Machine.TakesProposals)
        {
            Array.ForEach(batch, asked => Redirect(asked.Client, asked.Request));
            return;
        }

        _asked.UnionWith(batch.Select(asked => (asked.Client, asked.Request.Sequence)));
        Give(new ConsensusInput.Propose([.. batch.Select(asked => (ReadOnlyMemory<byte>)asked.Request.Command!.Value.ToBytes())]));
    }

    private void Redirect(int client, StoreMessage.Request request)
    {
        var leader = Machine.Leader is { } id && id != Id ? _cluster.NumberOf(id) : -1;
        Host.Send(client, RaftWire.Pack(new StoreMessage.Redirect(request.Sequence, leader)));
    }

    private void CarryOutRead(ConsensusEffect effect)
    {
        if (effect is ConsensusEffect.ReadReady ready && _reads.Remove(ready.Token, out var asked))
        {
            _ready.Add((ready.Index, asked.Client, asked.Request));
            AnswerReads();
        }
        else if (effect is ConsensusEffect.ReadFailed failed && _reads.Remove(failed.Token, out asked))
        {
            Redirect(asked.Client, asked.Request);
        }
    }

    private void AnswerReads()
    {
        foreach (var (_, client, request) in _ready.Where(read => read.Index <= Store.Applied))
        {
            Host.Send(client, RaftWire.Pack(new StoreMessage.Told(request.Sequence, Store.Read(request.Key))));
        }

        _ready.RemoveAll(read => read.Index <= Store.Applied);
    }

    private void Apply(bool isLate)
    {
        if (_isApplying)
        {
            return;
        }

        if (isLate)
        {
            _isApplying = true;
            After(Span(0, 30_000), () =>
            {
                _isApplying = false;
                Apply(isLate: false);
            });
            return;
        }

        while (Store.Applied < _commit)
        {
            var entry = _log.At(Store.Applied + 1);
            var recent = Machine.Recent(entry.Index, 1);
            Check.That(recent.Count == 0 || RaftWire.DigestOf(recent[0]) == RaftWire.DigestOf(entry), "memory and disk differ");
            var reply = Store.Apply(entry);
            _cluster.Witness.Applied(Host.Id, entry, Machine.Term, Store);
            if (reply is { } written && _asked.Remove((written.Client, written.Sequence)))
            {
                Host.Send(written.Client, RaftWire.Pack(new StoreMessage.Written(written)));
            }
        }

        AnswerReads();
        SnapshotSoon();
    }

    private void SnapshotSoon()
    {
        var every = _cluster.Options.SnapshotEvery;
        if (every == 0 || _isSnapshotting || Store.Applied < (_disk.Snapshot?.Index ?? 0) + every)
        {
            return;
        }

        _isSnapshotting = true;
        var snapshot = new RaftSnapshot(Store.Clone());
        After(Span(1_000, 300_000), () =>
        {
            _isSnapshotting = false;
            Keep(snapshot);
        });
    }

    private void Keep(RaftSnapshot snapshot)
    {
        if (snapshot.Index > (_disk.Snapshot?.Index ?? 0))
        {
            _disk.Keep(snapshot);
            var index = snapshot.Index - Host.Random.Next(_cluster.Options.SnapshotEvery);
            _disk.Durable.Compact(index);
            _log.Compact(index);
            Give(new ConsensusInput.Compacted(index));
        }
    }

    private void ServeSnapshot(int to, StoreMessage.SnapshotRequest request)
    {
        if ((_disk.Snapshot?.Index ?? 0) < request.AtLeast && Store.Applied >= request.AtLeast)
        {
            Keep(new RaftSnapshot(Store.Clone()));
        }

        if (_disk.Snapshot is { } snapshot && snapshot.Index >= request.AtLeast)
        {
            // Another one than it began with has to be fetched from its first part.
            var part = request.Index == snapshot.Index ? request.Part : 0;
            Host.Send(to, RaftWire.Pack(new StoreMessage.SnapshotPart(snapshot, part, 1 + (int)(snapshot.Index % 5))));
        }
    }

    private void Fetch(int from, long atLeast)
    {
        if (_fetch is null)
        {
            _fetch = (from, atLeast, 0, 0, 0);
            FetchPart();
        }
    }

    private void FetchPart()
    {
        _fetchTimer?.Cancel();
        if (_fetch is not { } fetch || fetch.Tries == SnapshotTriesMost)
        {
            _fetch = null;
            return;
        }

        _fetch = fetch with { Tries = fetch.Tries + 1 };
        Host.Send(fetch.From, RaftWire.Pack(new StoreMessage.SnapshotRequest(fetch.AtLeast, fetch.Index, fetch.Part)));
        _fetchTimer = After(Span(200_000, 600_000), FetchPart);
    }

    private void TakePart(int from, StoreMessage.SnapshotPart part)
    {
        if (_fetch is not { } fetch || fetch.From != from || (part.Part != 0 && (part.Part != fetch.Part || part.Snapshot.Index != fetch.Index))
            || (part.Part == 0 && fetch.Index == part.Snapshot.Index))
        {
            return;
        }

        if (part.Part + 1 < part.Parts)
        {
            _fetch = fetch with { Index = part.Snapshot.Index, Part = part.Part + 1, Tries = 0 };
            FetchPart();
            return;
        }

        _fetchTimer?.Cancel();
        After(Span(1_000, 200_000), () => Install(part.Snapshot));
    }

    private void Install(RaftSnapshot snapshot)
    {
        _fetch = null;
        if (Store.Applied < snapshot.Index && (_disk.Snapshot?.Index ?? 0) < snapshot.Index)
        {
            _disk.Keep(snapshot);
            Store = snapshot.Store.Clone();
            _cluster.Witness.CheckState(Host.Id, Store);
            _cluster.Witness.Snapshots++;
            _commit = Math.Max(_commit, snapshot.Index);
            Give(new ConsensusInput.SnapshotInstalled(snapshot.Index, snapshot.Term, snapshot.Members));
            AnswerReads();
        }
    }
}
