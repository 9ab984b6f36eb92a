using System.Net;
using Cete.Accounts;
using Cete.Accounts.Passkeys;
using Cete.Bank;
using Cete.Core;
using Cete.Groups;
using Cete.Trust.Tickets;
using Cete.Web.Bank;
using Cete.Web.Security;
using Cete.Web.Services;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Http;

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

    /// <summary>Why there is no ticket for a content; null where nothing is against any.</summary>
    public Func<Hash256, Failure?>? Refuse { get; init; }

    /// <summary>Tells what time it is.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Whether accounts are counted that come from the node's own machine: all do where a proxy stands in front of it.</summary>
    public bool CountsLoopback { get; init; }

    /// <summary>For which domain passkeys are; null where there is none.</summary>
    public RelyingParty? Party { get; init; }

    /// <summary>The keys by which this node signs payments for accounts; null where it keeps none.</summary>
    public IDelegateKeys? Delegates { get; init; }

    /// <summary>The community's bank; null on a node without a replica of it.</summary>
    public BankService? Bank { get; init; }

    /// <summary>By what browsers pay for contents; null where they cannot.</summary>
    public PaidParts? Paid { get; init; }

    /// <summary>Pays in the name of accounts what services do; null on a node that pays for nobody.</summary>
    public PaysForServices? PaysForServices => Bank is { } bank && Paid is { } paid ? new PaidDesk(this, bank, paid).PayAsync : null;

    /// <summary>For which domain passkeys are on a page that is asked for so; null where a browser would refuse.</summary>
    public RelyingParty? PartyOf(HttpContext context) => Party is { } party && party.Covers(context.Request.Host.Host) ? party : null;

    /// <summary>What time it is.</summary>
    public DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>Under which address the accounts are counted that somebody makes; null where they are not.</summary>
    public string? CountedAddress(HttpContext context)
    {
        var address = ClientAddress.Of(context.Connection.RemoteIpAddress);
        return IPAddress.IsLoopback(address) && !CountsLoopback ? null : address.ToString();
    }

    /// <summary>As which this node opens sessions.</summary>
    public Asker NodeAsker { get; } = new(Node.ToString(), [AccountsService.Name.Name]);
}
