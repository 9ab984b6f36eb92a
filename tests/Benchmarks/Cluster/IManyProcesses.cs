namespace Cete.Benchmarks.Cluster;

/// <summary>A cluster of one program, a process each, whose members tell whom they see.</summary>
internal interface IManyProcesses : IDisposable
{
    /// <summary>What the members have seen; states are <c>alive</c> and <c>dead</c>.</summary>
    Sightings Sightings { get; }

    /// <summary>Starts a member and gives when its process was started; the first one founds the cluster, the others join it.</summary>
    Task<long> StartAsync(string name);

    /// <summary>Kills a member, as a machine that loses its power would.</summary>
    void Kill(string name);
}
