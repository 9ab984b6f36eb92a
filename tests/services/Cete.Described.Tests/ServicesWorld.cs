using Cete.Testing;

namespace Cete.Described.Tests;

/// <summary>Described services as a node has them: a real log and a real store.</summary>
internal sealed class ServicesWorld : ReplicaWorld
{
    private ServicesWorld(string folder, SteppingClock clock)
        : base(folder, clock, DescribedService.Name, new DescribedMachine()) => Services = new DescribedService(Group, clock);

    public DescribedService Services { get; }

    public static ServicesWorld Start() => new(NewFolder(), new SteppingClock());

    /// <summary>Another replica of the same log.</summary>
    public static ServicesWorld Replay(ServicesWorld other) => new(other.CopyLog(), other.Clock);

    /// <summary>The same node after a restart.</summary>
    public static async Task<ServicesWorld> ReopenAsync(ServicesWorld other) => new(await other.HandOnAsync(), other.Clock);
}
