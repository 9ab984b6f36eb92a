using Cete.Core;
using Cete.Groups;

namespace Cete.Tracker.Tests;

/// <summary>Who may give which command.</summary>
public sealed class RightsTests
{
    [Fact]
    public async Task Strangers_may_come_in_and_nothing_else()
    {
        using var bench = await Bench.WithNodesAsync(1);
        var desk = bench.Desk;
        await bench.MakeTokenAsync(1);
        var before = RosterCodec.Encode(await desk.RosterAsync());
        desk.Asker = Desk.Stranger;
        (await desk.FoundAsync()).Refused(FailureKind.Forbidden, "Found is for administrators and nodes with the role 'tracker'");
        Assert.Equal(FailureKind.Forbidden, (await bench.MakeTokenAsync(2)).Kind());
        Assert.Equal(FailureKind.Forbidden, (await desk.RevokeAsync(1)).Kind());
        Assert.Equal(FailureKind.Forbidden, (await desk.SetRolesAsync(1, "tracker")).Kind());
        Assert.Equal(FailureKind.Forbidden, (await desk.RenameAsync(1, "mine")).Kind());
        Assert.Equal(FailureKind.Forbidden, (await desk.RemoveAsync(1)).Kind());
        Assert.Equal(FailureKind.Forbidden, (await desk.ReadmitAsync(1)).Kind());
        Assert.Equal(FailureKind.Forbidden, (await desk.AddIssuerAsync(1, 1, 1)).Kind());
        Assert.Equal(FailureKind.Forbidden, (await desk.RemoveIssuerAsync(0)).Kind());
        Assert.Equal(FailureKind.Forbidden, (await desk.PruneAsync()).Kind());
        Assert.Equal(FailureKind.Forbidden, (await desk.FoundGroupAsync("cache", 1, 1)).Kind());
        Assert.Equal(FailureKind.Forbidden, (await desk.SetSelfServiceAsync(3, "cache")).Kind());
        Assert.Equal(before, RosterCodec.Encode(await desk.RosterAsync()));
        Assert.Single(await desk.TokensAsync(), token => token.State == TokenState.Usable);

        Assert.True((await desk.AdmitAsync(1, 2)).Succeeded);
        Assert.True((await desk.RecordAsync(2, 1, bench.Now + TimeSpan.FromDays(1))).Succeeded);
    }

    [Theory]
    [InlineData("administrator")]
    [InlineData("tracker")]
    public async Task Administrators_and_trackers_may_do_all(string role)
    {
        using var bench = await Bench.WithNodesAsync(1);
        bench.Desk.Asker = new Asker("somebody", ["member", role]);
        Assert.True((await bench.Desk.RemoveAsync(1)).Value);
        Assert.True((await bench.MakeTokenAsync(1)).Value);
    }
}
