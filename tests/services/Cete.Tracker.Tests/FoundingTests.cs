using Cete.Core;

namespace Cete.Tracker.Tests;

/// <summary>How a community begins.</summary>
public sealed class FoundingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_community_begins_with_one_node_and_one_issuer()
    {
        using var bench = await Bench.FoundedAsync();
        var roster = await bench.Desk.RosterAsync();
        Assert.Equal((KeyId.Of([0]), "Garden", 1L, 1), (roster.Community, roster.Name, roster.Version, roster.MinimumProtocol));
        Assert.Equal(bench.Now, roster.ChangedAt);
        var node = Assert.Single(roster.Nodes);
        Assert.Equal((Desk.Key(0), "first", "ada", bench.Now), (node.Id, node.Name, node.Owner, node.AdmittedAt));
        Assert.Equal(["index", "tracker"], node.Roles);
        var issuer = Assert.Single(roster.Issuers);
        Assert.Equal((Desk.IssuerKey(0), Desk.Key(0)), (issuer.Id, issuer.Node));
        Assert.Equal([4, 5], issuer.Certificate.ToArray());
        var community = (await bench.Desk.Service.CommunityAsync(Cancel)).Value;
        Assert.Equal([1, 2, 3], community.RootCertificate.ToArray());
        Assert.Equal([6], community.Administrator.ToArray());
        Assert.Equal((1L, bench.Now), (community.Version, community.FoundedAt));
    }

    [Fact]
    public async Task The_same_again_is_no_error_whatever_has_changed_since_and_another_one_is_a_conflict()
    {
        using var bench = await Bench.FoundedAsync();
        await bench.Desk.RenameAsync(0, "renamed");
        Assert.False((await bench.Desk.FoundAsync()).Value);
        Assert.Equal("renamed", (await bench.Desk.NodeAsync(0)).Name);
        (await bench.Desk.FoundAsync(Desk.Founding("Other"))).Refused(FailureKind.Conflict, "a community here already");
        Assert.Equal(2, (await bench.Desk.RosterAsync()).Version);
    }

    [Fact]
    public async Task Nothing_can_be_done_before()
    {
        using var bench = Bench.Empty();
        var desk = bench.Desk;
        Assert.Equal(FailureKind.NotFound, (await bench.MakeTokenAsync(0)).Kind());
        Assert.Equal(FailureKind.NotFound, (await desk.RevokeAsync(0)).Kind());
        Assert.Equal(FailureKind.NotFound, (await desk.AdmitAsync(0, 1)).Kind());
        Assert.Equal(FailureKind.NotFound, (await desk.SetRolesAsync(0, "tracker")).Kind());
        Assert.Equal(FailureKind.NotFound, (await desk.AddIssuerAsync(1, 0, 1)).Kind());
        (await desk.PruneAsync()).Refused(FailureKind.NotFound, "found one first");
        (await desk.Service.RosterAsync(Cancel)).Refused(FailureKind.NotFound, "found one first");
        (await desk.Service.CommunityAsync(Cancel)).Refused(FailureKind.NotFound, "found one first");
        Assert.Null((await desk.Service.RosterSinceAsync(0, Cancel)).Value);
    }

    [Fact]
    public async Task The_first_node_keeps_the_roster()
    {
        using var bench = Bench.Empty();
        (await bench.Desk.FoundAsync(Desk.Founding() with { Roles = ["index"] })).Refused(FailureKind.Invalid, "'tracker'");
    }

    [Fact]
    public async Task Every_fact_is_bounded()
    {
        using var bench = Bench.Empty();
        var good = Desk.Founding();
        var large = new byte[TrackerLimits.CertificateBytesMax + 1];
        (Founding Founding, FailureKind Kind, string Text)[] bad =
        [
            (good with { Name = "" }, FailureKind.Invalid, "name of the community is empty"),
            (good with { Name = new string('x', 256) }, FailureKind.TooLarge, "256 bytes; 255"),
            (good with { NodeName = "a\u0007b" }, FailureKind.Invalid, "name of the node"),
            (good with { NodeName = "a\u202Eb" }, FailureKind.Invalid, "hidden"),
            (good with { NodeName = "a\uD800b" }, FailureKind.Invalid, "broken"),
            (good with { Owner = new string('\u00e4', 33) }, FailureKind.TooLarge, "66 bytes"),
            (good with { Roles = ["tracker", "Index"] }, FailureKind.Invalid, "'Index' is no role"),
            (good with { RootCertificate = large }, FailureKind.TooLarge, "root certificate has 4097 bytes"),
            (good with { RootCertificate = default }, FailureKind.Invalid, "root certificate is missing"),
            (good with { IssuingCertificate = large }, FailureKind.TooLarge, "issuing certificate has 4097 bytes"),
            (good with { IssuingCertificate = default }, FailureKind.Invalid, "issuing certificate is missing"),
            (good with { Administrator = new byte[513] }, FailureKind.TooLarge, "public key has 513 bytes"),
            (good with { Administrator = default }, FailureKind.Invalid, "public key is missing"),
        ];
        foreach (var (founding, kind, text) in bad)
        {
            (await bench.Desk.FoundAsync(founding)).Refused(kind, text);
        }

        Assert.True((await bench.Desk.FoundAsync(good with { Name = "  Caf\u0065\u0301 " })).Value);
        Assert.Equal("Caf\u00e9", (await bench.Desk.RosterAsync()).Name);
    }
}
