using Cete.Core;
using Cete.Net.Fabric.Proto;

namespace Cete.Net.Fabric.Tunnels;

/// <summary>One end of a tunnel's part that runs over a connection; hears the frames of its id, one at a time.</summary>
internal interface ITunnelEnd
{
    /// <summary>A frame came.</summary>
    void Take(TunnelFrame frame);

    /// <summary>The connection that it ran over ended.</summary>
    void Lose(Failure failure);
}

/// <summary>The tunnels that run over one connection; used under the hub's lock.</summary>
/// <param name="connection">The connection.</param>
/// <param name="isInitiator">This side made it, and gives odd ids.</param>
internal sealed class TunnelLeg(FabricConnection connection, bool isInitiator)
{
    private readonly Dictionary<ulong, ITunnelEnd> _ends = [];
    private ulong _next = isInitiator ? 1u : 2u;
    private ulong _theirs;

    public FabricConnection Connection => connection;

    public IEnumerable<ITunnelEnd> Ends => _ends.Values;

    /// <summary>Gives the next id to what <paramref name="make"/> makes of it.</summary>
    public TEnd Add<TEnd>(Func<ulong, TEnd> make)
        where TEnd : ITunnelEnd
    {
        var end = make(_next);
        _ends.Add(_next, end);
        _next += 2;
        return end;
    }

    /// <summary>Enters a tunnel of the other side's, whose id was found to be new.</summary>
    public void Add(ulong id, ITunnelEnd end) => _ends.Add(id, end);

    /// <summary>Tells whether the other side may open a tunnel of that id; if so, it is used up.</summary>
    public bool TryBegin(ulong id)
    {
        if (IsOwn(id) || id <= _theirs)
        {
            return false;
        }

        _theirs = id;
        return true;
    }

    public ITunnelEnd? Find(ulong id) => _ends.GetValueOrDefault(id);

    public void Remove(ulong id) => _ends.Remove(id);

    /// <summary>A tunnel of that id has been there, so that frames of it may still be under way.</summary>
    public bool WasUsed(ulong id) => IsOwn(id) ? id < _next : id <= _theirs;

    private bool IsOwn(ulong id) => id % 2 == 1 == isInitiator;
}
