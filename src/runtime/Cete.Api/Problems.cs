using Cete.Core;

namespace Cete.Api;

/// <summary>The one place where failures become HTTP, and HTTP failures again.</summary>
public static class Problems
{
    /// <summary>The media type of RFC 9457.</summary>
    public const string MediaType = "application/problem+json";

    public static int StatusOf(FailureKind kind) => kind switch
    {
        FailureKind.Invalid => 400,
        FailureKind.Forbidden => 403,
        FailureKind.NotFound => 404,
        FailureKind.Conflict => 409,
        FailureKind.Expired => 410,
        FailureKind.TooLarge => 413,
        FailureKind.Damaged => 422,
        FailureKind.Full => 507,
        FailureKind.Unauthenticated => 401,
        FailureKind.Throttled => 429,
        FailureKind.Unpaid => 402,
        FailureKind.TakenDown => 451,
        _ => 503,
    };

    public static Problem Of(Failure failure) => new(
        $"urn:cete:problem:{CodeOf(failure.Kind)}", TitleOf(failure.Kind), StatusOf(failure.Kind), failure.Message, CodeOf(failure.Kind));

    /// <summary>The failure that a problem came from; one from elsewhere is judged by its status.</summary>
    public static Failure ToFailure(Problem? problem, int status)
    {
        foreach (var kind in Enum.GetValues<FailureKind>())
        {
            if (problem is not null && CodeOf(kind) == problem.Code)
            {
                return new Failure(kind, problem.Detail ?? TitleOf(kind));
            }
        }

        var byStatus = status switch
        {
            401 => FailureKind.Unauthenticated,
            402 => FailureKind.Unpaid,
            403 => FailureKind.Forbidden,
            404 => FailureKind.NotFound,
            409 => FailureKind.Conflict,
            413 => FailureKind.TooLarge,
            429 => FailureKind.Throttled,
            451 => FailureKind.TakenDown,
            >= 500 => FailureKind.Unavailable,
            _ => FailureKind.Invalid,
        };
        return new Failure(byStatus, problem?.Detail is { Length: > 0 } detail ? detail : $"the server answered with status {status}");
    }

    private static string CodeOf(FailureKind kind) => kind switch
    {
        FailureKind.NotFound => "not-found",
        FailureKind.TooLarge => "too-large",
        FailureKind.TakenDown => "taken-down",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private static string TitleOf(FailureKind kind) => kind switch
    {
        FailureKind.Invalid => "The request cannot be understood",
        FailureKind.Forbidden => "Not allowed",
        FailureKind.NotFound => "Not found",
        FailureKind.Conflict => "It clashes with what is there",
        FailureKind.Expired => "Too old to be recognized",
        FailureKind.TooLarge => "Over a bound",
        FailureKind.Damaged => "Damaged",
        FailureKind.Full => "No room",
        FailureKind.Unauthenticated => "Log in first",
        FailureKind.Throttled => "Too much at once",
        FailureKind.Unpaid => "It costs credits",
        FailureKind.TakenDown => "Taken down by the community",
        _ => "Not available now",
    };
}
