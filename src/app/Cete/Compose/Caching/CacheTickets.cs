using System.Collections.Concurrent;
using System.Text;
using Cete.App.Compose.Community;
using Cete.Core;
using Cete.Index.Swarms;
using Cete.Net.Tickets;
using Cete.Ports;
using Cete.Trust.Tickets;

namespace Cete.App.Compose.Caching;

/// <summary>Makes tickets for caches of the community, on a node with accounts: a key that the fabric knows needs no session.</summary>
internal sealed class TicketDesk(TicketIssuer issuer)
{
    /// <summary>A ticket for whoever has a key.</summary>
    public Ticket Issue(Hash256 content, KeyId holder) => issuer.ForKey(content, holder);

    /// <summary>Answers a request of <see cref="FabricTopic.Ticket"/>: a root, for which a ticket comes back.</summary>
    public Outcome<ReadOnlyMemory<byte>> Answer(FabricRequest request) =>
        request.Peer is not { } peer || !peer.Roles.Contains(RemoteSwarms.CacheRole)
            ? new Failure(FailureKind.Forbidden, $"nodes with the role '{RemoteSwarms.CacheRole}' get tickets here")
            : request.Body.Length != Hash256.Size
                ? new Failure(FailureKind.Invalid, "a ticket is asked for by the root of a content: 32 bytes")
                : Outcome.Of<ReadOnlyMemory<byte>>(Encoding.ASCII.GetBytes(Issue(new Hash256(request.Body.Span), peer.Id).ToString()));
}

/// <summary>Where a cache gets its tickets: from its own node, or from those that keep the accounts. Each is kept until shortly before it ends.</summary>
internal sealed class CacheTickets(NodeCluster cluster, TimeProvider clock) : ITicketSource
{
    private const int KeptMax = 1_000;
    private static readonly TimeSpan Kept = Ticket.LifeMax - TimeSpan.FromMinutes(2);
    private readonly ConcurrentDictionary<Hash256, (string Ticket, long At)> _kept = new();

    /// <inheritdoc/>
    public async Task<Outcome<string>> FindAsync(KeyId community, Hash256 content, KeyId key, CancellationToken cancellation)
    {
        if (_kept.TryGetValue(content, out var kept) && clock.GetElapsedTime(kept.At) < Kept)
        {
            return kept.Ticket;
        }

        var asked = clock.GetTimestamp();
        var ticket = await cluster.TicketAsync(content, cancellation);
        if (ticket.Succeeded)
        {
            if (_kept.Count >= KeptMax)
            {
                _kept.Clear();
            }

            _kept[content] = (ticket.Value, asked);
        }

        return ticket;
    }
}
