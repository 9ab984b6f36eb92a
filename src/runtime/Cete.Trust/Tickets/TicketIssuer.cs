using Cete.Core;
using Cete.Ports;

namespace Cete.Trust.Tickets;

/// <summary>Makes tickets, on a node with the role <c>accounts</c>.</summary>
/// <param name="signer">The node's key.</param>
/// <param name="chain">Its certificates of now.</param>
/// <param name="community">Its community.</param>
/// <param name="clock">The time here.</param>
public sealed class TicketIssuer(ISigner signer, Func<IssuedCertificate> chain, KeyId community, TimeProvider clock)
{
    /// <summary>A ticket for a key, with the certificates that show whose signature it has.</summary>
    /// <param name="content">What it opens.</param>
    /// <param name="holder">The key that will make the connections.</param>
    public Ticket ForKey(Hash256 content, KeyId holder) =>
        Ticket.Issue(signer, community, content, holder, Ticket.TierNormal, Now, Ticket.LifeMax, bytesMax: 0, chain());

    /// <summary>A capability, short enough for an address: nodes of the community know who signed it.</summary>
    /// <param name="content">What it opens.</param>
    /// <param name="life">How long it counts, up to <see cref="Ticket.CapabilityLifeMax"/>.</param>
    /// <param name="bytesMax">Bytes that one node sends for it; 0 for no bound.</param>
    public Ticket ForAnybody(Hash256 content, TimeSpan life, long bytesMax) =>
        Ticket.Issue(signer, community, content, null, Ticket.TierNormal, Now, life, bytesMax, null);

    private Instant Now => Instant.From(clock.GetUtcNow());
}
