using Cete.Api;
using Cete.Core;
using Cete.Ports.Payments;
using Cete.Trust.Tickets;
using Cete.Web.Api;
using Cete.Web.Bank;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Accounts;

/// <summary>Rights to download one content: for a key at the peer door, and for whoever has an address.</summary>
internal sealed class TicketsApi(AccountsParts parts)
{
    private readonly TicketIssuer _issuer = parts.Tickets;
    private readonly PaidDesk? _desk = parts is { Bank: { } bank, Paid: { } paid } ? new PaidDesk(parts, bank, paid) : null;

    private const string Heading = "Tickets";
    private static readonly int HoursMax = (int)Ticket.CapabilityLifeMax.TotalHours;

    public void Map(IEndpointRouteBuilder routes)
    {
        // Whoever may read gets one: SessionDoor looks at that.
        routes.MapPost(Routes.Tickets, (HttpContext context, CancellationToken _) => ApiAnswers.CommandAsync<TicketRequest, TicketAnswer>(
                context, ApiJson.Default.TicketRequest, ApiJson.Default.TicketAnswer, (body, _) => Task.FromResult(Issue(body))))
            .Tells(Heading, "A ticket for one content, bound to a key; it counts for ten minutes at every peer").Takes<TicketRequest>().Gives<TicketAnswer>();
        routes.MapPost(Routes.Capabilities, (HttpContext context, CancellationToken stop) => ApiAnswers.CommandAsync<CapabilityRequest, CapabilityAnswer>(
                context, ApiJson.Default.CapabilityRequest, ApiJson.Default.CapabilityAnswer, (body, _) => LendAsync(context.Visitor(), body, stop)))
            .Needs(Actions.IndexLend).Tells(Heading, "An address by which anybody can download one content for a while")
            .Takes<CapabilityRequest>().Gives<CapabilityAnswer>();
    }

    private Outcome<TicketAnswer> Issue(TicketRequest body)
    {
        if (!Hash256.TryParse(body.Content, out var content) || !KeyId.TryParse(body.Key, out var key))
        {
            return new Failure(FailureKind.Invalid, "'content' is the root of a content, and 'key' the id of the key that will make the connections");
        }

        if (parts.Refuse?.Invoke(content) is { } refused)
        {
            return refused;
        }

        var ticket = _issuer.ForKey(content, key);
        return new TicketAnswer(ticket.ToString(), ticket.Until.ToDateTimeOffset());
    }

    private async Task<Outcome<CapabilityAnswer>> LendAsync(Visitor visitor, CapabilityRequest body, CancellationToken stop)
    {
        if (!Hash256.TryParse(body.Content, out var content))
        {
            return new Failure(FailureKind.Invalid, "'content' is the root of a content: 64 hexadecimal digits");
        }

        if (parts.Refuse?.Invoke(content) is { } refused)
        {
            return refused;
        }

        if (body.Name is { } name && EntryName.Check(name) is { } badName)
        {
            return badName;
        }

        if (body.Hours < 1 || body.Hours > HoursMax || body.Bytes < 0)
        {
            return new Failure(FailureKind.Invalid, $"'hours' is from 1 to {HoursMax}, and 'bytes' not below 0");
        }

        // Where contents cost something, whoever is sent the address has nothing to pay with: who makes it pays.
        var payer = _desk is { Price: > 0 } ? visitor.Account : null;
        if (payer is { } account && await _desk!.JudgeLinkAsync(account, body.Bytes, stop) is { } unpaid)
        {
            return unpaid;
        }

        var ticket = _issuer.ForAnybody(content, TimeSpan.FromHours(body.Hours), body.Bytes);
        if (payer is { } known && _desk!.Keep(new PaidLink(ticket.Serial, known, content, body.Bytes, 0, ticket.Until)) is { } unkept)
        {
            return unkept;
        }

        var path = body.Name is null ? $"{Routes.Content}/{content}" : Routes.ContentOf(content.ToString(), body.Name);
        return new CapabilityAnswer($"{path}?{Routes.Capability}={ticket}", ticket.Until.ToDateTimeOffset());
    }
}
