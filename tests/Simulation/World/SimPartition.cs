namespace Cete.Simulation.World;

/// <summary>Hosts that cannot reach others, until it is healed. Several may hold at once.</summary>
public sealed class SimPartition
{
    private readonly SimNetwork _network;
    private readonly Func<int, int, bool> _cuts;

    internal SimPartition(SimNetwork network, string name, Func<int, int, bool> cuts) => (_network, Name, _cuts) = (network, name, cuts);

    /// <summary>What the trace calls it.</summary>
    public string Name { get; }

    /// <summary>Whether it still holds.</summary>
    public bool IsActive => _network.Partitions.Contains(this);

    /// <summary>Whether packets from one host do not reach another.</summary>
    public bool Cuts(int from, int to) => _cuts(from, to);

    /// <summary>Ends it; packets that were sent meanwhile are lost all the same.</summary>
    public void Heal() => _network.Heal(this);
}
