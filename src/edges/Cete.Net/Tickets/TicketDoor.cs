using Cete.Api;
using Cete.Core;
using Cete.Trust.Tickets;
using Microsoft.AspNetCore.Http;

namespace Cete.Net.Tickets;

/// <summary>Lets those in who have no other right to a content than a ticket for it.</summary>
/// <param name="verifier">Tells which tickets count.</param>
/// <param name="meter">Counts what capabilities cost.</param>
public sealed class TicketDoor(TicketVerifier verifier, CapabilityMeter meter)
{
    /// <summary>Null where a request asks for a content that its ticket is for, else why it is refused.</summary>
    /// <param name="context">The request.</param>
    /// <param name="holder">The key that made the connection; null at the web door.</param>
    public Failure? Judge(HttpContext context, KeyId? holder)
    {
        var request = context.Request;
        if (!IsOpened(request) || ContentOf(request.Path) is not { } content)
        {
            return new Failure(FailureKind.Forbidden, "a ticket opens the content alone that it is for: GET /content/ROOT");
        }

        if (Shown(request, holder) is not { Length: > 0 } text)
        {
            return new Failure(FailureKind.Unauthenticated, $"to download here takes a ticket in the field {Headers.Ticket}; nodes that keep the accounts make them");
        }

        var visit = holder is null ? null : PeerVisit.Of(context);
        if (visit?.Counts(content, text, Instant.From(TimeProvider.System.GetUtcNow())) == true)
        {
            return null;
        }

        var ticket = verifier.Verify(text, content, holder);
        if (!ticket.Succeeded)
        {
            return ticket.Failure;
        }

        if (ticket.Value.BytesMax == 0)
        {
            visit?.Remember(content, text, ticket.Value.Until);
        }

        if (ticket.Value.BytesMax > 0)
        {
            var use = meter.Find(ticket.Value);
            if (!use.Succeeded)
            {
                return use.Failure;
            }

            context.Features.Set(use.Value);
        }

        return null;
    }

    /// <summary>Reading, and telling a peer what one has oneself.</summary>
    private static bool IsOpened(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)
        || (HttpMethods.IsPost(request.Method) && request.Path.StartsWithSegments(Routes.Swarm, StringComparison.Ordinal));

    private static string? Shown(HttpRequest request, KeyId? holder) =>
        holder is null ? request.Query[Routes.Capability] : request.Headers[Headers.Ticket];

    /// <summary>The content that an address is about; null for none.</summary>
    internal static Hash256? ContentOf(PathString path) =>
        (path.StartsWithSegments(Routes.Content, StringComparison.Ordinal, out var rest)
            || path.StartsWithSegments(Routes.Swarm, StringComparison.Ordinal, out rest))
        && Hash256.TryParse(rest.Value?.Split('/') is [_, var root, ..] ? root : null, out var content)
            ? content
            : null;
}
