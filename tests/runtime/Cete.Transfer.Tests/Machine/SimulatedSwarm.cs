using Cete.Core;
using Cete.Swarm;
using Cete.Swarm.Download;

namespace Cete.Transfer.Tests.Machine;

/// <summary>How a simulated source behaves.</summary>
internal enum Manner
{
    /// <summary>Gives everything, for good.</summary>
    Honest,

    /// <summary>Gives everything, now and then breaking off.</summary>
    Breaking,

    /// <summary>Gives bad bytes sooner or later.</summary>
    Lying,

    /// <summary>Does not have it.</summary>
    Empty,

    /// <summary>Gives some pieces and is gone then.</summary>
    Leaving,
}

/// <summary>Runs one download machine against simulated sources, with time of its own, and checks what always holds.</summary>
internal sealed class SimulatedSwarm
{
    private readonly PriorityQueue<Action, (long At, int Order)> _agenda = new();
    private readonly EffectSink<DownloadEffect> _sink = new();
    private readonly Dictionary<int, Manner> _manners = [];
    private readonly Dictionary<int, SimRun> _runs = [];
    private readonly HashSet<int> _dropped = [];
    private readonly HashSet<int> _gone = [];
    private readonly Prng _chance;
    private readonly DownloadMachine _machine;
    private readonly PieceMap _have;
    private Instant _now = new(0);
    private Instant _lastPiece = new(0);
    private int _order;

    public SimulatedSwarm(ulong seed, PieceMap have, TimeSpan patience)
    {
        _chance = new Prng(seed);
        _have = have;
        _machine = new DownloadMachine(have.Copy(), patience);
    }

    public DownloadEnd? End { get; private set; }

    public Instant EndedAt { get; private set; }

    public Instant LastPiece => _lastPiece;

    /// <summary>Pieces that came although they were there already.</summary>
    public int Wasted { get; private set; }

    public int Taken { get; private set; }

    public void Add(int source, Manner manner, TimeSpan after)
    {
        _manners.Add(source, manner);
        At(after, () => Step(new DownloadInput.SourceFound(source)));
    }

    public void Run()
    {
        for (var steps = 0; _agenda.TryDequeue(out var action, out var when) && End is null; steps++)
        {
            Assert.True(steps < 200_000, "it never ends");
            _now = new Instant(when.At);
            action();
        }

        Assert.NotNull(End);
    }

    private void At(TimeSpan after, Action action) => _agenda.Enqueue(action, ((_now + after).Microseconds, _order++));

    private void Step(DownloadInput input)
    {
        if (End is not null)
        {
            return;
        }

        _machine.Step(input, _now, _sink);
        var effects = _sink.Effects.ToArray();
        _sink.Clear();
        foreach (var effect in effects)
        {
            Carry(effect);
        }

        if (End is null)
        {
            CheckNobodyIsAskedTwice();
        }
    }

    private void Carry(DownloadEffect effect)
    {
        Assert.Null(End);
        switch (effect)
        {
            case DownloadEffect.StartRun start:
                Assert.DoesNotContain(start.Source, _dropped);
                Assert.DoesNotContain(_runs.Values, run => run.Source == start.Source);
                Assert.True(start.FirstPiece < start.EndPiece);
                Assert.Contains(Enumerable.Range(start.FirstPiece, start.EndPiece - start.FirstPiece), piece => !_have[piece]);
                _runs.Add(start.Run, new SimRun(start.Source, start.FirstPiece, start.EndPiece));
                Next(start.Run);
                break;
            case DownloadEffect.ShortenRun shorten:
                Assert.True(shorten.EndPiece < _runs[shorten.Run].End && shorten.EndPiece > _runs[shorten.Run].Next);
                _runs[shorten.Run].End = shorten.EndPiece;
                break;
            case DownloadEffect.DropSource drop:
                Assert.True(_dropped.Add(drop.Source));
                break;
            case DownloadEffect.WakeAt wake:
                Assert.True(wake.At >= _now && wake.At <= _now + DownloadMachine.BackoffMax, $"a wait of {wake.At - _now}");
                At(wake.At - _now, () => Step(new DownloadInput.Tick()));
                break;
            case DownloadEffect.Finish finish:
                (End, EndedAt) = (finish.End, _now);
                break;
        }
    }

    /// <summary>What the runs have still to bring does not overlap: stealing shortens the victim in the same step.</summary>
    private void CheckNobodyIsAskedTwice()
    {
        var asked = new HashSet<int>();
        foreach (var run in _runs.Values)
        {
            for (var piece = run.Next; piece < run.End; piece++)
            {
                Assert.True(asked.Add(piece), $"piece {piece} is asked of two");
            }
        }
    }

    /// <summary>What a source does next with its run.</summary>
    private void Next(int number)
    {
        var run = _runs[number];
        var pause = TimeSpan.FromMilliseconds(1 + _chance.Next(run.Source % 3 == 0 ? 2_000 : 50));
        At(pause, () =>
        {
            var manner = _manners[run.Source];
            var bad = manner switch
            {
                Manner.Empty => RunOutcome.Refused,
                Manner.Lying when _chance.Chance(1, 5) => RunOutcome.Damaged,
                Manner.Breaking when _chance.Chance(1, 4) => RunOutcome.Broken,
                Manner.Leaving when _chance.Chance(1, 6) => RunOutcome.Broken,
                _ => RunOutcome.Completed,
            };
            if (manner == Manner.Leaving && bad == RunOutcome.Broken)
            {
                _gone.Add(run.Source);
            }

            if (bad != RunOutcome.Completed || _gone.Contains(run.Source))
            {
                _runs.Remove(number);
                Step(new DownloadInput.RunEnded(number, bad == RunOutcome.Completed ? RunOutcome.Broken : bad));
            }
            else
            {
                Bring(number, run);
            }
        });
    }

    private void Bring(int number, SimRun run)
    {
        if (run.Next < run.End)
        {
            var piece = run.Next++;
            _lastPiece = _now;
            Taken++;
            Wasted += _have.Set(piece) ? 0 : 1;
            Step(new DownloadInput.PieceTaken(number, piece));
        }

        if (run.Next >= run.End)
        {
            _runs.Remove(number);
            Step(new DownloadInput.RunEnded(number, RunOutcome.Completed));
        }
        else if (End is null)
        {
            Next(number);
        }
    }

    private sealed class SimRun(int source, int first, int end)
    {
        public int Source { get; } = source;

        public int Next { get; set; } = first;

        public int End { get; set; } = end;
    }
}
