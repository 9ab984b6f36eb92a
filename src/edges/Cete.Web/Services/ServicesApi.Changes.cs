using System.Text.Json;
using Cete.Api;
using Cete.Core;
using Cete.Described;
using Cete.Web.Api;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Cete.Web.Services;

/// <content>What happens to records, as it happens.</content>
internal sealed partial class ServicesApi
{
    private const string EventStream = "text/event-stream";

    /// <summary>A comment so often shows both sides that the other is still there.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    /// <summary>Between two looks at the stream: many write at once, and each look costs a question.</summary>
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// A stream ends by itself, and its reader goes on with another one where it ended: what somebody may see is found out anew, and whether the session
    /// still is.
    /// </summary>
    private static readonly TimeSpan StreamLife = TimeSpan.FromMinutes(10);

    private async Task<IResult> ChangesAsync(HttpContext context, string service, string? after, CancellationToken stop)
    {
        var accept = context.Request.Headers.Accept.ToString();
        var isStream = accept.Contains(EventStream, StringComparison.OrdinalIgnoreCase)
            || (string.IsNullOrEmpty(after) && !accept.Contains("application/json", StringComparison.OrdinalIgnoreCase));
        var described = await services.DescribeAsync(service, stop);
        if (!described.Succeeded)
        {
            return ApiAnswers.Of(described.Failure);
        }

        context.Response.Headers.CacheControl = "no-store";
        if (!isStream)
        {
            var page = await services.ChangesAsync(service, string.IsNullOrEmpty(after) ? null : after, context.Visitor().Standing, stop);
            return ApiAnswers.Of(page.Then(found => ToList(found.Next, found.Events)), ServicesJson.Default.RecordEventList);
        }

        var visitor = context.Visitor();
        var place = listeners.Begin(visitor.Account is { } account ? account.ToString() : ApiAnswers.HostOf(context));
        if (!place.Succeeded)
        {
            return ApiAnswers.Of(place.Failure);
        }

        using (place.Value)
        {
            await StreamAsync(context, service, string.IsNullOrEmpty(after) ? null : after);
        }

        return Results.Empty;
    }

    private async Task StreamAsync(HttpContext context, string service, string? after)
    {
        var stopping = context.RequestServices.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None;
        using var life = new CancellationTokenSource(StreamLife, TimeProvider.System);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, context.RequestAborted, life.Token);
        var last = context.Request.Headers["Last-Event-ID"].ToString();
        var from = last.Length > 0 ? last : after;
        try
        {
            context.Response.ContentType = EventStream;
            while (true)
            {
                // What is written while it looks must not be slept over.
                var applied = services.Status.Applied;
                var page = await services.ChangesAsync(service, from, context.Visitor().Standing, end.Token);
                if (!page.Succeeded)
                {
                    await SendAsync(context, Ending(page.Failure), end.Token);
                    return;
                }

                // Where it goes on is said even where nothing is to be told, so that a reader who comes again does not begin far back.
                var (next, events) = page.Value;
                var hasMoved = next != from;
                await SendAsync(
                    context, string.Concat(ToList(next, events).Events.Select(ToText)) + (hasMoved ? $"id: {next}\n\n" : string.Empty), end.Token);
                from = next;
                if (!hasMoved)
                {
                    await WaitAsync(context, applied, from, end.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Whoever listened is gone, the node stops, or it was long enough: the reader comes again with where it ended.
        }
    }

    /// <summary>Waits until something was written anywhere in the group.</summary>
    private async Task WaitAsync(HttpContext context, long applied, string position, CancellationToken end)
    {
        await Task.Delay(PauseMin, TimeProvider.System, end);
        while (true)
        {
            using var beat = new CancellationTokenSource(Beat, TimeProvider.System);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(beat.Token, end);
            try
            {
                await services.WaitForAppliedAsync(applied, either.Token);
                return;
            }
            catch (OperationCanceledException) when (!end.IsCancellationRequested)
            {
                await SendAsync(context, $": still here\nid: {position}\n\n", end);
            }
        }
    }

    private static async Task SendAsync(HttpContext context, string text, CancellationToken end)
    {
        if (text.Length > 0)
        {
            await context.Response.WriteAsync(text, end);
            await context.Response.Body.FlushAsync(end);
        }
    }

    /// <summary>Told that a position is gone, a reader reads the lists again, and the stream from now on.</summary>
    private static string Ending(Failure failure)
    {
        var name = failure.Kind == FailureKind.Expired ? "gone" : "failed";
        return $"event: {name}\nid:\ndata: {JsonSerializer.Serialize(Problems.Of(failure), ApiJson.Default.Problem)}\n\n";
    }

    private static string ToText(RecordEventInfo told) =>
        $"event: {told.What}\nid: {told.Position}\ndata: {JsonSerializer.Serialize(told, ServicesJson.Default.RecordEventInfo)}\n\n";

    /// <summary>Positions are told with the feed's epoch, as the next one is.</summary>
    private static RecordEventList ToList(string next, IReadOnlyList<RecordEvent> events)
    {
        var (epoch, _) = StreamPosition.Read(next);
        return new RecordEventList([.. events.Select(one => one.ToInfo(StreamPosition.Write(epoch, one.Position)))], next);
    }
}
