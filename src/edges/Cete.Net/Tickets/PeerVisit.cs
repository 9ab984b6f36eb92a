using Cete.Core;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Cete.Net.Tickets;

/// <summary>
/// What was found out about whoever made a connection, and the tickets that counted on it: a peer asks hundreds of times a minute, and a signature costs
/// more than the answer. HTTP/1.1 has one request at a time on a connection.
/// </summary>
public sealed class PeerVisit
{
    /// <summary>Contents that one connection asks for.</summary>
    private const int TicketsMax = 64;

    private static readonly object Item = new();

    private readonly Dictionary<Hash256, (string Text, Instant Until)> _tickets = [];

    private PeerVisit()
    {
    }

    /// <summary>The key that made the connection; null before somebody looked.</summary>
    public KeyId? Key { get; set; }

    /// <summary>Of the connection that a request came on.</summary>
    public static PeerVisit Of(HttpContext context)
    {
        if (context.Features.Get<IConnectionItemsFeature>()?.Items is not { } items)
        {
            return new PeerVisit();
        }

        if (items.TryGetValue(Item, out var known))
        {
            return (PeerVisit)known!;
        }

        var visit = new PeerVisit();
        items[Item] = visit;
        return visit;
    }

    /// <summary>Whether a ticket counted on this connection, and has not ended since.</summary>
    public bool Counts(in Hash256 content, ReadOnlySpan<char> ticket, Instant now) =>
        _tickets.TryGetValue(content, out var known) && known.Until > now && ticket.SequenceEqual(known.Text);

    /// <summary>A ticket counted.</summary>
    public void Remember(in Hash256 content, string ticket, Instant until)
    {
        if (_tickets.Count >= TicketsMax)
        {
            _tickets.Clear();
        }

        _tickets[content] = (ticket, until);
    }
}
