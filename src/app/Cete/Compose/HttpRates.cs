using System.Globalization;
using System.Net;
using Cete.Api;
using Cete.Configuration;
using Cete.Core;
using Cete.Web.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Cete.App.Compose;

/// <summary>How much one address may ask of the http port.</summary>
internal static class HttpRates
{
    /// <summary>Has them count in an application.</summary>
    /// <param name="app">The application.</param>
    /// <param name="settings">How much.</param>
    /// <param name="isFree">Requests that are never counted.</param>
    public static void Use(WebApplication app, HttpSettings settings, Func<HttpContext, bool> isFree)
    {
        if (settings.RequestsPerSecond == 0)
        {
            return;
        }

        var rates = new AddressRates(settings.RequestsPerSecond, settings.RequestsBurst, TimeProvider.System);
        app.Use((context, next) =>
            Counted(context.Connection.RemoteIpAddress, settings.IsLoopbackLimited) is { } address && !isFree(context) && rates.Take(address) is { } wait
                ? RefuseAsync(context, wait)
                : next(context));
    }

    /// <summary>Under which address one is counted; null for one that is not.</summary>
    private static IPAddress? Counted(IPAddress? address, bool isLoopbackLimited)
    {
        var counted = ClientAddress.Of(address);
        return IPAddress.IsLoopback(counted) && !isLoopbackLimited ? null : counted;
    }

    private static Task RefuseAsync(HttpContext context, TimeSpan wait)
    {
        var seconds = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        context.Response.Headers.RetryAfter = seconds;
        return Answers.WriteAsync(
            context, new Failure(FailureKind.Throttled, $"too many requests come from your address; go on in {seconds} s, and more slowly"));
    }
}
