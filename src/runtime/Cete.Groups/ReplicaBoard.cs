using System.Collections.Concurrent;
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

    /// <summary>Messages of other members that may wait: those that come then are lost, which consensus bears.</summary>
    private const int FromMembersMax = Limits.ProposalsMax;

    /// <summary>What readers are told while a snapshot takes the store's place: they are to try again.</summary>
    public static readonly Failure IsBeingReplaced = new(FailureKind.Unavailable, "the store is being replaced by a snapshot; try again");

    private readonly CancellationTokenSource _stop = new();
    private readonly List<IDisposable> _readers = [];
    private volatile CancellationTokenSource _closing = new();
    private volatile IStateStore? _store;
    private volatile bool _isReplacing;
    private volatile GroupStatus _status = new(false, 0, 0, 0, 0, null);
    private int _waiting;
    private int _fromMembers;

    public ReplicaBoard() => Stopped = _stop.Token;

    /// <summary>The capacity of the mailbox of a group.</summary>
    public static int MailboxCapacity => WaitingMax + FromMembersMax + Limits.ProposalsMax;

    /// <summary>The open store; null while there is none.</summary>
    public IStateStore? Store => _store;

    /// <summary>Cancelled when the store that is open is to close: whoever may read for long ends then.</summary>
    public CancellationToken Closing => _closing.Token;

    /// <summary>There is a store to read from, until <see cref="CloseStore"/>.</summary>
    public void OpenStore(IStateStore store)
    {
        _closing = new CancellationTokenSource();
        _store = store;
    }

    /// <summary>There is no store for now, but there will be one.</summary>
    public bool IsReplacing
    {
        get => _isReplacing;
        set => _isReplacing = value;
    }

    /// <summary>The store is wanted by whoever closes it: those who read for long are to stop.</summary>
    public bool IsClosing => _isReplacing || Closing.IsCancellationRequested;

    /// <summary>Held by whoever reads, while it does; the store is closed when nobody holds it.</summary>
    public ReaderWriterLockSlim Reading { get; } = new();

    /// <summary>What else has the store open.</summary>
    public void AddReader(IDisposable connection)
    {
        lock (_readers)
        {
            _readers.Add(connection);
        }
    }

    /// <summary>A reader closed its connection itself.</summary>
    public void RemoveReader(IDisposable connection)
    {
        lock (_readers)
        {
            _readers.Remove(connection);
        }
    }

    /// <summary>Waits for those who read, and closes their connections.</summary>
    public void CloseStore()
    {
        _closing.Cancel();
        Reading.EnterWriteLock();
        try
        {
            _store = null;
            lock (_readers)
            {
                _readers.ForEach(connection => connection.Dispose());
                _readers.Clear();
            }
        }
        finally
        {
            Reading.ExitWriteLock();
        }
    }

    /// <summary>How the replica stands.</summary>
    public GroupStatus Status
    {
        get => _status;
        set
        {
            var wasRoot = _status.IsRoot;
            _status = value;
            if (wasRoot != value.IsRoot)
            {
                RootChanged?.Invoke();
            }
        }
    }

    /// <summary>Called when the replica has become the root, or is it no longer; on whichever thread finds out.</summary>
    public Action? RootChanged { get; set; }

    /// <summary>How imports stand, where the replica is the root.</summary>
    public ConcurrentDictionary<GroupId, ImportStatus> Imports { get; } = new();

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

    /// <summary>Lets a member's message in; false when too many wait already.</summary>
    public bool TryEnterFromMember()
    {
        if (Interlocked.Increment(ref _fromMembers) <= FromMembersMax)
        {
            return true;
        }

        LeaveFromMember();
        return false;
    }

    /// <summary>A member's message that was let in is being handled, or was not sent after all.</summary>
    public void LeaveFromMember() => Interlocked.Decrement(ref _fromMembers);

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }
}
