using Cete.Ports;
using Cete.Swarm;

namespace Cete.Transfer;

/// <summary>What a <see cref="DownloadActor"/> is told.</summary>
internal abstract record DownloadMessage
{
    private DownloadMessage()
    {
    }

    public sealed record SourceFound(Uri Source, PieceMap? Have) : DownloadMessage;

    public sealed record SourceHas(Uri Source, IReadOnlyList<int> Pieces) : DownloadMessage;

    public sealed record SourceReady(Uri Source, int Turns) : DownloadMessage;

    public sealed record SourceLost(Uri Source) : DownloadMessage;

    public sealed record RarityHeard(IReadOnlyList<int> Pieces) : DownloadMessage;

    public sealed record PiecesUrged(int First, int Count) : DownloadMessage;

    public sealed record RunMoved(int Run) : DownloadMessage;

    public sealed record PieceTaken(int Run, int Piece) : DownloadMessage;

    public sealed record RunAsked(int Run, int EndPiece) : DownloadMessage;

    public sealed record RunEnded(int Run, RunResult Result) : DownloadMessage;

    public sealed record Wake : DownloadMessage;

    public sealed record Cancel : DownloadMessage;
}
