using Cete.Api;
using Cete.Core;
using Cete.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Cete.Web.Security;

/// <summary>
/// Refuses, at both doors of every node, whatever is asked about a content that was taken down: 451 (RFC 7725), with why and how to appeal. An address
/// names a content by its root, so one look at addresses covers the content itself, its leaves, its ID file, its sources and its swarm.
/// </summary>
public static class TakenDownGuard
{
    private const int RootLength = Hash256.Size * 2;

    private static readonly string[] OfContents = [Routes.Content, Routes.Contents, Routes.Swarm, Routes.FolderAs];

    /// <summary>Looks at every request.</summary>
    /// <param name="app">The application.</param>
    /// <param name="refuse">Why a content is not to be had; null where nothing is against it.</param>
    public static void Use(IApplicationBuilder app, Func<Hash256, Failure?> refuse) => app.Use(async (context, next) =>
    {
        if (RootIn(context.Request.Path) is { } root && refuse(root) is { } failure)
        {
            if (!StatusPages.IsForPerson(context))
            {
                await Answers.WriteAsync(context, failure);
                return;
            }

            StatusPages.LeaveToPage(context, failure);
        }

        await next(context);
    });

    /// <summary>The content that an address is about; null where it is about none.</summary>
    internal static Hash256? RootIn(PathString path)
    {
        if (path.Value is not { Length: > RootLength } text || !OfContents.Any(start => path.StartsWithSegments(start, StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        foreach (var part in text.AsSpan().Split('/'))
        {
            var segment = text.AsSpan(part);
            if (segment.Length == RootLength && Hash256.TryParse(segment.ToString(), out var root))
            {
                return root;
            }
        }

        return null;
    }
}
