using Cete.Core;

namespace Cete.Swarm.Download;

/// <summary>One who has pieces, as a download knows it.</summary>
internal sealed class DownloadSource(int number, PieceMap? map, bool isLive)
{
    public int Number { get; } = number;

    /// <summary>What it has; null for one that says nothing of pieces, has them all and brings them in long runs.</summary>
    public PieceMap? Map { get; } = map;

    /// <summary>It is asked only at its turns.</summary>
    public bool IsLive { get; } = isLive;

    /// <summary>Turns that it gave and that were not used.</summary>
    public int Turns { get; set; }

    /// <summary>What it is to bring.</summary>
    public List<DownloadRun> Runs { get; } = [];

    /// <summary>Breaks since the last piece.</summary>
    public int Breaks { get; set; }

    /// <summary>It is not asked before.</summary>
    public Instant NotBefore { get; set; }

    /// <summary>It has no piece that is missing and not asked for.</summary>
    public bool IsDry { get; set; }

    /// <summary>How long a piece takes from it, in microseconds, lately; 0 when none came.</summary>
    public long PieceTime { get; set; }
}

/// <summary>Pieces that one source is to bring, in order.</summary>
internal sealed class DownloadRun(int number, DownloadSource source, int first, int end, Instant now)
{
    public int Number { get; } = number;

    public DownloadSource Source { get; } = source;

    /// <summary>The piece that comes next.</summary>
    public int Next { get; set; } = first;

    /// <summary>One past the last piece.</summary>
    public int End { get; set; } = end;

    /// <summary>One past the last piece that was asked for at a price.</summary>
    public int Asked { get; set; }

    /// <summary>The first piece that another source may bring.</summary>
    public int Kept => Math.Max(Next, Asked);

    /// <summary>When it was asked for.</summary>
    public Instant Started { get; } = now;

    /// <summary>When something of it came.</summary>
    public Instant Moved { get; set; } = now;

    /// <summary>Something of it came.</summary>
    public bool HasMoved { get; set; }
}
