using Cete.Actors;
using Cete.Consensus;
using Cete.Core;

namespace Cete.Groups;

/// <summary>Those who ask: commands on their way through the log, reads on their way to an index.</summary>
internal sealed partial class GroupActor
{
    /// <summary>Commands that wait for a root, or for others to go into the log with.</summary>
    private readonly Queue<GroupMessage> _waiting = new();
    private readonly Queue<GroupMessage.Submit> _proposals = new();
    private readonly SortedDictionary<long, (long Term, ReplyTo<RootAnswer<CommandReply>> Answer)> _answers = [];
    private readonly Dictionary<long, GroupMessage.ReadIndex> _reads = [];
    private readonly List<(long Index, ReplyTo<Outcome<long>> Answer)> _readsAt = [];
    private readonly List<(long Index, ReplyTo<RootAnswer<long>> Answer)> _rootReadsAt = [];
    private readonly List<(long Index, ReplyTo<long> Answer)> _waits = [];
    private Instant _lastStamp;
    private bool _isRoot;
    private bool _isProposing;
    private long _lastToken;
    private long _raiseIndex;

    private void Submit(GroupMessage.Submit submit)
    {
        if (RootElsewhere is { } root)
        {
            submit.Answer.Reply(RootAnswer<CommandReply>.Elsewhere(root));
        }
        else if (_failure is { } failure)
        {
            submit.Answer.Reply(RootAnswer<CommandReply>.Of(failure));
        }
        else if (_answers.Count + _waiting.Count + _proposals.Count >= Limits.ProposalsMax)
        {
            submit.Answer.Reply(RootAnswer<CommandReply>.Of(new Failure(FailureKind.Unavailable, $"group '{_group}' is overloaded; try again")));
        }
        else if (_machine?.TakesProposals == true)
        {
            _proposals.Enqueue(submit);
            _isProposing = _isProposing || Context.Self.Tell(GroupMessage.ProposeAll.Instance);
        }
        else
        {
            _waiting.Enqueue(submit);
        }
    }

    /// <summary>Another node, if it is known to lead; or one that can tell, where this replica is out of it.</summary>
    private KeyId? RootElsewhere => _machine is { Role: not RaftRole.Leader, Leader: { } leader } ? leader : IsOut ? OtherVoter() : null;

    /// <summary>Nobody tells this replica who leads: it was taken out, or its log takes nothing.</summary>
    private bool IsOut => !_broken && _members is { } members && members.Voters.Any(node => node != parts.Self)
        && (_machine is null ? _isLogFailing : !(_machine.Members ?? members).Contains(parts.Self));

    private Failure NotKnown => new(FailureKind.Unavailable, $"whether group '{_group}' carried the command out is not known; ask again with the same id");

    /// <summary>All commands that came meanwhile go to the log as one: a step, a write and a message each instead of many.</summary>
    private void ProposeAll()
    {
        _isProposing = false;
        while (_proposals.Count > 0)
        {
            if (_machine?.TakesProposals != true)
            {
                while (_proposals.TryDequeue(out var late))
                {
                    Submit(late);
                }

                return;
            }

            RaiseLevel();
            ProposeSome();
        }
    }

    private void ProposeSome()
    {
        List<ReadOnlyMemory<byte>> commands = [];
        List<ReplyTo<RootAnswer<CommandReply>>> answers = [];
        var bytes = 0;
        _lastStamp = Instant.Max(_lastStamp, StampClock);
        while (bytes < Limits.CommandBytesMax && _proposals.TryDequeue(out var submit))
        {
            var asker = submit.Command.Import is null ? parts.Askers.Stamp(_group, submit.Command.Asker, submit.From) : submit.Command.Asker;
            if (!asker.Succeeded)
            {
                submit.Answer.Reply(RootAnswer<CommandReply>.Of(asker.Failure));
                continue;
            }

            var data = GroupCodec.Encode(submit.Command with { Asker = asker.Value }, _lastStamp);
            if (data.Length > Limits.CommandBytesMax)
            {
                submit.Answer.Reply(RootAnswer<CommandReply>.Of(
                    new Failure(FailureKind.TooLarge, $"the command has {data.Length} bytes; {Limits.CommandBytesMax} is the most")));
                continue;
            }

            bytes += data.Length;
            commands.Add(data);
            answers.Add(submit.Answer);
        }

        if (commands.Count > 0)
        {
            var first = _machine!.LastIndex + 1;
            for (var i = 0; i < answers.Count; i++)
            {
                if (_answers.TryGetValue(first + i, out var older))
                {
                    // Its entry was overwritten here; another member may hold it still, and bring it to its end.
                    older.Answer.Reply(RootAnswer<CommandReply>.Of(NotKnown));
                }

                _answers[first + i] = (_machine.Term, answers[i]);
            }

            Step(new ConsensusInput.Propose(commands));
        }
    }

