using Cete.Core;
using Cete.Ports;

namespace Cete.Groups;

/// <summary>
/// Where the actors of a replica show what others on the node read without asking them, and where those who ask are let in. It is
/// disposed of when the replica stops: that ends every wait for an answer that will not come.
/// </summary>
internal sealed class ReplicaBoard : IDisposable
{
    /// <summary>
    /// Clients' messages that may wait in the mailbox of a group; the room above it is for the answers of log and store, which must not
    /// be refused: without them the group would stand still for ever.
    /// </summary>
    private const int WaitingMax = 3 * Limits.ProposalsMax;

    private readonly CancellationTokenSource _stop = new();
    private volatile IStateStore? _store;
    private volatile GroupStatus _status = new(false, 0, 0, 0, 0, null);
    private int _waiting;

    public ReplicaBoard() => Stopped = _stop.Token;

    /// <summary>The capacity of the mailbox of a group.</summary>
    public static int MailboxCapacity => WaitingMax + Limits.ProposalsMax;

    /// <summary>The open store; null while there is none.</summary>
    public IStateStore? Store
    {
        get => _store;
        set => _store = value;
    }

    /// <summary>How the replica stands.</summary>
    public GroupStatus Status
    {
        get => _status;
        set => _status = value;
    }

    /// <summary>Cancelled when the replica has stopped.</summary>
    public CancellationToken Stopped { get; }

    /// <summary>Lets a client's message in; false when too many wait already.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _waiting) <= WaitingMax)
        {
            return true;
        }

        Leave();
        return false;
    }

    /// <summary>A message that was let in is being handled, or was not sent after all.</summary>
    public void Leave() => Interlocked.Decrement(ref _waiting);

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }
}
