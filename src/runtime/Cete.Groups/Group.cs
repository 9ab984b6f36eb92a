using Cete.Actors;
using Cete.Core;
using Cete.Groups.Store;

namespace Cete.Groups;

/// <summary>A group whose replica is on this node: asks its actors.</summary>
internal sealed class Group(
    GroupId id, ActorRef<GroupMessage> actor, IReadOnlyList<ActorRef<Query>> readers, ReplicaBoard board, GroupSettings settings) : IGroup
{
    private int _nextReader;

    public GroupId Id => id;

    public GroupStatus Status => board.Status;

    public async Task<Outcome<CommandReply>> SubmitAsync(ClientCommand command, CancellationToken cancellation = default)
    {
        if (command.Id is { } request && RequestId.Check(request.Session, request.Sequence) is { } failure)
        {
            return failure;
        }

        return await AskAsync(actor, (ReplyTo<Outcome<CommandReply>> answer) => (GroupMessage)new GroupMessage.Submit(command, answer), cancellation);
    }

    public async Task<Outcome<T>> ReadAsync<T>(Func<SqlSession, T> query, ReadLevel level = ReadLevel.Linearizable, CancellationToken cancellation = default)
    {
        if (level == ReadLevel.Linearizable)
        {
            var index = await AskAsync(actor, (ReplyTo<Outcome<long>> answer) => (GroupMessage)new GroupMessage.ReadIndex(answer), cancellation);
            if (!index.Succeeded)
            {
                return index.Failure;
            }
        }

        var reader = readers[(int)((uint)Interlocked.Increment(ref _nextReader) % (uint)readers.Count)];
        return await AskAsync(reader, (ReplyTo<Outcome<T>> answer) => (Query)new Query<T>(query, answer), cancellation);
    }

    public Task<Outcome<FeedPage>> ReadFeedAsync(long after, int countMax, CancellationToken cancellation = default) =>
        ReadAsync(sql => FeedTable.Read(sql, after, Math.Min(countMax, Limits.PageItemsMax)), ReadLevel.Local, cancellation);

    public Task<long> WaitForAppliedAsync(long index, CancellationToken cancellation = default) =>
        actor.AskAsync((ReplyTo<long> answer) => (GroupMessage)new GroupMessage.WaitForApplied(index, answer), TimeSpan.FromDays(1), cancellation);

    public Task<Outcome<long>> SnapshotAsync(Stream target, CancellationToken cancellation = default) =>
        AskAsync(actor, (ReplyTo<Outcome<long>> answer) => (GroupMessage)new GroupMessage.Snapshot(target, answer), cancellation);

    private async Task<Outcome<T>> AskAsync<TMessage, T>(
        ActorRef<TMessage> whom, Func<ReplyTo<Outcome<T>>, TMessage> message, CancellationToken cancellation)
    {
        try
        {
            return await whom.AskAsync(message, settings.AnswerDeadline, cancellation);
        }
        catch (AskTimeoutException)
        {
            return new Failure(FailureKind.Unavailable, $"group '{id}' gave no answer in {settings.AnswerDeadline.TotalSeconds} s; ask again with the same id");
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
