using Cete.Net.Payments;
using Cete.Ports;
using Microsoft.AspNetCore.Http;

namespace Cete.Net;

/// <summary>Writes bytes of one content into one answer, as they are there. To be disposed when it is answered.</summary>
internal sealed class ContentSender(HttpContext context, IContentFile content, Passage passage, TimeProvider clock) : IDisposable
{
    /// <summary>A live stream that has not grown for this long is broken off: its own source is gone, and the reader has others.</summary>
    private static readonly TimeSpan StallMax = TimeSpan.FromSeconds(60);

    private const int ChunkSize = 256 * 1024;

    private CancellationTokenSource? _stalled;
    private CancellationTokenSource? _either;

    /// <summary>Bytes of the content that were sent.</summary>
    public long Sent { get; private set; }

    /// <summary>
    /// Sends bytes from one offset to another. False when it ended before: the reader has gone, or what was promised does not come and the answer was broken off.
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
            var memory = writer.GetMemory((int)Math.Min(ChunkSize, end - offset));
            var count = await content.ReadAsync(memory[..(int)Math.Min(memory.Length, end - offset)], offset, gone);
            if (count == 0)
            {
                context.Abort();
                return false;
            }

            writer.Advance(count);
            offset += count;
            Sent += count;
            ContentMetrics.Sent(count);
            if ((await writer.FlushAsync(gone)).IsCompleted)
            {
                return false;
            }
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
