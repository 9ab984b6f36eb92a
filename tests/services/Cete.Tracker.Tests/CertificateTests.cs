using Cete.Core;

namespace Cete.Tracker.Tests;

/// <summary>Certificates that were issued, and who may issue them.</summary>
public sealed class CertificateTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_a_nodes_certificates_the_one_that_ends_last_is_kept()
    {
        using var bench = await Bench.WithNodesAsync(1);
        var (soon, late) = (bench.Now + TimeSpan.FromDays(30), bench.Now + TimeSpan.FromDays(90));
        Assert.True((await bench.Desk.RecordAsync(1, 1, soon)).Value);
        Assert.False((await bench.Desk.RecordAsync(1, 1, soon)).Value);
        Assert.True((await bench.Desk.RecordAsync(1, 2, late)).Value);
        Assert.False((await bench.Desk.RecordAsync(1, 1, soon)).Value);
        var certificate = (await bench.Desk.Service.NodeAsync(Desk.Key(1), Cancel)).Value.Certificate!;
        Assert.Equal([2], certificate.Serial.ToArray());
        Assert.Equal((Desk.IssuerKey(0), late), (certificate.Issuer, certificate.NotAfter));
        Assert.Equal(late, (await bench.Desk.NodeAsync(1)).CertificateNotAfter);
        Assert.Null((await bench.Desk.NodeAsync(0)).CertificateNotAfter);

        // The same again is no error after its end either.
        bench.Wait(TimeSpan.FromDays(100));
        Assert.False((await bench.Desk.RecordAsync(1, 2, late)).Value);
    }

    [Fact]
    public async Task In_whatever_order_certificates_are_recorded_the_same_one_stays()
    {
        int[][] orders = [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]];
        HashSet<string> kept = [];
        foreach (var order in orders)
        {
            using var bench = await Bench.WithNodesAsync(1);
            await bench.Desk.AddIssuerAsync(1, 1, 1);
            (int Serial, int Days, int Issuer)[] certificates = [(1, 30, 0), (1, 90, 0), (2, 90, 0), (2, 90, 1)];
            foreach (var (serial, days, issuer) in order.Select(i => certificates[i]))
            {
                Assert.True((await bench.Desk.RecordAsync(1, serial, bench.Now + TimeSpan.FromDays(days), issuer)).Succeeded);
            }

            var certificate = (await bench.Desk.Service.NodeAsync(Desk.Key(1), Cancel)).Value.Certificate!;
            kept.Add($"{certificate.Serial.Span[0]} {certificate.Issuer} {certificate.NotAfter}");
        }

        Assert.Single(kept);
    }

    [Fact]
    public async Task No_certificate_is_recorded_for_a_removed_node_or_of_an_unknown_issuer()
    {
        using var bench = await Bench.WithNodesAsync(1);
        var end = bench.Now + TimeSpan.FromDays(90);
        (await bench.Desk.RecordAsync(1, 1, end, issuer: 5)).Refused(FailureKind.NotFound, $"{Desk.IssuerKey(5)} issues no certificates here");
        await bench.Desk.RemoveAsync(1);
        (await bench.Desk.RecordAsync(1, 1, end)).Refused(FailureKind.Forbidden, "was removed");
    }

    [Fact]
    public async Task A_certificate_ends_ahead_and_within_two_years_and_has_a_serial_number()
    {
        using var bench = await Bench.WithNodesAsync(1);
        (await bench.Desk.RecordAsync(1, 1, bench.Now)).Refused(FailureKind.Invalid, "ended at 2027-01-15 08:00:00 UTC");
        (await bench.Desk.RecordAsync(1, 1, bench.Now + TimeSpan.FromDays(731))).Refused(FailureKind.Invalid, "730 days from now");
        (await bench.Desk.RecordAsync(1, 1, new Instant(long.MaxValue))).Refused(FailureKind.Invalid, "year 9999");
        foreach (var (length, kind) in new[] { (0, FailureKind.Invalid), (21, FailureKind.TooLarge) })
        {
            var certificate = new CertificateRecord(new byte[length], Desk.IssuerKey(0), bench.Now + TimeSpan.FromDays(1));
            (await bench.Desk.Service.RecordCertificateAsync(Desk.Key(1), certificate, bench.Desk.Asker, null, Cancel)).Refused(kind, "serial number");
        }

        Assert.True((await bench.Desk.RecordAsync(1, 1, bench.Now + TimeSpan.FromDays(730))).Value);
    }

    [Fact]
    public async Task An_issuing_key_is_one_nodes_and_its_certificate_can_be_renewed()
    {
        using var bench = await Bench.WithNodesAsync(2);
        Assert.True((await bench.Desk.AddIssuerAsync(1, 1, 7)).Value);
        Assert.False((await bench.Desk.AddIssuerAsync(1, 1, 7)).Value);
        (await bench.Desk.AddIssuerAsync(1, 2, 7)).Refused(FailureKind.Conflict, "a key is held by one node");
        Assert.True((await bench.Desk.AddIssuerAsync(1, 1, 8)).Value);
        Assert.Equal([8], (await bench.Desk.RosterAsync()).Issuers.Single(i => i.Id == Desk.IssuerKey(1)).Certificate.ToArray());
        (await bench.Desk.AddIssuerAsync(2, 2)).Refused(FailureKind.Invalid, "issuing certificate is missing");
        (await bench.Desk.AddIssuerAsync(2, 2, new byte[4_097])).Refused(FailureKind.TooLarge, "4097 bytes");
        await bench.Desk.RemoveAsync(2);
        (await bench.Desk.AddIssuerAsync(2, 2, 1)).Refused(FailureKind.Conflict, "was removed");
    }

    [Fact]
    public async Task Somebody_must_be_left_who_issues()
    {
        using var bench = await Bench.WithNodesAsync(1);
        (await bench.Desk.RemoveIssuerAsync(0)).Refused(FailureKind.Conflict, "the last key that issues certificates");
        await bench.Desk.AddIssuerAsync(1, 1, 1);
        Assert.True((await bench.Desk.RemoveIssuerAsync(0)).Value);
        Assert.False((await bench.Desk.RemoveIssuerAsync(0)).Value);
        var roster = await bench.Desk.RosterAsync();
        Assert.Equal(Desk.IssuerKey(1), Assert.Single(roster.Issuers, issuer => !issuer.IsRemoved).Id);

        // The removed one stays listed, to be refused, and does not come back.
        Assert.Equal((Desk.IssuerKey(0), bench.Now), (roster.Issuers.Single(i => i.IsRemoved).Id, roster.Issuers.Single(i => i.IsRemoved).RemovedAt));
        (await bench.Desk.AddIssuerAsync(0, 0, 4, 5)).Refused(FailureKind.Conflict, "was removed at");
        Assert.Equal(FailureKind.NotFound, (await bench.Desk.RecordAsync(1, 1, bench.Now + TimeSpan.FromDays(1))).Kind());
    }

    [Fact]
    public async Task Issuers_are_bounded()
    {
        using var bench = await Bench.WithNodesAsync(1);
        for (var issuer = 1; issuer < TrackerLimits.IssuersMax; issuer++)
        {
            Assert.True((await bench.Desk.AddIssuerAsync(issuer, 1, 1)).Value);
        }

        (await bench.Desk.AddIssuerAsync(TrackerLimits.IssuersMax, 1, 1)).Refused(FailureKind.TooLarge, "64 issuing keys are listed");
        Assert.True((await bench.Desk.AddIssuerAsync(1, 1, 2)).Value);
    }
}
