using Cete.Actors;
using Cete.Core;
using Cete.Groups.Store;

namespace Cete.Groups;

/// <summary>A group whose replica is on this node: asks its actors.</summary>
internal sealed class Group(
    GroupId id, ActorRef<GroupMessage> actor, IReadOnlyList<ActorRef<Query>> readers, ReplicaBoard board, Func<GroupSettings> settings) : IGroup
{
    /// <summary>A snapshot is as slow as its target.</summary>
    private static readonly TimeSpan SnapshotDeadline = TimeSpan.FromHours(1);

    /// <summary>Whoever waits for news waits until there is some; the bound is against those who forgot.</summary>
    private static readonly TimeSpan NewsDeadline = TimeSpan.FromDays(1);
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
            ? await GroupMetrics.SubmitAsync(id, () => AskSubmitAsync(command, cancellation))
            : await AskSubmitAsync(command, cancellation);
    }

    public async Task<Outcome<T>> ReadAsync<T>(Func<SqlSession, T> query, ReadLevel level = ReadLevel.Linearizable, CancellationToken cancellation = default)
    {
        if (level == ReadLevel.Linearizable)
        {
            var index = await AskAsync<long>(answer => new GroupMessage.ReadIndex(answer), settings().AnswerDeadline, cancellation);
            if (!index.Succeeded)
            {
                return index.Failure;
            }
        }

        var reader = readers[(int)((uint)Interlocked.Increment(ref _nextReader) % (uint)readers.Count)];
        var deadline = settings().AnswerDeadline;
        return await AsOutcomeAsync(AskAsync(reader, (ReplyTo<Outcome<T>> answer) => (Query)new Query<T>(query, answer), deadline, cancellation), deadline);
    }

    public Task<Outcome<FeedPage>> ReadFeedAsync(long after, int countMax, CancellationToken cancellation = default) =>
        ReadAsync(sql => FeedTable.Read(sql, after, Math.Clamp(countMax, 0, Limits.PageItemsMax)), ReadLevel.Local, cancellation);

    public Task<long> WaitForAppliedAsync(long index, CancellationToken cancellation = default) =>
        AskGroupAsync((ReplyTo<long> answer) => new GroupMessage.WaitForApplied(index, answer), NewsDeadline, cancellation);

    public Task<Outcome<long>> SnapshotAsync(Stream target, CancellationToken cancellation = default) =>
        AskAsync<long>(answer => new GroupMessage.Snapshot(target, answer), SnapshotDeadline, cancellation);

    private Task<Outcome<CommandReply>> AskSubmitAsync(ClientCommand command, CancellationToken cancellation) =>
        AskAsync<CommandReply>(answer => new GroupMessage.Submit(command, answer), settings().AnswerDeadline, cancellation);

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
            return new Failure(FailureKind.Unavailable, $"group '{id}' gave no answer in {deadline.TotalSeconds} s; ask again with the same id");
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
