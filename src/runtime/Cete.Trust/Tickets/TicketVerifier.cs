using Cete.Core;

namespace Cete.Trust.Tickets;

/// <summary>Tells whether a ticket counts, without asking anybody. For several callers at once.</summary>
/// <param name="certificates">Verifies issuers of the community; it remembers those that it has seen.</param>
/// <param name="known">The certificate of a node that is known here; null for one that is not.</param>
/// <param name="refuses">Why an issuer with a good certificate is refused all the same, such as one that was removed.</param>
/// <param name="clock">The time here.</param>
public sealed class TicketVerifier(
    CertificateVerifier certificates, Func<KeyId, PeerCertificate?> known, Func<PeerCertificate, Failure?> refuses, TimeProvider clock)
{
    /// <summary>How far the clocks of issuer and server may be apart: what NTP keeps is a thousandth of it, what people set by hand is within it.</summary>
    public static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(2);

    /// <summary>The role that lets a node sign tickets: it is trusted with who is who.</summary>
    public const string IssuerRole = "accounts";

    private readonly RecordSignatures _signatures = new();

    /// <summary>Reads and judges what somebody showed.</summary>
    /// <param name="text">What came.</param>
    /// <param name="content">The content that is asked for.</param>
    /// <param name="holder">The key that made the connection; null where none did.</param>
    public Outcome<Ticket> Verify(ReadOnlySpan<char> text, Hash256 content, KeyId? holder)
    {
        var read = Ticket.Parse(text);
        return !read.Succeeded ? read : Judge(read.Value, content, holder) is { } failure ? failure : read;
    }

    private Failure? Judge(Ticket ticket, Hash256 content, KeyId? holder)
    {
        // What costs nothing comes before what costs a signature.
        if (ticket.Content != content)
        {
            return new Failure(FailureKind.Forbidden, $"the ticket is for the content {ticket.Content}, not for {content}");
        }

        if (ticket.Holder is { } bound && bound != holder)
        {
            return new Failure(FailureKind.Forbidden, "the ticket was made for another key than the one that made this connection");
        }

        return JudgeTime(ticket) ?? JudgeIssuer(ticket);
    }

    private Failure? JudgeTime(Ticket ticket)
    {
        var now = Instant.From(clock.GetUtcNow());
        var lifeMax = ticket.Holder is null ? Ticket.CapabilityLifeMax : Ticket.LifeMax;
        if (ticket.Until <= ticket.From || ticket.Until.Microseconds - (decimal)ticket.From.Microseconds > (decimal)lifeMax.TotalMicroseconds)
        {
            return new Failure(FailureKind.Forbidden, "the ticket counts for longer than one may");
        }

        return now + ClockSlack < ticket.From
            ? new Failure(FailureKind.Forbidden, "the ticket does not count yet: the clock of the node that made it, or this one's, is wrong")
            : now + -ClockSlack >= ticket.Until
                ? new Failure(FailureKind.Forbidden, "the ticket has ended; ask for a new one")
                : null;
    }

    private Failure? JudgeIssuer(Ticket ticket)
    {
        var issuer = ticket.Chain is { } chain ? certificates.Verify(chain)
            : known(ticket.Issuer) is { } member ? member
            : new Failure(FailureKind.Forbidden, $"the ticket was signed by node {ticket.Issuer}, which is not known here");
        if (!issuer.Succeeded)
        {
            return new Failure(FailureKind.Forbidden, $"the ticket's issuer is not believed: {issuer.Failure.Message}");
        }

        if (issuer.Value.Node != ticket.Issuer)
        {
            return new Failure(FailureKind.Forbidden, "the ticket names another issuer than the certificate that came with it");
        }

        if (refuses(issuer.Value) is { } refusal)
        {
            return new Failure(FailureKind.Forbidden, $"the ticket's issuer is not believed: {refusal.Message}");
        }

        if (!issuer.Value.Roles.Contains(IssuerRole))
        {
            return new Failure(FailureKind.Forbidden, $"node {ticket.Issuer} may not sign tickets: it does not have the role '{IssuerRole}'");
        }

        return _signatures.Verify(issuer.Value.PublicKey.Span, Ticket.Purpose, certificates.Community, ticket.Body(), ticket.Signature.Span)
            ? null
            : new Failure(FailureKind.Forbidden, "the ticket was not signed by its issuer for this community, or was changed since");
    }
}
