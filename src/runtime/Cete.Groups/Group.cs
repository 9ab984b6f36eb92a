using Cete.Actors;
using Cete.Consensus;
using Cete.Core;
using Cete.Groups.Import;
using Cete.Groups.Proto;
using Cete.Groups.Store;
using Cete.Groups.Wire;
using Cete.Ports;
using Google.Protobuf;

namespace Cete.Groups;

/// <summary>A group whose replica is on this node: asks its actors, and the root, where only that can answer.</summary>
internal sealed class Group(
    GroupId id, ActorRef<GroupMessage> actor, IReadOnlyList<ActorRef<Query>> readers, ReplicaBoard board, Func<GroupSettings> settings,
    GroupNetwork network, TimeProvider clock, IStateMachine machine, ActorRef<Query> scanner) : IReplica
{
    /// <summary>A snapshot is as slow as its target.</summary>
    private static readonly TimeSpan SnapshotDeadline = TimeSpan.FromHours(1);

    /// <summary>Whoever waits for news waits until there is some; the bound is against those who forgot.</summary>
    private static readonly TimeSpan NewsDeadline = TimeSpan.FromDays(1);

    /// <summary>Before a root that was not there is asked for again.</summary>
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(25);

    /// <summary>Nodes that are asked one after the other for the root, each named by the one before.</summary>
    private const int HopsMax = 3;

    /// <summary>
    /// How long a root may take for what can be repeated: when it is cut off there is another one within seconds, of which it cannot tell.
    /// </summary>
    private static readonly TimeSpan TryDeadline = TimeSpan.FromSeconds(3);

    private int _nextReader;

    public GroupId Id => id;

    public GroupStatus Status => board.Status;

    public async Task<Outcome<CommandReply>> SubmitAsync(ClientCommand command, CancellationToken cancellation = default)
    {
        if (command.Id is { } request && RequestId.Check(request.Session, request.Sequence) is { } failure)
        {
            return failure;
        }

        return GroupMetrics.IsOn
            ? await GroupMetrics.SubmitAsync(id, () => SubmitToRootAsync(command, cancellation))
            : await SubmitToRootAsync(command, cancellation);
    }

    public async Task<Outcome<T>> ReadAsync<T>(Func<SqlSession, T> query, ReadLevel level = ReadLevel.Linearizable, CancellationToken cancellation = default)
    {
        if (board.Status.Forgotten is { } forgotten)
        {
            return new Failure(FailureKind.Unavailable, $"this node's copy of group '{id}' is an old one; it is read from again when it has caught up to {forgotten}");
        }

        if (level == ReadLevel.Linearizable && await ReachReadIndexAsync(cancellation) is { } failure)
        {
            return failure;
        }

        if (board.Status is { IsOpen: true, Level: 0 })
        {
            return new Failure(FailureKind.Unavailable, $"this node has no copy of group '{id}' yet; its root hands it one");
        }

        var began = clock.GetTimestamp();
        var deadline = settings().AnswerDeadline;
        while (true)
        {
            var reader = readers[(int)((uint)Interlocked.Increment(ref _nextReader) % (uint)readers.Count)];
            var asked = AskAsync(reader, (ReplyTo<Outcome<T>> reply) => (Query)new Query<T>(query, reply), deadline, cancellation);
            var answer = await AsOutcomeAsync(asked, deadline);
            if (!ReferenceEquals(answer.Failure, ReplicaBoard.IsBeingReplaced) || clock.GetElapsedTime(began) > deadline)
            {
                return answer;
            }

            await Task.Delay(RetryPause, clock, cancellation);
        }
    }

    public Task<Outcome<FeedPage>> ReadFeedAsync(long after, int countMax, CancellationToken cancellation = default) =>
        ReadAsync(sql => FeedTable.Read(sql, after, Math.Clamp(countMax, 0, Limits.PageItemsMax)), ReadLevel.Local, cancellation);

    public Task<long> WaitForAppliedAsync(long index, CancellationToken cancellation = default) =>
        AskGroupAsync((ReplyTo<long> answer) => new GroupMessage.WaitForApplied(index, answer), NewsDeadline, cancellation);

    public Task<Outcome<long>> SnapshotAsync(Stream target, CancellationToken cancellation = default) =>
        AskAsync<long>(answer => new GroupMessage.Snapshot(target, answer), SnapshotDeadline, cancellation);

    public async Task<GroupReport> DescribeAsync(CancellationToken cancellation = default)
    {
        var report = await AskGroupAsync((ReplyTo<GroupReport> answer) => new GroupMessage.Describe(answer), settings().AnswerDeadline, cancellation);
        return report with { Imports = [.. board.Imports.Values.OrderBy(import => import.Source.Name, StringComparer.Ordinal)] };
    }

    public Task<Outcome<bool>> ChangeMembersAsync(Members members, CancellationToken cancellation = default) =>
        AskAsync<bool>(answer => new GroupMessage.ChangeMembers(members, answer), settings().AnswerDeadline, cancellation);

    public Task<Outcome<bool>> FoundAsync(Lineage lineage, CancellationToken cancellation = default) => lineage.IsNone
        ? Task.FromResult<Outcome<bool>>(new Failure(FailureKind.Invalid, $"group '{id}' begins with a lineage of its own, or not at all"))
        : AskAsync<bool>(answer => new GroupMessage.Found(lineage, answer), settings().AnswerDeadline, cancellation);

    public Task<Outcome<bool>> TransferAsync(KeyId to, CancellationToken cancellation = default) => AtRootAsync(
        answer => new GroupMessage.Transfer(to, answer),
        new GroupRequest { Group = id.Name, Transfer = new Transfer { To = ByteString.CopyFrom(to.ToArray()) } },
        _ => true,
        mayRepeat: true,
        cancellation);

    public async Task<Outcome<long>> PauseImportsAsync(TimeSpan duration, CancellationToken cancellation = default)
    {
        if (machine is not IFeedImporter)
        {
            return 0;
        }

        var pause = new PauseImports { Duration = (long)duration.TotalMicroseconds };
        var paused = await AtRootAsync(
            answer => new GroupMessage.Submit(ClientCommand.Of(new Proto.Import { Pause = pause }), null, answer),
            new GroupRequest { Group = id.Name, PauseImports = pause },
            response => new CommandReply(response.Index, GroupCodec.ToOutcome(response.Reply)),
            mayRepeat: true,
            cancellation);
        return (paused.Succeeded ? paused.Value.Result : paused.Failure).Then(reply => ProtobufBytes.Read(ImportReply.Parser, reply.Span).PausedSince);
    }

    /// <summary>Writes a scan of the records, which is of this moment or a later one; tells the applied index it stands at.</summary>
    public async Task<Outcome<long>> ScanAsync(IFeedSource source, Stream target, CancellationToken cancellation)
    {
        if (await ReachReadIndexAsync(cancellation) is { } failure)
        {
            return failure;
        }

        Outcome<long> Scan(SqlSession sql) => ScanStream.Write(sql, source, target, () => board.IsClosing);
        var asked = AskAsync(
            scanner, (ReplyTo<Outcome<Outcome<long>>> reply) => (Query)new Query<Outcome<long>>(Scan, reply), SnapshotDeadline, cancellation);
        var answer = await AsOutcomeAsync(asked, SnapshotDeadline);
        return answer.Succeeded ? answer.Value : answer.Failure;
    }

    /// <summary>Proposes a page of another group's feed, if this replica is the root.</summary>
    public Task<RootAnswer<CommandReply>> ImportAsync(Proto.Import import) => AskRootAsync<CommandReply>(
        answer => new GroupMessage.Submit(ClientCommand.Of(import), null, answer), settings().AnswerDeadline, CancellationToken.None);

    /// <summary>Waits until the applied index goes beyond one, but not for longer than given.</summary>
    public Task WaitForMoreAsync(long index, TimeSpan wait, CancellationToken cancellation)
    {
        return AsOutcomeAsync(WrapAsync(), wait);

        async Task<Outcome<long>> WrapAsync() =>
            await AskGroupAsync((ReplyTo<long> answer) => new GroupMessage.WaitForApplied(index, answer), wait, cancellation);
    }

    /// <summary>Answers another node that takes this one for the root.</summary>
    public Task<Outcome<GroupResponse>> AnswerPauseAsync(PauseImports pause, CancellationToken cancellation) =>
        AnswerCommandAsync(ClientCommand.Of(new Proto.Import { Pause = pause }), null, cancellation);

    /// <summary>Answers another node that takes this one for the root.</summary>
    public async Task<Outcome<GroupResponse>> AnswerSubmitAsync(StampedCommand command, FabricPeer? from, CancellationToken cancellation)
    {
        if (command.CalculateSize() is var size && size > Limits.CommandBytesMax)
        {
            return new Failure(FailureKind.TooLarge, $"the command has {size} bytes; {Limits.CommandBytesMax} is the most");
        }

        if (GroupCodec.ToClient(command) is not { } asked)
        {
            return new Failure(FailureKind.Invalid, "a command that makes no sense");
        }

        return await AnswerCommandAsync(asked, from, cancellation);
    }

    private async Task<Outcome<GroupResponse>> AnswerCommandAsync(ClientCommand asked, FabricPeer? from, CancellationToken cancellation)
    {
        var answer = await AskRootAsync<CommandReply>(reply => new GroupMessage.Submit(asked, from, reply), settings().AnswerDeadline, cancellation);
        return Respond(answer, reply => new GroupResponse { Index = reply.Index, Reply = GroupCodec.ToReply(reply.Result) });
    }

    /// <summary>Answers another node that takes this one for the root.</summary>
    public async Task<Outcome<GroupResponse>> AnswerTransferAsync(Transfer transfer, CancellationToken cancellation)
    {
        if (transfer.To.Length != KeyId.Size)
        {
            return new Failure(FailureKind.Invalid, "no node to hand over to");
        }

        var to = new KeyId(transfer.To.Span);
        var answer = await AskRootAsync<bool>(reply => new GroupMessage.Transfer(to, reply), settings().AnswerDeadline, cancellation);
        return Respond(answer, _ => new GroupResponse());
    }

    /// <summary>Answers another node that takes this one for the root.</summary>
    public async Task<Outcome<GroupResponse>> AnswerReadIndexAsync(CancellationToken cancellation)
    {
        var answer = await AskRootAsync<long>(reply => new GroupMessage.ReadIndex(false, reply), settings().AnswerDeadline, cancellation);
        return Respond(answer, index => new GroupResponse { Index = index });
    }

    private static Outcome<GroupResponse> Respond<T>(RootAnswer<T> answer, Func<T, GroupResponse> respond)
    {
        if (answer.IsRefused)
        {
            return new GroupResponse { IsElsewhere = true, Root = answer.Root is { } root ? ByteString.CopyFrom(root.ToArray()) : ByteString.Empty };
        }

        return answer.Outcome.Then(respond);
    }

    /// <summary>Null once this replica has applied what was answered before the read began.</summary>
    private async Task<Failure?> ReachReadIndexAsync(CancellationToken cancellation)
    {
        var index = await AtRootAsync(
            answer => new GroupMessage.ReadIndex(true, answer),
            new GroupRequest { Group = id.Name, ReadIndex = new ReadIndex() },
            response => response.Index,
            mayRepeat: true,
            cancellation);
        if (!index.Succeeded)
        {
            return index.Failure;
        }

        var reached = await AskAsync<long>(answer => new GroupMessage.ReadAt(index.Value, answer), settings().AnswerDeadline, cancellation);
        return reached.Failure;
    }

    private Task<Outcome<CommandReply>> SubmitToRootAsync(ClientCommand command, CancellationToken cancellation)
    {
        GroupRequest? request = null;
        return AtRootAsync(
            answer => new GroupMessage.Submit(command, null, answer),
            () => request ??= new GroupRequest { Group = id.Name, Submit = GroupCodec.ToWire(command) },
            response => new CommandReply(response.Index, GroupCodec.ToOutcome(response.Reply)),
            mayRepeat: command.Id is not null,
            cancellation);
    }

    private Task<Outcome<T>> AtRootAsync<T>(
        Func<ReplyTo<RootAnswer<T>>, GroupMessage> local, GroupRequest remote, Func<GroupResponse, T> read, bool mayRepeat, CancellationToken cancellation) =>
        AtRootAsync(local, () => remote, read, mayRepeat, cancellation);

    /// <summary>
    /// Asks whoever is the root, and whoever is it next, until there is an answer or the time is up. What may have been carried out without an answer
    /// is repeated only where that does no harm.
    /// </summary>
    private async Task<Outcome<T>> AtRootAsync<T>(
        Func<ReplyTo<RootAnswer<T>>, GroupMessage> local, Func<GroupRequest> remote, Func<GroupResponse, T> read, bool mayRepeat,
        CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        var deadline = settings().AnswerDeadline;
        var tryDeadline = mayRepeat && deadline > TryDeadline ? TryDeadline : deadline;
        while (true)
        {
            var answer = await AskRootAsync(local, deadline, cancellation);
            if (!answer.IsRefused)
            {
                return answer.Outcome;
            }

            var (last, next) = (answer.Outcome.Failure!, answer.Root);
            for (var hop = 0; next is { } root && hop < HopsMax; hop++)
            {
                var response = await network.AskAsync(root, remote(), tryDeadline, cancellation);
                if (response.Succeeded && !response.Value.IsElsewhere)
                {
                    return read(response.Value);
                }

                // That a node has no replica of the group says that nothing was carried out; after no answer at all nobody knows.
                if (response.Failure is { } failure && failure.Kind != FailureKind.NotFound && (failure.Kind != FailureKind.Unavailable || !mayRepeat))
                {
                    return failure;
                }

                if (response.Failure is { Kind: FailureKind.Unavailable })
                {
                    TellGone(root);
                }

                last = response.Failure ?? last;
                next = response.Succeeded && response.Value.Root.Length == KeyId.Size ? new KeyId(response.Value.Root.Span) : null;
            }

            if (clock.GetElapsedTime(began) > deadline)
            {
                return last;
            }

            await Task.Delay(RetryPause, clock, cancellation);
        }
    }

    /// <summary>A root that gives no answer may be gone, which nobody may have noticed where the group is quiescent.</summary>
    private void TellGone(KeyId root)
    {
        if (board.TryEnterFromMember() && !actor.Tell(new GroupMessage.NodeGone(root)))
        {
            board.LeaveFromMember();
        }
    }

    private async Task<RootAnswer<T>> AskRootAsync<T>(Func<ReplyTo<RootAnswer<T>>, GroupMessage> message, TimeSpan deadline, CancellationToken cancellation)
    {
        var asked = await AsOutcomeAsync(WrapAsync(AskGroupAsync(message, deadline, cancellation)), deadline);
        return asked.Succeeded ? asked.Value : RootAnswer<T>.Of(asked.Failure);

        static async Task<Outcome<RootAnswer<T>>> WrapAsync(Task<RootAnswer<T>> answer) => await answer;
    }

    private Task<Outcome<T>> AskAsync<T>(Func<ReplyTo<Outcome<T>>, GroupMessage> message, TimeSpan deadline, CancellationToken cancellation) =>
        AsOutcomeAsync(AskGroupAsync(message, deadline, cancellation), deadline);

    private async Task<T> AskGroupAsync<T>(Func<ReplyTo<T>, GroupMessage> message, TimeSpan deadline, CancellationToken cancellation)
    {
        if (!board.TryEnter())
        {
            throw new MailboxFullException(actor.Path);
        }

        try
        {
            return await AskAsync(actor, message, deadline, cancellation);
        }
        catch (MailboxFullException)
        {
            board.Leave();
            throw;
        }
    }

    /// <summary>An ask that ends when the replica stops, also where the question was still waiting then.</summary>
    private async Task<T> AskAsync<TMessage, T>(
        ActorRef<TMessage> whom, Func<ReplyTo<T>, TMessage> message, TimeSpan deadline, CancellationToken cancellation)
    {
        using var either = cancellation.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(cancellation, board.Stopped) : null;
        try
        {
            return await whom.AskAsync(message, deadline, either?.Token ?? board.Stopped);
        }
        catch (OperationCanceledException) when (board.Stopped.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new ActorStoppedException(whom.Path);
        }
        catch (OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            throw;
        }
    }

    private async Task<Outcome<T>> AsOutcomeAsync<T>(Task<Outcome<T>> answer, TimeSpan deadline)
    {
        try
        {
            return await answer;
        }
        catch (AskTimeoutException)
        {
            return new Failure(FailureKind.Unavailable, board.Status is { Root: null, Members: { } members }
                ? $"group '{id}' has no root: that takes {members.Majority} of its {members.Voters.Count} voters, and this node reaches too few; ask again, or another node"
                : $"group '{id}' gave no answer in {deadline.TotalSeconds} s; ask again with the same id");
        }
        catch (MailboxFullException)
        {
            return new Failure(FailureKind.Unavailable, $"group '{id}' is overloaded; try again");
        }
        catch (ActorStoppedException)
        {
            return new Failure(FailureKind.Unavailable, $"group '{id}' is stopping");
        }
    }
}
