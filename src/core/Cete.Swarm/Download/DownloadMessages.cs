namespace Cete.Swarm.Download;

/// <summary>What a download is told. Sources and runs are named by numbers that the machine or its driver gave.</summary>
public abstract record DownloadInput
{
    private DownloadInput()
    {
    }

    /// <summary>Somebody has the content.</summary>
    /// <param name="Source">Its number.</param>
    /// <param name="Have">What it has; null for one that is whole and says nothing of pieces, as a plain web server. Becomes the machine's own.</param>
    /// <param name="IsLive">More will be said of what it has, and it is asked only when it is ready (<see cref="SourceReady"/>).</param>
    public sealed record SourceFound(int Source, PieceMap? Have = null, bool IsLive = false) : DownloadInput;

    /// <summary>A source has more pieces than before.</summary>
    public sealed record SourceHas(int Source, IReadOnlyList<int> Pieces) : DownloadInput;

    /// <summary>A source gives turns: so many more pieces may be asked of it.</summary>
    public sealed record SourceReady(int Source, int Turns) : DownloadInput;

    /// <summary>A source is there no more. It may be found again.</summary>
    public sealed record SourceLost(int Source) : DownloadInput;

    /// <summary>The planner says which pieces are rare in the whole swarm, rarest first.</summary>
    public sealed record RarityHeard(IReadOnlyList<int> Pieces) : DownloadInput;

    /// <summary>Somebody waits for pieces: they are to come before others. It takes the place of what was urged before.</summary>
    public sealed record PiecesUrged(int First, int Count) : DownloadInput;

    /// <summary>Some bytes of a run came: it is slow perhaps, but it moves.</summary>
    public sealed record RunMoved(int Run) : DownloadInput;

    /// <summary>A piece came, was verified and is written.</summary>
    public sealed record PieceTaken(int Run, int Piece) : DownloadInput;

    /// <summary>A run's pieces below an end were asked for at a price: no other source is to bring them as well.</summary>
    public sealed record RunAsked(int Run, int EndPiece) : DownloadInput;

    /// <summary>A run ended.</summary>
    public sealed record RunEnded(int Run, RunOutcome Outcome) : DownloadInput;

    /// <summary>Time has passed: a <see cref="DownloadEffect.WakeAt"/> is due.</summary>
    public sealed record Tick : DownloadInput;
}

/// <summary>How a run ended, as far as it matters to what comes next.</summary>
public enum RunOutcome
{
    /// <summary>All of its pieces came.</summary>
    Completed,

    /// <summary>Worth another try at the same source later.</summary>
    Broken,

    /// <summary>The source does not have it.</summary>
    Refused,

    /// <summary>The source gave bytes that do not verify.</summary>
    Damaged,

    /// <summary>The receiving side failed.</summary>
    LocalFailure,
}

/// <summary>Why a download cannot go on.</summary>
public enum DownloadEnd
{
    /// <summary>Every piece is there.</summary>
    Whole,

    /// <summary>No source is left that has what is missing.</summary>
    NoSource,

    /// <summary>Nothing came from anybody for longer than the patience allows.</summary>
    Stalled,

    /// <summary>The receiving side failed, a full disk for one.</summary>
    LocalFailure,
}

/// <summary>What a download wants done, in order.</summary>
public abstract record DownloadEffect
{
    private DownloadEffect()
    {
    }

    /// <summary>Ask a source for pieces from first to below end.</summary>
    public sealed record StartRun(int Run, int Source, int FirstPiece, int EndPiece) : DownloadEffect;

    /// <summary>Another source takes over a run's pieces from here on.</summary>
    public sealed record ShortenRun(int Run, int EndPiece) : DownloadEffect;

    /// <summary>
    /// What a run is to bring comes from another source, or came: it is stopped, and nothing needs to be said of its end. What came of its piece
    /// is of use to whoever brings the rest.
    /// </summary>
    public sealed record CancelRun(int Run) : DownloadEffect;

    /// <summary>A source's turn is of no use now: it may give it to another.</summary>
    public sealed record PassTurn(int Source) : DownloadEffect;

    /// <summary>This source is not asked again.</summary>
    public sealed record DropSource(int Source) : DownloadEffect;

    /// <summary>Say so when this moment has come.</summary>
    public sealed record WakeAt(Core.Instant At) : DownloadEffect;

    /// <summary>Nothing more will be asked for.</summary>
    public sealed record Finish(DownloadEnd End) : DownloadEffect;
}
