using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cete.Core;
using Microsoft.AspNetCore.Http;

namespace Cete.Api;

/// <summary>Failures and values as HTTP answers, and bodies as values: every address answers through here.</summary>
public static class Answers
{
    /// <summary>Writes a failure as problem details.</summary>
    public static Task WriteAsync(HttpContext context, Failure failure) => Of(failure).ExecuteAsync(context);

    /// <summary>A failure as problem details (RFC 9457), with when it may be tried again where that is known.</summary>
    public static IResult Of(Failure failure) => new ProblemResult(failure);

    /// <summary>The seconds of <c>Retry-After</c> (RFC 9110 §10.2.3); null where nobody can tell.</summary>
    public static string? RetryAfter(Failure failure) => failure.RetryAfter is { } wait
        ? Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture)
        : null;

    /// <summary>A value as JSON.</summary>
    public static IResult Of<T>(T value, JsonTypeInfo<T> type) => Results.Json(value, type);

    /// <summary>The body as a value, or what is wrong with it.</summary>
    public static async Task<Outcome<T>> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type)
        where T : class
    {
        // Other types are what pages of strangers can send from a browser without being asked first.
        if (!request.HasJsonContentType())
        {
            return new Failure(FailureKind.Invalid, "the body is JSON, sent with the Content-Type application/json");
        }

        try
        {
            var value = await JsonSerializer.DeserializeAsync(request.Body, type, request.HttpContext.RequestAborted);
            return value is null ? new Failure(FailureKind.Invalid, "the body is empty") : value;
        }
        catch (JsonException error)
        {
            return new Failure(FailureKind.Invalid, $"the body is not the JSON that is expected here: {error.Message}");
        }
        catch (BadHttpRequestException error)
        {
            var kind = error.StatusCode == StatusCodes.Status413PayloadTooLarge ? FailureKind.TooLarge : FailureKind.Invalid;
            return new Failure(kind, error.Message);
        }
    }

    private sealed class ProblemResult(Failure failure) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            if (RetryAfter(failure) is { } seconds)
            {
                httpContext.Response.Headers.RetryAfter = seconds;
            }

            return Results.Json(Problems.Of(failure), ApiJson.Default.Problem, Problems.MediaType, Problems.StatusOf(failure.Kind))
                .ExecuteAsync(httpContext);
        }
    }
}
