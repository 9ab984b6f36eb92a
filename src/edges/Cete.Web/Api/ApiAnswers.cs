using System.Globalization;
using System.Net;
using System.Text.Json.Serialization.Metadata;
using Cete.Api;
using Cete.Core;
using Cete.Groups;
using Microsoft.AspNetCore.Http;

namespace Cete.Web.Api;

/// <summary>Bodies in, outcomes out: every route of the API answers through here.</summary>
internal static class ApiAnswers
{
    public static IResult Of(Failure failure) => Answers.Of(failure);

    /// <summary>The address that a request came from.</summary>
    public static string HostOf(HttpContext context) => context.Connection.RemoteIpAddress is { } address
        ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString()
        : IPAddress.Loopback.ToString();

    public static IResult Of<T>(Outcome<T> outcome, JsonTypeInfo<T> type) =>
        outcome.Succeeded ? Results.Json(outcome.Value, type) : Of(outcome.Failure);

    /// <summary>Carries out a command: the body and the request id are read first.</summary>
    public static async Task<IResult> CommandAsync<TBody, TAnswer>(
        HttpContext context, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, Func<TBody, RequestId?, Task<Outcome<TAnswer>>> run)
        where TBody : class
    {
        var body = await Answers.ReadAsync(context.Request, bodyType);
        var id = ReadRequestId(context.Request);
        return body.Failure is { } failure ? Of(failure)
            : id.Failure is { } badId ? Of(badId)
            : Of(await run(body.Value, id.Value), answerType);
    }

    /// <summary>A path from a body, where it may be missing.</summary>
    public static Outcome<EntryPath> ReadPath(string? text, string member) =>
        text is null ? new Failure(FailureKind.Invalid, $"'{member}' is missing") : EntryPath.Parse(text);

    /// <summary>A number from an address; the default when absent.</summary>
    public static Outcome<int> ReadNumber(string? text, string name, int absent) =>
        string.IsNullOrEmpty(text) ? absent
            : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
            : new Failure(FailureKind.Invalid, $"'{name}' is a whole number");

    /// <summary>The id that makes a command happen once; none when the field is absent.</summary>
    public static Outcome<RequestId?> ReadRequestId(HttpRequest request)
    {
        var field = request.Headers[Headers.IdempotencyKey].ToString();
        if (field.Length == 0)
        {
            return (RequestId?)null;
        }

        var slash = field.LastIndexOf('/');
        if (slash > 0 && long.TryParse(field.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
        {
            var session = field[..slash];
            return RequestId.Check(session, sequence) is { } failure ? failure : new RequestId(session, sequence);
        }

        return new Failure(FailureKind.Invalid, $"{Headers.IdempotencyKey} has the form SESSION/SEQUENCE");
    }
}
