using Cete.Swarm;

namespace Cete.Api;

/// <summary>
/// The answer that carries many small contents: for each root asked for, in order, its length in four bytes, the lowest first, and its bytes;
/// <see cref="Absent"/> and no bytes for one that the server does not give. Each content is one piece, so its root verifies it.
/// </summary>
public static class Bundle
{
    /// <summary>The media type by which it is served.</summary>
    public const string MediaType = "application/vnd.cete.bundle";

    /// <summary>Contents of one answer.</summary>
    public const int CountMax = 1_000;

    /// <summary>Bytes of one content.</summary>
    public const int LengthMax = PieceLengths.Shortest;

    /// <summary>Stands for a length where there is no content.</summary>
    public const int Absent = -1;
}
