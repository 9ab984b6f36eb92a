using Cete.Net.Payments;
using Cete.Net.Swarms;
using Cete.Ports;
using Microsoft.AspNetCore.Http;

namespace Cete.Net;

/// <summary>Writes bytes of one content into one answer, as they are there. To be disposed when it is answered.</summary>
internal sealed class ContentSender(HttpContext context, IContentFile content, Passage passage, TimeProvider clock) : IDisposable
{
    /// <summary>A live stream that has not grown for this long is broken off: its own source is gone, and the reader has others.</summary>
    private static readonly TimeSpan StallMax = TimeSpan.FromSeconds(60);

    /// <summary>
    /// What is handed over at a time stays in memory until the reader has taken it: as much as goes out in a moment, little for each of a thousand slow
    /// readers.
    /// </summary>
    private const int ChunkMin = 16 * 1024;
    private const int ChunkUsual = 32 * 1024;
    private const int ChunkMax = 256 * 1024;

    /// <summary>More than the system takes for a reader that does not read.</summary>
    private const long QuickFrom = 8 * 1024 * 1024;
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(100);

    private readonly PeerKey? _peer = context.Features.Get<PeerKey>();
    private int _chunk = ChunkUsual;
    private CancellationTokenSource? _stalled;
    private CancellationTokenSource? _either;

    /// <summary>Bytes of the content that were sent.</summary>
    public long Sent { get; private set; }

    /// <summary>
    /// Sends bytes from one offset to another. False when it ended before: the reader has gone, or what was promised does not come and the answer was
    /// broken off.
    /// </summary>
    public async Task<bool> SendAsync(long offset, long end)
    {
        var writer = context.Response.BodyWriter;
        var gone = context.RequestAborted;
        while (offset < end)
        {
            if (!await WaitAsync(offset))
            {
                return false;
            }

            await passage.TurnAsync(gone);
            var pace = _peer?.Pace is { IsOpen: false } limited ? limited : null;
            var most = (int)Math.Min(pace is null ? _chunk : Math.Min(_chunk, pace.Turn), end - offset);
            var memory = writer.GetMemory(most);
            var count = await content.ReadAsync(memory[..Math.Min(memory.Length, most)], offset, gone);
            if (count == 0)
            {
                context.Abort();
                return false;
            }

            if (pace is not null)
            {
                await pace.WaitAsync(_peer!.Key, count, gone);
            }

            writer.Advance(count);
            offset += count;
            Sent += count;
            ContentMetrics.Sent(count);
            _peer?.Sent?.Invoke(count);
            var began = clock.GetTimestamp();
            if ((await writer.FlushAsync(gone)).IsCompleted)
            {
                return false;
            }

            var took = clock.GetElapsedTime(began);
            _chunk = took < Quick ? Math.Min(2 * _chunk, Sent > QuickFrom ? ChunkMax : ChunkUsual) : took > Slow ? Math.Max(_chunk / 2, ChunkMin) : _chunk;
        }

        return true;
    }

    /// <summary>Done when there are bytes at an offset. False when none will come: then the answer was broken off.</summary>
    public async ValueTask<bool> WaitAsync(long offset)
    {
        while (content.AvailableFrom(offset) == 0)
        {
            // What was verified so far must not wait in a buffer for what comes next.
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
            if (!await GrowAsync(offset))
            {
                context.Abort();
                return false;
            }
        }

        return true;
    }

    public void Dispose()
    {
        _either?.Dispose();
        _stalled?.Dispose();
    }

    private async Task<bool> GrowAsync(long offset)
    {
        // One alarm for all waits of an answer: a live stream waits for every leaf.
        _stalled ??= new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        _either ??= CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stalled.Token);
        _stalled.CancelAfter(StallMax);
        try
        {
            return await content.WaitForMoreAsync(offset, _either.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        finally
        {
            _stalled.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }
}
