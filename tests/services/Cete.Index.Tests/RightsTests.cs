using Cete.Core;
using Cete.Groups;
using static Cete.Index.Tests.IndexWorld;

namespace Cete.Index.Tests;

/// <summary>Who may do what to the index: every role by every command, on what is one's own and on what is another's.</summary>
public sealed class RightsTests
{
    private static readonly Asker Anna = Of("anna", RoleDefinition.Member);
    private static readonly Asker Ben = Of("ben", RoleDefinition.Member);
    private static readonly Asker Mod = Of("mod", RoleDefinition.Moderator);
    private static readonly Asker Guest = Of(string.Empty, RoleDefinition.Guest);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, bool> Table()
    {
        TheoryData<string, string, bool> table = [];
        foreach (var (what, may) in new (string, string)[]
        {
            ("file in a common folder", "anna ben mod"),
            ("file in a new folder", "anna ben mod"),
            ("file in two new folders", "mod"),
            ("file deep in a new folder", "anna ben mod"),
            ("file over anna's", "anna mod"),
            ("make a folder", "anna ben mod"),
            ("make a folder in anna's", "anna ben mod"),
            ("make two folders in anna's", "anna mod"),
            ("describe anna's", "anna mod"),
            ("rename anna's", "anna mod"),
            ("move anna's folder", "anna mod"),
            ("remove anna's", "anna mod"),
            ("remove anna's folder", "anna mod"),
            ("remove anna's folder with ben's in it", "mod"),
            ("bring back anna's", "anna mod"),
        })
        {
            foreach (var who in new[] { "anna", "ben", "mod", string.Empty })
            {
                table.Add(who, what, may.Split(' ').Contains(who));
            }
        }

        return table;
    }

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Everybody_may_do_this_and_nothing_else(string name, string what, bool may)
    {
        await using var world = Start();
        Assert.True((await world.Service.MakeFolderAsync(At("/common"), Asker.Local, null, Cancel)).Succeeded);
        var filed = await FileAsync(world, Anna, New("/annas/song", "la"), New("/annas/below/other", "lala"));
        if (what.EndsWith("ben's in it", StringComparison.Ordinal))
        {
            Assert.True((await FileAsync(world, Ben, New("/annas/below/bens", "hm"))).Succeeded);
        }

        var removal = what == "bring back anna's" ? (await world.Service.RemoveAsync(At("/annas/song"), Anna, null, Cancel)).Value.Removal : 0;
        var before = await ListAsync(world);
        var who = new[] { Anna, Ben, Mod, Guest }.Single(asker => asker.Account == name);
        var failure = what switch
        {
            "file in a common folder" => (await FileAsync(world, who, New("/common/new", "x"))).Failure,
            "file in a new folder" => (await FileAsync(world, who, New("/fresh/new", "x"), New("/fresh/more", "y"))).Failure,
            "file in two new folders" => (await FileAsync(world, who, New("/fresh/new", "x"), New("/fresher/more", "y"))).Failure,
            "file deep in a new folder" => (await FileAsync(world, who, New("/fresh/a/b/new", "x"), New("/fresh/c/new", "x"))).Failure,
            "file over anna's" => (await FileAsync(world, who, New("/annas/song", "another"))).Failure,
            "make a folder" => (await world.Service.MakeFolderAsync(At("/mine"), who, null, Cancel)).Failure,
            "make a folder in anna's" => (await world.Service.MakeFolderAsync(At("/annas/more"), who, null, Cancel)).Failure,
            "make two folders in anna's" => (await FileAsync(world, who, New("/annas/one/x", "x"), New("/annas/two/x", "x"))).Failure,
            "describe anna's" => (await world.Service.DescribeAsync(filed.Value.Ids[0], "nice", null, who, null, Cancel)).Failure,
            "rename anna's" => (await world.Service.MoveAsync(At("/annas/song"), At("/annas/tune"), who, null, Cancel)).Failure,
            "move anna's folder" => (await world.Service.MoveAsync(At("/annas/below"), At("/common/below"), who, null, Cancel)).Failure,
            "remove anna's" => (await world.Service.RemoveAsync(At("/annas/song"), who, null, Cancel)).Failure,
            "bring back anna's" => (await world.Service.RestoreAsync(removal, who, null, Cancel)).Failure,
            _ => (await world.Service.RemoveAsync(At("/annas/below"), who, null, Cancel)).Failure,
        };
        if (may)
        {
            Assert.Null(failure);
            return;
        }

        // Refused means that nothing of it was done.
        Assert.Equal(who.Account.Length == 0 ? FailureKind.Unauthenticated : FailureKind.Forbidden, failure?.Kind);
        Assert.Equal(before, await ListAsync(world));
    }

    [Fact]
    public async Task A_right_may_count_in_one_folder_alone()
    {
        await using var world = Start();
        var keeper = Anna with { Grants = [.. Anna.Grants, Grant.Of("index.*@/music")] };
        Assert.True((await FileAsync(world, Ben, New("/music/rock/song", "x"), New("/films/film", "y"))).Failure?.Kind == FailureKind.Forbidden);
        Assert.True((await FileAsync(world, Ben, New("/music/rock/song", "x"))).Succeeded);
        Assert.True((await FileAsync(world, Ben, New("/films/film", "y"))).Succeeded);
        Assert.True((await world.Service.RemoveAsync(At("/music/rock/song"), keeper, null, Cancel)).Succeeded);
        Assert.Equal(FailureKind.Forbidden, (await world.Service.RemoveAsync(At("/films/film"), keeper, null, Cancel)).Failure?.Kind);
    }

    private static Asker Of(string account, string role) =>
        new(account, [role]) { Grants = RoleDefinition.Defaults.Single(known => known.Name == role).Grants };

    private static Task<Outcome<Filed>> FileAsync(IndexWorld world, Asker asker, params NewEntry[] entries) =>
        world.Service.FileAsync(entries, "node-1", asker, null, Cancel);

    private static async Task<string> ListAsync(IndexWorld world)
    {
        var page = await world.Service.ListAsync(new EntryQuery { Below = true, Limit = 100 }, Cancel);
        return string.Join('\n', page.Value.Items.Select(entry => $"{entry.Path} {entry.Root} {entry.Description}"));
    }
}
