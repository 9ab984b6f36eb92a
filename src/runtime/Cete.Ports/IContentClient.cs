using Cete.Core;
using Cete.Swarm;

namespace Cete.Ports;

/// <summary>A run of pieces to be fetched from one source: the run may be shortened while it is on its way.</summary>
/// <param name="source">Base address of the source.</param>
/// <param name="manifest">What is fetched.</param>
/// <param name="firstPiece">The first piece.</param>
/// <param name="endPiece">One past the last piece.</param>
/// <param name="asked">Told up to which piece the source was asked at a price; null where nobody wants to know.</param>
public sealed class PieceRun(Uri source, Manifest manifest, int firstPiece, int endPiece, Action<int>? asked = null)
{
    private readonly Lock _gate = new();
    private volatile int _endPiece = endPiece;
    private int _asked;

    /// <summary>Base address of the source.</summary>
    public Uri Source { get; } = source;

    /// <summary>What is fetched.</summary>
    public Manifest Manifest { get; } = manifest;

    /// <summary>The first piece.</summary>
    public int FirstPiece { get; } = firstPiece;

    /// <summary>One past the last piece.</summary>
    public int EndPiece => _endPiece;

    /// <summary>Called whenever bytes of it came; what hears of every leaf is to be quick. Null where nobody wants to know.</summary>
    public Action? Moved { get; init; }

    /// <summary>Leaves pieces from <paramref name="endPiece"/> on to another source; not those that were asked for at a price.</summary>
    /// <param name="endPiece">One past the last piece that is to be left to it.</param>
    /// <returns>One past the last piece that is left to it.</returns>
    public int ShortenTo(int endPiece)
    {
        lock (_gate)
        {
            return _endPiece = Math.Min(_endPiece, Math.Max(endPiece, _asked));
        }
    }

    /// <summary>
    /// Pieces up to this one, or up to the run's end, are asked for at a price: they are not left to another source any more, or they would be paid twice.
    /// </summary>
    /// <param name="endPiece">One past the last of them.</param>
    /// <returns>One past the last that is to be asked for.</returns>
    public int Ask(int endPiece)
    {
        int end;
        lock (_gate)
        {
            end = _asked = Math.Min(_endPiece, endPiece);
        }

        asked?.Invoke(end);
        return end;
    }
}

/// <summary>How a run ended.</summary>
public enum RunEnd
{
    /// <summary>All of its pieces were taken.</summary>
    Completed,

    /// <summary>The source went away, was slow beyond bounds or busy; it may be tried again.</summary>
    Broken,

    /// <summary>The source does not have it or does not give it.</summary>
    Refused,

    /// <summary>A piece did not verify.</summary>
    Damaged,

    /// <summary>The receiving side failed, a full disk for one; no other source helps.</summary>
    LocalFailure,
}

/// <summary>The end of a run: how, at which piece, and why in words.</summary>
/// <param name="How">How it ended.</param>
/// <param name="Piece">The piece that was not taken any more; the end of the run when completed.</param>
/// <param name="Failure">Why; null when completed.</param>
public readonly record struct RunResult(RunEnd How, int Piece, Failure? Failure);

/// <summary>Fetches content from peers.</summary>
public interface IContentClient
{
    /// <summary>
    /// Fetches a run into <paramref name="target"/>, which verifies each piece; tells of each piece taken. Never throws for what a source does.
    /// </summary>
    Task<RunResult> FetchAsync(PieceRun run, IContentFile target, Action<int> taken, CancellationToken cancellation);
}
