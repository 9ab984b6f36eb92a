namespace Cete.Simulation.World;

/// <summary>Why a packet did not come to a process.</summary>
public enum DropReason
{
    /// <summary>The link lost it.</summary>
    Lost,

    /// <summary>The hosts are cut off from each other.</summary>
    Cut,

    /// <summary>The other host has no power.</summary>
    HostDown,

    /// <summary>Nothing runs on the other host.</summary>
    NoProcess,

    /// <summary>It was for a process that has since been replaced.</summary>
    StaleIncarnation,

    /// <summary>It is larger than what passes.</summary>
    TooLarge,

    /// <summary>Too much waits in front of the link.</summary>
    QueueFull,

    /// <summary>The process does not read, and its host keeps no more for it.</summary>
    ReceiveQueueFull,
}
