using System.Buffers;
using Cete.Core;
using Cete.Ports;
using Cete.Swarm;
using Microsoft.AspNetCore.Http;

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
    /// <param name="source">The bytes.</param>
    /// <param name="first">The first piece.</param>
    /// <param name="end">One past the last piece.</param>
    /// <param name="mayEnd">The sender may end behind any whole piece.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<RunResult> RunAsync(Stream source, int first, Func<int> end, bool mayEnd, CancellationToken cancellation)
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
                if (!read.Succeeded || read.Value < length)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    var ended = read.Failure ?? new Failure(FailureKind.Unavailable, "the sender ended early");
                    early = mayEnd && read is { Succeeded: true, Value: 0 }
                        ? new RunResult(RunEnd.Completed, piece, null)
                        : new RunResult(RunEnd.Broken, piece, ended);
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
                // What is in flight came before what broke off, and the first of it that failed counts.
                var failed = await FinishOneAsync();
                early = failed is { } f && (early is not { } e || f.Piece < e.Piece) ? failed : early;
            }
        }

        return early ?? new RunResult(RunEnd.Completed, piece, null);
    }

    private async Task<Outcome<int>> ReadAsync(Stream source, Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            var read = 0;
            while (read < buffer.Length)
            {
                var count = await source.ReadAsync(buffer[read..], cancellation);
                if (count == 0)
                {
                    break;
                }

                read += count;
                Heard?.Invoke();
            }

            return read;
        }
        catch (BadHttpRequestException error)
        {
            var kind = error.StatusCode == StatusCodes.Status413PayloadTooLarge ? FailureKind.TooLarge : FailureKind.Invalid;
            return new Failure(kind, error.Message);
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
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
