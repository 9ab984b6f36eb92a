using System.Text.Json;
using Cete.Api;
using Cete.App.Output;
using Cete.Core;
using Microsoft.AspNetCore.Http;

namespace Cete.App.Compose;

/// <summary>The last net under every request: what no route answered becomes problem details, and no stack trace leaves the node.</summary>
internal static class HttpFaults
{
    public static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (BadHttpRequestException error) when (!context.Response.HasStarted)
        {
            var kind = error.StatusCode == StatusCodes.Status413PayloadTooLarge ? FailureKind.TooLarge : FailureKind.Invalid;
            await WriteAsync(context, new Failure(kind, error.Message));
        }
        catch (IOException) when (!context.Response.HasStarted)
        {
            await WriteAsync(context, new Failure(FailureKind.Unavailable, "the disk of the node failed; try again, or another node"));
        }
        catch (Exception bug) when (!context.Response.HasStarted && bug is not IOException)
        {
            Report(context, bug);
            await WriteAsync(context, new Failure(FailureKind.Unavailable, "the node made a mistake; its log says more"));
        }
    }

    /// <summary>Says a bug where the operator sees it; whoever asked learns only that there was one.</summary>
    public static void Report(HttpContext context, Exception bug) =>
        NodeLog.RequestFailed(NodeLog.Log, bug, context.Request.Method, context.Request.Path);

    private static async Task WriteAsync(HttpContext context, Failure failure)
    {
        context.Response.Clear();
        context.Response.StatusCode = Problems.StatusOf(failure.Kind);
        context.Response.ContentType = Problems.MediaType;
        await JsonSerializer.SerializeAsync(context.Response.Body, Problems.Of(failure), ApiJson.Default.Problem, context.RequestAborted);
    }
}
