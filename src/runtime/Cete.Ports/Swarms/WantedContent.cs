using Cete.Core;

namespace Cete.Ports.Swarms;

/// <summary>A content that people ask for, as the planner of its swarm knows.</summary>
/// <param name="Root">Its root.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Asked">How many newcomers asked for it since its swarm began: it grows, or begins anew where another node plans.</param>
/// <param name="Wanting">Those who lack something of it now.</param>
/// <param name="Whole">Those who have it all now.</param>
/// <param name="Holders">Nodes and agents that the index names as its providers, some of them.</param>
public sealed record WantedContent(Hash256 Root, long Length, int Asked, int Wanting, int Whole, IReadOnlyList<KeyId> Holders)
{
    /// <summary>Contents that are told at a time.</summary>
    public const int CountMax = 100;

    /// <summary>Holders that are told of one.</summary>
    public const int HoldersMax = 4;
}
