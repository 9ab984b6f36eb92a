namespace Cete.Swarm.Download;

/// <summary>How a download deals with peers that tell what they have; figures from the simulation (DESIGN.md).</summary>
public sealed record DownloadSettings
{
    /// <summary>Pieces that are on their way from such peers at one time.</summary>
    public int Slots { get; init; } = 16;

    /// <summary>Pieces asked of one of them at one time: the second hides the round trip.</summary>
    public int RunsASource { get; init; } = 2;

    /// <summary>A piece of which nothing came for so long is asked of another one.</summary>
    public TimeSpan SlowAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>At most so many missing pieces are asked of two at the end.</summary>
    public int EndGamePieces { get; init; } = 4;

    /// <summary>Pieces that a source that says nothing of pieces is asked for at once where there are others that do.</summary>
    public int LongRunMax { get; init; } = 8;

    /// <summary>Somebody looks for more sources: that none is left is no end, only that nothing comes.</summary>
    public bool MoreMayCome { get; init; }
}
