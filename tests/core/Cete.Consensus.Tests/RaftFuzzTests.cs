using Cete.Core;

namespace Cete.Consensus.Tests;

/// <summary>Whatever members say, in whatever order, true or not: a machine never throws, and goes on.</summary>
public sealed class RaftFuzzTests
{
    private const ulong SeedsCount = 3_000;
    private static readonly KeyId[] Nodes = [.. "abcd".Select(RaftScript.IdOf)];

    [Fact]
    public void No_message_makes_a_machine_throw()
    {
        for (ulong seed = 0; seed < SeedsCount; seed++)
        {
            try
            {
                new Run(seed).Go();
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"seed {seed}: {error.Message}", error);
            }
        }
    }

    private sealed class Run
    {
        private readonly Prng _chance;
        private readonly RaftMachine _machine;
        private readonly EffectSink<ConsensusEffect> _effects = new();
        private Instant _now = new(0);
        private long _written;
        private readonly long _base;

        public Run(ulong seed)
        {
            _chance = new Prng(seed);
            _machine = new RaftMachine(Nodes[0], new RaftSettings(), seed);
            var members = new Members(Nodes.Take(1 + _chance.Next(3)), []);
            _base = _chance.Chance(1, 2) ? 0 : 5;
            var terms = _base == 0 ? new List<TermSpan> { new(1, 1), new(4, 2) } : [new(6, 2)];
            var log = new LogExtent(_base + 1, 8, 2, terms) { PreviousTerm = _base == 0 ? null : 2 };
            Step(new ConsensusInput.Start(3, null, log, _base, members, []) { IsVouched = _chance.Chance(1, 2) });
        }

        public void Go()
        {
            for (var step = 0; step < 60; step++)
            {
                _now += TimeSpan.FromMilliseconds(_chance.Next(400));
                Step(_chance.Next(10) switch
                {
                    0 => ConsensusInput.Tick.Instance,
                    1 => new ConsensusInput.Persisted(_written),
                    2 when _machine.TakesProposals => new ConsensusInput.Propose([new byte[3]]),
                    2 => new ConsensusInput.Read(step),
                    3 => new ConsensusInput.Compacted(Index()),
                    4 => new ConsensusInput.PeerGone(Nodes[_chance.Next(4)]),
                    5 when _chance.Chance(1, 3) => ConsensusInput.Vouched.Instance,
                    5 => new ConsensusInput.Remembered(Term(), Index(), _chance.Chance(1, 4)),
                    _ => new ConsensusInput.Received(Nodes[1 + _chance.Next(3)], Message()),
                });
                Assert.True(_machine.CommitIndex >= _base);
            }
        }

        private RaftMessage Message()
        {
            var term = Term();
            return _chance.Next(10) switch
            {
                0 => new RaftMessage.VoteRequest(term, Index(), Term(), _chance.Chance(1, 2), _chance.Chance(1, 3)),
                1 => new RaftMessage.VoteReply(term, _chance.Chance(2, 3), _chance.Chance(1, 2)),
                2 => new RaftMessage.Heartbeat(term, Index(), Index(), _chance.Chance(1, 2)),
                3 => new RaftMessage.AppendReply(term, Index(), Index(), Index()),
                4 => new RaftMessage.AppendRefusal(term, Index(), Index(), Index(), Term()),
                5 => new RaftMessage.SnapshotOffer(term, Index(), Index()),
                6 => new RaftMessage.TimeoutNow(term),
                7 => new RaftMessage.Rouse(term),
                8 => new RaftMessage.Forgotten(term, Index(), Term()),
                _ => Append(term),
            };
        }

        private RaftMessage.Append Append(long term)
        {
            var (previous, previousTerm) = (Index(), Term());
            var entries = new List<ConsensusEntry>();
            for (var (index, entryTerm) = (previous + 1, previousTerm); entries.Count < 6 && _chance.Chance(3, 4); index++)
            {
                entryTerm = _chance.Chance(1, 20) ? Term() : Math.Min(term, entryTerm + _chance.Next(2));
                entries.Add(new ConsensusEntry(_chance.Chance(1, 40) ? Index() : index, entryTerm, new byte[2], _chance.Chance(1, 8) ? Members() : null));
            }

            return new RaftMessage.Append(term, previous, previousTerm, Index(), Index(), entries);
        }

        private Members Members() => new(Nodes.Skip(_chance.Next(3)).Take(1 + _chance.Next(3)), []);

        private long Term() => _chance.Next(12) switch
        {
            0 => -1,
            1 => long.MaxValue - _chance.Next(3),
            2 => RaftMessage.TermMax,
            3 => 0,
            4 => _machine.Term + (1L << 32) + _chance.Next(3),
            _ => Math.Max(0, _machine.Term - 2 + _chance.Next(4)),
        };

        private long Index() => _chance.Next(14) switch
        {
            0 => -1 - _chance.Next(2),
            1 => long.MaxValue - _chance.Next(3),
            2 => RaftMessage.TermMax,
            _ => _chance.Next(12),
        };

        private void Step(ConsensusInput input)
        {
            _effects.Clear();
            _machine.Step(input, _now, _effects);
            foreach (var effect in _effects.Effects)
            {
                _written = effect switch
                {
                    ConsensusEffect.PersistState state => state.Write,
                    ConsensusEffect.Append append => append.Write,
                    ConsensusEffect.ResetLog reset => reset.Write,
                    _ => _written,
                };
                Assert.Null((effect as ConsensusEffect.Send)?.Message.Unsound());
            }
        }
    }
}
