using Cete.Accounts;
using Cete.Core;
using Cete.Groups;
using Cete.Trust.Tickets;
using Cete.Web.Security;
using Cete.Web.Sessions;

namespace Cete.Web.Accounts;

/// <summary>What the web door shows accounts with.</summary>
/// <param name="Service">The accounts.</param>
/// <param name="Book">What is known of all of them.</param>
/// <param name="Door">Finds out who asks.</param>
/// <param name="Cookie">In which browsers show their session.</param>
/// <param name="Guard">Against pages of strangers.</param>
/// <param name="Node">This node, which checks passwords.</param>
/// <param name="Facts">Of the node.</param>
/// <param name="Community">Id of the community.</param>
public sealed record AccountsParts(
    AccountsService Service, StandingBook Book, SessionDoor Door, SessionCookie Cookie, CrossSiteGuard Guard, KeyId Node, NodeFacts Facts, KeyId Community)
{
    /// <summary>Makes tickets.</summary>
    public required TicketIssuer Tickets { get; init; }

    /// <summary>Tells what time it is.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>What time it is.</summary>
    public DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>As which this node opens sessions.</summary>
    public Asker NodeAsker { get; } = new(Node.ToString(), [AccountsService.Name.Name]);
}
