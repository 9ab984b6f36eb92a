using Cete.Ports;

namespace Cete.Groups;

/// <summary>Where the actors of a replica show what others on the node read without asking them.</summary>
internal sealed class ReplicaBoard
{
    private volatile IStateStore? _store;
    private volatile GroupStatus _status = new(false, 0, 0, 0, 0, null);

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
}
