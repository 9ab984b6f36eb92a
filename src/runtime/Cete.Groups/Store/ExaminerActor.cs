using Cete.Actors;

namespace Cete.Groups.Store;

/// <summary>Asks for the pages of a store to be read.</summary>
/// <param name="Board">Where it is.</param>
/// <param name="Owner">Who is told of damage.</param>
internal sealed record Examination(ReplicaBoard Board, ActorRef<StoreMessage> Owner);

/// <summary>
/// Reads the pages of stores that were opened without that, one store after the other, on the blocking dispatcher: it holds up none of the others. A
/// store that closes does not wait for it.
/// </summary>
internal sealed class ExaminerActor : Actor<Examination>
{
    protected override void Receive(Examination message)
    {
        var board = message.Board;
        board.Reading.EnterReadLock();
        try
        {
            if (board.Store is { } store && store.Examine(board.Closing) is { } failure)
            {
                message.Owner.Tell(new StoreMessage.FoundDamaged(store, failure));
            }
        }
        finally
        {
            board.Reading.ExitReadLock();
        }
    }
}
