namespace Cete.Benchmarks.Accounts;

/// <summary>Accounts: what a decision costs, how many log in a second, and whether others notice.</summary>
internal static class AccountFigures
{
    /// <summary>Nanoseconds that a decision may take.</summary>
    private const double MayMax = 5_000;

    /// <summary>Microseconds that a ticket may take.</summary>
    private const double TicketMax = 200;

    public static async Task RunAsync(Report report)
    {
        var may = Measured.Calls<MayFigures>();
        report.AtMost("may, a member of 8 rights", may.Nanoseconds(nameof(MayFigures.Member)), MayMax, "ns");
        report.AtMost("may, 128 rights, the last counts", may.Nanoseconds(nameof(MayFigures.Most)), MayMax, "ns");
        report.AtMost("may, found among 10,000 accounts", may.Nanoseconds(nameof(MayFigures.ThroughBook)), MayMax, "ns");
        report.AtMost("may, as the root stamps it", may.Nanoseconds(nameof(MayFigures.Stamped)), MayMax, "ns");
        report.Note("bytes allocated by may", may.Bytes(nameof(MayFigures.Member)), "B");
        var tickets = Measured.Calls<TicketFigures>();
        report.AtMost("a ticket is verified, its issuer cached", tickets.Nanoseconds(nameof(TicketFigures.Verify)) / 1_000, TicketMax, "us");
        report.AtMost("so is a capability", tickets.Nanoseconds(nameof(TicketFigures.VerifyCapability)) / 1_000, TicketMax, "us");
        report.Note("a ticket is made", tickets.Nanoseconds(nameof(TicketFigures.Issue)) / 1_000, "us");
        await LoginFlood.RunAsync(report);
    }
}
