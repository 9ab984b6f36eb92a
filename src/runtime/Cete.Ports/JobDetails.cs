using System.Text.Json.Serialization;

namespace Cete.Ports;

/// <summary>What a running download does, to be looked at.</summary>
/// <param name="Files">Its files, those in hand first; no more than <see cref="FilesMax"/>.</param>
/// <param name="Peers">Whom it has to do with, those that give most first; no more than <see cref="PeersMax"/>.</param>
/// <param name="Down">Bytes a second that came in the last seconds.</param>
/// <param name="Up">Bytes a second of its contents that others were given.</param>
/// <param name="SecondsLeft">Until everything is there at that rate; null while that cannot be told.</param>
public sealed record JobDetails(IReadOnlyList<JobFile> Files, IReadOnlyList<JobPeer> Peers, long Down, long Up, double? SecondsLeft)
{
    /// <summary>Files that are told of.</summary>
    public const int FilesMax = 200;

    /// <summary>Peers that are told of.</summary>
    public const int PeersMax = 100;

    /// <summary>Of one that does not run.</summary>
    public static JobDetails None { get; } = new([], [], 0, 0, null);

    /// <summary>Files that are known by now, those that are not told of included.</summary>
    public int FileCount { get; init; }
}

/// <summary>How a file of a download stands.</summary>
public enum JobFileState
{
    /// <summary>It waits for its turn.</summary>
    Waiting,

    /// <summary>It comes.</summary>
    Running,

    /// <summary>It is there.</summary>
    Done,

    /// <summary>It does not come.</summary>
    Failed,
}

/// <summary>A file of a download.</summary>
/// <param name="Number">By which it is asked for.</param>
/// <param name="Path">Where it goes.</param>
/// <param name="Root">Its content.</param>
/// <param name="Length">Bytes.</param>
/// <param name="State">How it stands.</param>
/// <param name="PieceLength">Bytes of a piece.</param>
/// <param name="Pieces">Pieces in all.</param>
/// <param name="Here">Those that are here, as runs; no more than <see cref="RunsMax"/>.</param>
public sealed record JobFile(
    int Number, string Path, string Root, long Length, JobFileState State, int PieceLength, int Pieces, IReadOnlyList<PieceSpan> Here)
{
    /// <summary>Runs that are told of.</summary>
    public const int RunsMax = 4_096;

    /// <summary>Pieces that are here, in all.</summary>
    public int PiecesHere { get; init; }

    /// <summary>Its pieces in no more than so many parts: of how many thousandths of each part the pieces are here.</summary>
    public IReadOnlyList<int> Parts(int countMax)
    {
        var count = Math.Max(1, Math.Min(countMax, Pieces));
        var here = new int[count];
        foreach (var span in Here)
        {
            for (var piece = Math.Max(0, span.First); piece < Math.Min(Pieces, span.First + (long)span.Count); piece++)
            {
                here[(int)((long)piece * count / Pieces)]++;
            }
        }

        // Part i holds the pieces p with p * count / Pieces = i.
        int First(long part) => (int)(((part * Pieces) + count - 1) / count);
        return [.. here.Select((some, part) => some * 1_000 / Math.Max(1, First(part + 1L) - First(part)))];
    }
}

/// <summary>Pieces that follow each other.</summary>
/// <param name="First">The first one.</param>
/// <param name="Count">How many.</param>
public readonly record struct PieceSpan(int First, int Count);

/// <summary>What somebody is to a download.</summary>
public enum JobPeerRole
{
    /// <summary>He has everything, and gives it.</summary>
    Source,

    /// <summary>He gives parts of it, and is fetching it himself.</summary>
    Upstream,

    /// <summary>He is known, and gave nothing yet.</summary>
    Neighbour,

    /// <summary>He gets parts of it from here, and gave none.</summary>
    Downstream,
}

/// <summary>Somebody whom a download has to do with.</summary>
/// <param name="Address">Where he is.</param>
/// <param name="Key">The key that he shows; null for none.</param>
/// <param name="Kind">What he is.</param>
/// <param name="Role">What he is to this download.</param>
/// <param name="Received">Bytes that he gave.</param>
/// <param name="Sent">Bytes that he was given from here.</param>
/// <param name="Down">Bytes a second that he gave in the last seconds.</param>
/// <param name="Up">Bytes a second that he was given.</param>
/// <param name="Share">Thousandths of the content that he has; null where he does not say so.</param>
public sealed record JobPeer(
    string Address, string? Key, JobSourceKind Kind, JobPeerRole Role, long Received, long Sent, long Down, long Up, int? Share)
{
    /// <summary>Bytes go one way or the other just now.</summary>
    [JsonIgnore]
    public bool IsActive => Down > 0 || Up > 0;
}
