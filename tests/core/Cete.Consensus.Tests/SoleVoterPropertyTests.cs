using Cete.Core;

namespace Cete.Consensus.Tests;

/// <summary>A voter, its disk and its crashes, drawn from a seed; what Raft promises is checked after every step.</summary>
public sealed class SoleVoterPropertyTests
{
    private const int Seeds = 2_000;

    [Fact]
    public void Commits_only_what_is_durable_without_gaps_in_rising_terms()
    {
        for (var seed = 1UL; seed <= Seeds; seed++)
        {
            try
            {
                new Run(new Prng(seed)).Go();
            }
            catch (Exception error)
            {
                Assert.Fail($"seed {seed}: {error}");
            }
        }
    }

    private sealed class Run(Prng chance)
    {
        private readonly EffectSink<ConsensusEffect> _sink = new();
        private readonly List<ConsensusEntry> _disk = [];
        private readonly List<ConsensusEntry> _cache = [];
        private readonly List<ConsensusEntry> _committed = [];
        private SoleVoter _voter = new();
        private long _term;
        private long? _cachedTerm;
        private long _commitIndex;
        private bool _isRoot;
        private byte _next;

        public void Go()
        {
            Start();
            for (var step = 0; step < 60; step++)
            {
                switch (chance.Next(10))
                {
                    case < 4:
                        Propose();
                        break;
                    case < 7:
                        Sync();
                        break;
                    case 7:
                        Fail();
                        break;
                    case 8:
                        Step(new ConsensusInput.Persisted(_disk.Count == 0 ? 0 : 1 + chance.Next((long)_disk.Count)));
                        break;
                    default:
                        Crash();
                        break;
                }
            }
        }

        private void Start()
        {
            (_commitIndex, _isRoot) = (0, false);
            var before = _term;
            Step(new ConsensusInput.Start("a", _term, "b", _disk.Count, _disk.Count == 0 ? 0 : _disk[^1].Term));
            Assert.True(_cachedTerm > before, "the term rises at each start");
        }

        private void Propose()
        {
            Step(new ConsensusInput.Propose([.. Enumerable.Range(0, 1 + chance.Next(3)).Select(_ => (ReadOnlyMemory<byte>)new[] { _next++ })]));
        }

        private void Sync()
        {
            _term = _cachedTerm ?? _term;
            _cachedTerm = null;
            _disk.AddRange(_cache);
            _cache.Clear();
            Step(new ConsensusInput.Persisted(_disk.Count));
        }

        private void Fail()
        {
            if (_cache.Count > 0)
            {
                var from = _cache[0].Index;
                _cache.Clear();
                _cachedTerm = null;
                Step(new ConsensusInput.PersistFailed(from));
            }
        }

        private void Crash()
        {
            // The write may have reached the disk without anybody having learned of it.
            if (chance.Chance(1, 2))
            {
                _term = _cachedTerm ?? _term;
                _disk.AddRange(_cache);
            }

            _cachedTerm = null;
            _cache.Clear();
            _voter = new SoleVoter();
            Start();
        }

        private void Step(ConsensusInput input)
        {
            _voter.Step(input, default, _sink);
            foreach (var effect in _sink.Effects)
            {
                Take(effect);
            }

            _sink.Clear();
        }

        private void Take(ConsensusEffect effect)
        {
            switch (effect)
            {
                case ConsensusEffect.PersistState state:
                    Assert.Equal("a", state.VotedFor);
                    _cachedTerm = state.Term;
                    break;
                case ConsensusEffect.Append append:
                    foreach (var entry in append.Entries)
                    {
                        Assert.Equal(_disk.Count + _cache.Count + 1, entry.Index);
                        Assert.Equal(_cachedTerm ?? _term, entry.Term);
                        _cache.Add(entry);
                    }

                    break;
                case ConsensusEffect.Commit commit:
                    Commit(commit.Index);
                    break;
                case ConsensusEffect.BecameRoot root:
                    Assert.False(_isRoot, "there is one root a term");
                    Assert.Equal(_term, root.Term);
                    Assert.Null(_cachedTerm);
                    _isRoot = true;
                    break;
            }
        }

        private void Commit(long index)
        {
            Assert.InRange(index, _commitIndex + 1, _disk.Count);
            Assert.Equal(_term, _disk[(int)index - 1].Term);
            _commitIndex = index;
            for (var i = 0; i < index; i++)
            {
                if (i < _committed.Count)
                {
                    Assert.Equal(_committed[i], _disk[i]);
                }
                else
                {
                    _committed.Add(_disk[i]);
                }
            }
        }
    }
}
