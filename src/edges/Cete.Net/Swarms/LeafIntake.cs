using System.Buffers;
using Cete.Core;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.Net.Swarms;

/// <summary>
/// Takes the body of a <see cref="LeafRange"/> apart and hands leaves to a content, which verifies and writes them. What is here is handed on before more is
/// waited for; where much comes at once, batches are hashed on other threads while the next one is read.
/// </summary>
/// <param name="manifest">What is fetched.</param>
/// <param name="target">Where it goes.</param>
/// <param name="taken">Told of each piece that is whole.</param>
internal sealed class LeafIntake(Manifest manifest, IContentFile target, Action<int> taken)
{
    /// <summary>Leaves that are read into one buffer: as many as are hashed at once.</summary>
    private const int Batch = Sha256Lanes.Count;

    /// <summary>Leaves that are worth another thread.</summary>
    private const int BatchMin = Batch / 2;

    /// <summary>Batches that are being verified or written at once.</summary>
    private static readonly int InFlightMax = Math.Clamp(Environment.ProcessorCount, 2, 8) * 2;

    private readonly Queue<LeafWork> _inFlight = new();
    private RunResult? _early;
    private bool _isPieceThere;

    /// <summary>Called whenever bytes came.</summary>
    public Action? Heard { get; init; }

    /// <summary>Told how many bytes were verified.</summary>
    public Action<int>? Verified { get; init; }

    /// <summary>
    /// Reads leaves from <paramref name="first"/>, counted through the content, up to the end of the pieces below <paramref name="end"/>, which is asked anew
    /// before each piece. Tells the first piece not taken and, when that came early, why.
    /// </summary>
    public async Task<RunResult> RunAsync(Stream source, long first, Func<int> end, CancellationToken cancellation)
    {
        var each = manifest.PieceLength / Merkle.LeafSize;
        var (piece, leaf) = ((int)(first / each), (int)(first % each));
        try
        {
            for (; _early is null && piece < end(); piece++, leaf = 0)
            {
                await TakePieceAsync(source, piece, leaf, cancellation);
            }
        }
        finally
        {
            while (_inFlight.Count > 0)
            {
                await FinishOneAsync();
            }
        }

        return _early ?? new RunResult(RunEnd.Completed, piece, null);
    }

    private async Task TakePieceAsync(Stream source, int piece, int leaf, CancellationToken cancellation)
    {
        var hashes = new byte[LeafHashes.CountLeaves(manifest.LengthOfPiece(piece)) * Hash256.Size];
        for (var filled = 0; filled < hashes.Length;)
        {
            var reading = source.ReadAsync(hashes.AsMemory(filled), cancellation);
            while (!reading.IsCompleted && _inFlight.Count > 0)
            {
                // That a piece is there is told before the next one is waited for, which may be long in coming.
                await FinishOneAsync();
            }

            var read = await ReadAsync(reading);
            if (!read.Succeeded)
            {
                End(RunEnd.Broken, piece, read.Failure);
                return;
            }

            filled += read.Value;
        }

        var leaves = LeafHashes.Create(manifest, piece, hashes);
        if (!leaves.Succeeded)
        {
            End(RunEnd.Damaged, piece, leaves.Failure);
            return;
        }

        for (; _early is null && leaf < leaves.Value.Count; leaf += Batch)
        {
            await TakeBatchAsync(source, leaves.Value, leaf, Math.Min(leaf + Batch, leaves.Value.Count), cancellation);
        }
    }

    private async Task TakeBatchAsync(Stream source, LeafHashes leaves, int first, int end, CancellationToken cancellation)
    {
        var length = Math.Min(end * Merkle.LeafSize, leaves.Length) - (first * Merkle.LeafSize);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        var (filled, done) = (0, 0);
        while (filled < length)
        {
            var reading = source.ReadAsync(buffer.AsMemory(filled, length - filled), cancellation);
            var whole = filled / Merkle.LeafSize * Merkle.LeafSize;
            if (!reading.IsCompleted && whole > done)
            {
                // What is whole does not wait for what is on its way.
                await HandOnAsync(new LeafWork(leaves, first + (done / Merkle.LeafSize), buffer.AsMemory(done, whole - done)));
                done = whole;
            }

            var read = await ReadAsync(reading);
            if (!read.Succeeded)
            {
                // What came whole is kept, and another source goes on behind it.
                await HandOnAsync(new LeafWork(leaves, first + (done / Merkle.LeafSize), buffer.AsMemory(done, whole - done)));
                End(RunEnd.Broken, leaves.Piece, read.Failure);
                return;
            }

            filled += read.Value;
        }

        // A buffer that did not fill up is left to the collector: somebody may be reading into it still.
        await HandOnAsync(new LeafWork(leaves, first + (done / Merkle.LeafSize), buffer.AsMemory(done, length - done))
        {
            Buffer = buffer,
            EndsPiece = end == leaves.Count,
        });
    }

    private async ValueTask HandOnAsync(LeafWork work)
    {
        if (work.Data.IsEmpty)
        {
            return;
        }

        _inFlight.Enqueue(work.Data.Length >= BatchMin * Merkle.LeafSize ? work.Begin(target) : work.Do(target));
        while (_inFlight.Count > 0 && (_inFlight.Count >= InFlightMax || _inFlight.Peek().IsDone))
        {
            await FinishOneAsync();
        }
    }

    /// <summary>Ends the oldest work. In order, so that a piece is told of when all of its leaves are there, and a buffer is used no more.</summary>
    private async ValueTask FinishOneAsync()
    {
        var work = _inFlight.Dequeue();
        var outcome = await work.EndAsync();
        if (work.Buffer is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        var piece = work.Leaves.Piece;
        if (!outcome.Succeeded)
        {
            End(outcome.Failure.Kind == FailureKind.Damaged ? RunEnd.Damaged : RunEnd.LocalFailure, piece, outcome.Failure);
            return;
        }

        Verified?.Invoke(work.Data.Length);
        _isPieceThere |= outcome.Value;
        if (!work.EndsPiece)
        {
            return;
        }

        if (_isPieceThere)
        {
            taken(piece);
        }
        else
        {
            End(RunEnd.Broken, piece, new Failure(FailureKind.Unavailable, $"of piece {piece} the beginning was lost again; it is fetched anew"));
        }

        _isPieceThere = false;
    }

    /// <summary>Notes how the run ends. Of several reasons the one that came first counts, and of one piece that its source lied.</summary>
    private void End(RunEnd how, int piece, Failure failure)
    {
        if (_early is not { } known || piece < known.Piece || (piece == known.Piece && how == RunEnd.Damaged))
        {
            _early = new RunResult(how, piece, failure);
        }
    }

    private async ValueTask<Outcome<int>> ReadAsync(ValueTask<int> reading)
    {
        try
        {
            var count = await reading;
            if (count == 0)
            {
                return new Failure(FailureKind.Unavailable, "the sender ended early");
            }

            Heard?.Invoke();
            return count;
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            return new Failure(FailureKind.Unavailable, $"the connection broke: {error.Message}");
        }
    }
}
