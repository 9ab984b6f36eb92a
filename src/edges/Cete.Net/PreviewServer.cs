using Cete.Api;
using Cete.Core;
using Cete.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Cete.Net;

/// <summary>
/// Sends a file of a user's own while it is being downloaded, whole or in part: a reader that comes to a piece which is missing waits for it, and the download
/// is told. Verified bytes alone are sent.
/// </summary>
/// <param name="clock">For readers that wait in vain.</param>
public sealed class PreviewServer(TimeProvider clock)
{
    /// <summary>Readers at a time: a player opens a few connections.</summary>
    private const int ReadersMax = 16;

    private const int BufferSize = 64 * 1024;

    /// <summary>What is urged at a time: some seconds of a film.</summary>
    private const int UrgedBytes = 4 * 1024 * 1024;

    /// <summary>Longer than that no player waits.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(60);

    private int _readers;

    /// <summary>Answers a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="file">What is asked for; disposed here.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="urge">Is told which pieces are waited for: the first, and how many.</param>
    public async Task ServeAsync(HttpContext context, IContentFile file, string name, Action<int, int> urge)
    {
        using var content = file;
        var tag = new EntityTagHeaderValue($"\"{content.Manifest!.Root}\"");
        ContentServer.Describe(context, tag, name, isForever: false);
        if (ContentServer.Judge(context, tag, content.Length) is not { } range || !HttpMethods.IsGet(context.Request.Method))
        {
            return;
        }

        if (Interlocked.Increment(ref _readers) > ReadersMax)
        {
            Interlocked.Decrement(ref _readers);
            context.Response.Clear();
            await Answers.WriteAsync(context, new Failure(FailureKind.Unavailable, "too many look at downloads at once; close some players first"));
            return;
        }

        try
        {
            await SendAsync(context, content, range, urge);
        }
        catch (OperationCanceledException)
        {
            // A player that seeks leaves one request for another.
            context.Abort();
        }
        finally
        {
            Interlocked.Decrement(ref _readers);
        }
    }

    private async Task SendAsync(HttpContext context, IContentFile content, ByteRange range, Action<int, int> urge)
    {
        var gone = context.RequestAborted;
        var writer = context.Response.BodyWriter;
        for (var (offset, end) = (range.Offset, range.Offset + range.Length); offset < end;)
        {
            if (content.AvailableFrom(offset) == 0 && !await WaitAsync(context, content, offset, urge))
            {
                context.Abort();
                return;
            }

            var memory = writer.GetMemory(BufferSize);
            var count = await content.ReadAsync(memory[..(int)Math.Min(memory.Length, end - offset)], offset, gone);
            if (count == 0)
            {
                context.Abort();
                return;
            }

            writer.Advance(count);
            offset += count;
            if ((await writer.FlushAsync(gone)).IsCompleted)
            {
                return;
            }
        }
    }

    /// <summary>Waits for bytes at an offset; false when none will come.</summary>
    private async Task<bool> WaitAsync(HttpContext context, IContentFile content, long offset, Action<int, int> urge)
    {
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        urge((int)(offset / content.PieceLength), Math.Max(1, UrgedBytes / content.PieceLength));
        using var patience = new CancellationTokenSource(WaitMax, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, context.RequestAborted);
        while (content.AvailableFrom(offset) == 0)
        {
            if (!await content.WaitForMoreAsync(offset, either.Token))
            {
                return false;
            }
        }

        return true;
    }
}
