using System.Collections.Concurrent;
using Cete.Api;
using Cete.Core;

namespace Cete.Net.Tickets;

/// <summary>Asks a community's nodes for tickets, and keeps each until shortly before it ends. For several callers at once.</summary>
/// <param name="node">A node of the community, as somebody who may read there.</param>
/// <param name="clock">The time here.</param>
public sealed class NodeTickets(NodeClient node, TimeProvider clock) : ITicketSource
{
    /// <summary>A ticket is not shown when it ends so soon: the peer's clock may be ahead.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(1);

    private const int KeptMax = 1_000;

    private readonly ConcurrentDictionary<Hash256, TicketAnswer> _kept = new();

    /// <inheritdoc/>
    public async Task<Outcome<string>> FindAsync(KeyId community, Hash256 content, KeyId key, CancellationToken cancellation)
    {
        if (_kept.TryGetValue(content, out var kept) && kept.Until - Early > clock.GetUtcNow())
        {
            return kept.Ticket;
        }

        var answer = await node.PostAsync(
            Routes.Tickets, new TicketRequest(content.ToString(), key.ToString()), ApiJson.Default.TicketRequest, ApiJson.Default.TicketAnswer, cancellation);
        if (!answer.Succeeded)
        {
            return answer.Failure;
        }

        if (_kept.Count >= KeptMax)
        {
            _kept.Clear();
        }

        _kept[content] = answer.Value;
        return answer.Value.Ticket;
    }
}
