using System.Buffers;
using Cete.Core;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.Net;

/// <summary>
/// Takes a stream of bytes apart into pieces and hands each to a content, which verifies and writes it. Hashing runs on other threads while
/// the next piece is read; a few pieces in flight bound the memory whatever the length of the content.
/// </summary>
internal sealed class PieceIntake(IContentFile target, Action<int>? taken)
{
    /// <summary>Pieces that are being read, verified or written at once.</summary>
    private static readonly int InFlightMax = Math.Clamp(Environment.ProcessorCount, 2, 8) + 1;

    private readonly Queue<(int Piece, Task<Outcome<bool>> Work)> _inFlight = new();

    /// <summary>Called whenever bytes came.</summary>
    public Action? Heard { get; init; }

    /// <summary>
    /// Reads pieces from <paramref name="first"/> up to but not including <paramref name="end"/>, which is asked anew before each piece. Tells
    /// the first piece not taken and, when that came early, why.
    /// </summary>
    public async Task<RunResult> RunAsync(Stream source, int first, Func<int> end, CancellationToken cancellation)
    {
        var piece = first;
        RunResult? early = null;
        try
        {
            while (early is null && piece < end())
            {
                var length = Manifest.LengthOfPiece(piece, target.Length, target.PieceLength);
                var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(length, 1));
                var read = await ReadAsync(source, buffer.AsMemory(0, length), cancellation);
                if (!read.Succeeded)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    early = new RunResult(RunEnd.Broken, piece, read.Failure);
                    break;
                }

                var number = piece++;
                _inFlight.Enqueue((number, Task.Run(() => Take(number, buffer, length), CancellationToken.None)));
                early = _inFlight.Count >= InFlightMax ? await FinishOneAsync() : null;
            }
        }
        finally
        {
            while (_inFlight.Count > 0)
            {
                var failed = await FinishOneAsync();
                early = failed ?? early;
            }
        }

        return early ?? new RunResult(RunEnd.Completed, piece, null);
    }

    private async Task<Outcome<bool>> ReadAsync(Stream source, Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            while (buffer.Length > 0)
            {
                var count = await source.ReadAsync(buffer, cancellation);
                if (count == 0)
                {
                    return new Failure(FailureKind.Unavailable, "the sender ended early");
                }

                buffer = buffer[count..];
                Heard?.Invoke();
            }

            return true;
        }
        catch (Exception error) when (error is IOException or HttpRequestException or Microsoft.AspNetCore.Http.BadHttpRequestException)
        {
            return new Failure(FailureKind.Unavailable, $"the connection broke: {error.Message}");
        }
    }

    private Outcome<bool> Take(int piece, byte[] buffer, int length)
    {
        try
        {
            return target.Write(piece, buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<RunResult?> FinishOneAsync()
    {
        var (piece, work) = _inFlight.Dequeue();
        var outcome = await work;
        if (outcome.Succeeded)
        {
            taken?.Invoke(piece);
            return null;
        }

        return new RunResult(outcome.Failure.Kind == FailureKind.Damaged ? RunEnd.Damaged : RunEnd.LocalFailure, piece, outcome.Failure);
    }
}
