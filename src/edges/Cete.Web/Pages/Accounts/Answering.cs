using System.Globalization;
using Cete.Api;
using Cete.Core;
using Microsoft.AspNetCore.Http;

namespace Cete.Web.Pages.Accounts;

/// <summary>How pages with forms answer.</summary>
internal static class Answering
{
    /// <summary>Seconds after which a try that was one too many may be worth something again; the text says how long exactly.</summary>
    private const int RetrySeconds = 5;

    /// <summary>Has the browser open another page: what a form did is not done again when that is loaded again.</summary>
    public static void GoTo(HttpContext context, string address)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = address;
        KeepToSelf(context);
    }

    /// <summary>Nobody keeps a copy: neither a browser that others sit down at later, nor what stands between.</summary>
    public static void KeepToSelf(HttpContext context) => context.Response.Headers.CacheControl = "no-store";

    /// <summary>A failure as the page of its form says it.</summary>
    public static Notice Fault(HttpContext context, Failure failure)
    {
        if (failure.Kind is FailureKind.Throttled or FailureKind.Unavailable)
        {
            context.Response.Headers.RetryAfter = Answers.RetryAfter(failure) ?? RetrySeconds.ToString(CultureInfo.InvariantCulture);
        }

        return new Notice(char.ToUpperInvariant(failure.Message[0]) + failure.Message[1..] + (failure.Message[^1] == '.' ? string.Empty : "."), IsFault: true);
    }
}
