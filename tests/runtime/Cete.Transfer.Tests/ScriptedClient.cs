using System.Collections.Concurrent;
using Cete.Core;
using Cete.Ports;

namespace Cete.Transfer.Tests;

/// <summary>Peers that do what a test says.</summary>
internal sealed class ScriptedClient(Func<PieceRun, Func<RunResult>, CancellationToken, Task<RunResult>> fetch, Action? asked = null) : IContentClient
{
    private int _active;

    public ConcurrentQueue<(string Source, int First, int End)> Asked { get; } = new();

    public int Active => Volatile.Read(ref _active);

    public async Task<RunResult> FetchAsync(PieceRun run, IContentFile target, Action<int> taken, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _active);
        Asked.Enqueue((run.Source.Host, run.FirstPiece, run.EndPiece));
        asked?.Invoke();
        try
        {
            return await fetch(run, () => BringAll(run, target, taken), cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _active);
        }
    }

    public static RunResult Fail(RunEnd how, PieceRun run, string why = "so it is") =>
        new(how, run.FirstPiece, new Failure(how == RunEnd.Refused ? FailureKind.NotFound : FailureKind.Unavailable, why));

    private static RunResult BringAll(PieceRun run, IContentFile target, Action<int> taken)
    {
        var piece = run.FirstPiece;
        for (; piece < run.EndPiece; piece++)
        {
            Assert.True(target.Write(piece, []).Succeeded);
            taken(piece);
        }

        return new RunResult(RunEnd.Completed, piece, null);
    }
}
