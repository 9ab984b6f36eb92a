using Cete.Core;

namespace Cete.Tracker.Tests;

/// <summary>All nodes that kept the roster are gone; another one goes on from what it knows.</summary>
public sealed class RecoveryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_roster_goes_on_where_it_was()
    {
        using var lost = await Bench.WithNodesAsync(3);
        await lost.Desk.RecordAsync(2, 1, lost.Now + TimeSpan.FromDays(30));
        await lost.Desk.RemoveAsync(3, "sold");
        await lost.Desk.AddIssuerAsync(1, 1, 1);
        await lost.Desk.RemoveIssuerAsync(0);
        var before = await lost.Desk.RosterAsync();

        using var bench = Bench.Empty();
        Assert.True((await RecoverAsync(bench, before)).Value);
        Assert.False((await RecoverAsync(bench, before)).Value);
        var after = await bench.Desk.RosterAsync();
        Assert.Equal((before.Community, before.Name, before.Version + TrackerLimits.RecoveryVersions + 1), (after.Community, after.Name, after.Version));
        Assert.Equal(
            before.Nodes.Where(node => node.Id != Desk.Key(2)).Select(Show), after.Nodes.Where(node => node.Id != Desk.Key(2)).Select(Show));
        Assert.Equal(["index", "tracker"], after.Nodes.Single(node => node.Id == Desk.Key(2)).Roles);
        Assert.Equal(3, after.Issuers.Count);
        Assert.Equal(Desk.IssuerKey(0), after.Issuers.Single(issuer => issuer.IsRemoved).Id);

        // It is a tracker like any other from then on.
        Assert.True((await bench.MakeTokenAsync(5)).Value);
        Assert.True((await bench.Desk.AdmitAsync(5, 9)).Succeeded);
        Assert.True((await bench.Desk.RecordAsync(9, 1, bench.Now + TimeSpan.FromDays(1), issuer: 7)).Value);
        Assert.Equal(FailureKind.Forbidden, (await bench.Desk.AdmitAsync(5, 3)).Kind());
        Assert.True((await bench.Desk.ReadmitAsync(3)).Value);
    }

    [Fact]
    public async Task Who_does_not_belong_cannot_recover()
    {
        using var lost = await Bench.WithNodesAsync(3);
        await lost.Desk.RemoveAsync(3);
        var roster = await lost.Desk.RosterAsync();
        using var bench = Bench.Empty();
        (await RecoverAsync(bench, roster, node: 3)).Refused(FailureKind.Forbidden, "or as removed");
        (await RecoverAsync(bench, roster, node: 8)).Refused(FailureKind.Forbidden, "lists no node");
        (await RecoverAsync(bench, roster with { Version = 0 })).Refused(FailureKind.Invalid, "version 0");
        bench.Desk.Asker = Desk.Stranger;
        (await RecoverAsync(bench, roster)).Refused(FailureKind.Forbidden, "administrators");
    }

    [Fact]
    public async Task A_roster_whose_versions_come_to_their_end_is_not_gone_on_from()
    {
        using var lost = await Bench.WithNodesAsync(2);
        var roster = await lost.Desk.RosterAsync();
        using var bench = Bench.Empty();
        (await RecoverAsync(bench, roster with { Version = long.MaxValue })).Refused(FailureKind.Invalid, "versions are from 1 to");
        (await RecoverAsync(bench, roster with { Version = TrackerLimits.RecoverableVersionMax + 1 })).Refused(FailureKind.Damaged, "recover on another node");
        Assert.False((await bench.Desk.Service.CommunityAsync(Cancel)).Succeeded);

        Assert.True((await RecoverAsync(bench, roster with { Version = TrackerLimits.RecoverableVersionMax })).Value);
        Assert.True(RosterCodec.Parse(RosterCodec.Encode(await bench.Desk.RosterAsync())).Succeeded);
    }

    [Fact]
    public async Task A_community_that_is_there_is_not_replaced()
    {
        using var bench = await Bench.WithNodesAsync(2);
        var roster = await bench.Desk.RosterAsync();
        (await RecoverAsync(bench, roster)).Refused(FailureKind.Conflict, "a community here already");
        Assert.Equal(roster.Version, (await bench.Desk.RosterAsync()).Version);
    }

    [Fact]
    public async Task Another_key_can_be_the_administrators()
    {
        using var bench = await Bench.FoundedAsync();
        var version = (await bench.Desk.RosterAsync()).Version;
        Assert.True((await bench.Desk.Service.SetAdministratorAsync(new byte[] { 9 }, bench.Desk.Asker, null, Cancel)).Value);
        Assert.False((await bench.Desk.Service.SetAdministratorAsync(new byte[] { 9 }, bench.Desk.Asker, null, Cancel)).Value);
        Assert.Equal([9], (await bench.Desk.Service.CommunityAsync(Cancel)).Value.Administrator.ToArray());
        Assert.Equal(version, (await bench.Desk.RosterAsync()).Version);
        (await bench.Desk.Service.SetAdministratorAsync(new byte[513], bench.Desk.Asker, null, Cancel)).Refused(FailureKind.TooLarge, "513");
        bench.Desk.Asker = Desk.Stranger;
        (await bench.Desk.Service.SetAdministratorAsync(new byte[] { 8 }, bench.Desk.Asker, null, Cancel)).Refused(FailureKind.Forbidden, "administrators");
    }

    private static string Show(RosterNode node) => $"{node.Id} {node.Name} {node.Owner} {string.Join(' ', node.Roles)} {node.AdmittedAt} "
        + $"{node.RemovedAt} {node.Reason} {node.CertificateNotAfter}";

    private static Task<Outcome<bool>> RecoverAsync(Bench bench, Roster roster, int node = 2) => bench.Desk.Service.RecoverAsync(
        new Recovery(roster, new byte[] { 1 }, Desk.Key(node), ["tracker", "index"], Desk.IssuerKey(7), new byte[] { 2 }, new byte[] { 3 }),
        bench.Desk.Asker, null, Cancel);
}
