using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Cete.Api;
using Cete.Configuration;
using Cete.Core;
using Cete.Web.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;

namespace Cete.App.Compose;

/// <summary>How much one address may ask of the http port: a bucket of tokens each, of which every request takes one.</summary>
internal static class HttpRates
{
    private static readonly TimeSpan WaitAtLeast = TimeSpan.FromSeconds(1);

    /// <summary>Makes them known to an application that is to be built.</summary>
    /// <param name="services">Of that application.</param>
    /// <param name="settings">How much.</param>
    /// <param name="isFree">Requests that are never counted.</param>
    public static void Add(IServiceCollection services, HttpSettings settings, Func<HttpContext, bool> isFree)
    {
        if (settings.RequestsPerSecond == 0)
        {
            return;
        }

        services.AddRateLimiter(options =>
        {
            options.OnRejected = RefuseAsync;
            options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, IPAddress>(context =>
                Counted(context.Connection.RemoteIpAddress, settings.IsLoopbackLimited) is { } address && !isFree(context)
                    ? RateLimitPartition.GetTokenBucketLimiter(address, _ => Bucket(settings))
                    : RateLimitPartition.GetNoLimiter(IPAddress.None));
        });
    }

    /// <summary>Has them count in an application.</summary>
    public static void Use(WebApplication app, HttpSettings settings)
    {
        if (settings.RequestsPerSecond > 0)
        {
            app.UseRateLimiter();
        }
    }

    /// <summary>Under which address one is counted; null for one that is not.</summary>
    private static IPAddress? Counted(IPAddress? address, bool isLoopbackLimited)
    {
        var counted = ClientAddress.Of(address);
        return IPAddress.IsLoopback(counted) && !isLoopbackLimited ? null : counted;
    }

    private static TokenBucketRateLimiterOptions Bucket(HttpSettings settings)
    {
        // Whole tokens, about ten times a second, or as seldom as one is earned.
        var tokens = Math.Max(1, settings.RequestsPerSecond / 10);
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = settings.RequestsBurst,
            TokensPerPeriod = tokens,
            ReplenishmentPeriod = TimeSpan.FromSeconds((double)tokens / settings.RequestsPerSecond),
            QueueLimit = 0,
        };
    }

    private static ValueTask RefuseAsync(OnRejectedContext rejected, CancellationToken cancellation)
    {
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var told) && told > WaitAtLeast ? told : WaitAtLeast;
        var seconds = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var context = rejected.HttpContext;
        context.Response.Headers.RetryAfter = seconds;
        return new ValueTask(Answers.WriteAsync(
            context, new Failure(FailureKind.Throttled, $"too many requests come from your address; go on in {seconds} s, and more slowly")));
    }
}