    /// <summary>
    /// Proposes the newest apply level that every member knows, unless that is on its way. Commands come behind it.
    /// </summary>
    private void RaiseLevel()
    {
        if (_machine is not { TakesProposals: true, Members: { } members } || _raiseIndex > _applied)
        {
            return;
        }

        var known = members.All.Select(LevelOf).Min();
        if (known > _level)
        {
            _lastStamp = Instant.Max(_lastStamp, StampClock);
            _raiseIndex = _machine.LastIndex + 1;
            Step(new ConsensusInput.Propose([GroupCodec.EncodeRaise(known, _lastStamp)]));
        }
    }

    private void TakeRole()
    {
        _isRoot = _machine?.Role == RaftRole.Leader;
        _agreed = null;
        _said.Clear();
        if (_isRoot)
        {
            _failure = _broken ? _failure : null;
            RaiseLevel();
        }
        else
        {
            _raiseIndex = 0;
        }

        for (var count = _waiting.Count; count > 0; count--)
        {
            HandleClient(_waiting.Dequeue());
        }
    }

    private void ReadIndex(GroupMessage.ReadIndex read)
    {
        if (_broken)
        {
            read.Answer.Reply(RootAnswer<long>.Of(_failure!));
        }
        else if (_machine is { Role: RaftRole.Leader } && _reads.Count < Limits.ProposalsMax)
        {
            // What reads knows the tables of this program's level: it waits for them, too.
            RaiseLevel();
            _reads.Add(++_lastToken, read);
            Step(new ConsensusInput.Read(_lastToken));
        }
        else if (RootElsewhere is { } root)
        {
            read.Answer.Reply(RootAnswer<long>.Elsewhere(root));
        }
        else if (_waiting.Count >= Limits.ProposalsMax || _machine is { Role: RaftRole.Leader })
        {
            read.Answer.Reply(RootAnswer<long>.Of(new Failure(FailureKind.Unavailable, $"group '{_group}' is overloaded; try again")));
        }
        else if (_failure is { } failure)
        {
            read.Answer.Reply(RootAnswer<long>.Of(failure));
        }
        else
        {
            _waiting.Enqueue(read);
        }
    }

    private void ReadReady(long token, long index)
    {
        if (!_reads.Remove(token, out var read))
        {
            return;
        }

        index = Math.Max(index, _raiseIndex);
        if (!read.MustBeApplied || _applied >= index)
        {
            read.Answer.Reply(RootAnswer<long>.Of(index));
        }
        else
        {
            _rootReadsAt.Add((index, read.Answer));
        }
    }

    private void ReadFailed(long token)
    {
        if (_reads.Remove(token, out var read))
        {
            ReadIndex(read);
        }
    }

    private void ReadAt(GroupMessage.ReadAt read)
    {
        if (_broken)
        {
            read.Answer.Reply(_failure!);
        }
        else if (_applied >= read.Index)
        {
            read.Answer.Reply(_applied);
        }
        else
        {
            _readsAt.RemoveAll(other => other.Answer.IsDone);
            _readsAt.Add((read.Index, read.Answer));
        }
    }

    private void WaitForApplied(GroupMessage.WaitForApplied wait)
    {
        _waits.RemoveAll(w => w.Answer.IsDone);
        if (_applied > wait.Index)
        {
            wait.Answer.Reply(_applied);
        }
        else
        {
            _waits.Add((wait.Index, wait.Answer));
        }
    }

    private void AnswerReadsAt()
    {
        _readsAt.RemoveAll(read =>
        {
            if (read.Index <= _applied)
            {
                read.Answer.Reply(_applied);
            }

            return read.Index <= _applied || read.Answer.IsDone;
        });
        _rootReadsAt.RemoveAll(read =>
        {
            if (read.Index <= _applied)
            {
                read.Answer.Reply(RootAnswer<long>.Of(_applied));
            }

            return read.Index <= _applied || read.Answer.IsDone;
        });
        _waits.RemoveAll(wait =>
        {
            if (wait.Index < _applied)
            {
                wait.Answer.Reply(_applied);
            }

            return wait.Index < _applied || wait.Answer.IsDone;
        });
    }

    private void RefuseWaiting(Failure failure)
    {
        while (_waiting.TryDequeue(out var waiting))
        {
            (waiting as GroupMessage.Submit)?.Answer.Reply(RootAnswer<CommandReply>.Of(failure));
            (waiting as GroupMessage.ReadIndex)?.Answer.Reply(RootAnswer<long>.Of(failure));
        }

        while (_proposals.TryDequeue(out var proposal))
        {
            proposal.Answer.Reply(RootAnswer<CommandReply>.Of(failure));
        }

        foreach (var read in _reads.Values)
        {
            read.Answer.Reply(RootAnswer<long>.Of(failure));
        }

        _reads.Clear();
        _rootReadsAt.ForEach(read => read.Answer.Reply(RootAnswer<long>.Of(failure)));
        _rootReadsAt.Clear();
    }

    private void RefuseUnderWay(Failure failure, long from)
    {
        foreach (var index in _answers.Keys.Where(index => index >= from).ToArray())
        {
            _answers.Remove(index, out var pending);
            pending.Answer.Reply(RootAnswer<CommandReply>.Of(failure));
        }
    }
}
