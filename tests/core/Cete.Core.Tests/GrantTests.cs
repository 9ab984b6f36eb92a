namespace Cete.Core.Tests;

public sealed class GrantTests
{
    [Theory]
    [InlineData("*", "*", false, null)]
    [InlineData("index.*", "index.*", false, null)]
    [InlineData("index.move", "index.move", false, null)]
    [InlineData("index.move:own", "index.move", true, null)]
    [InlineData("index.make-folder:own@/music/new", "index.make-folder", true, "/music/new")]
    [InlineData("*@/music", "*", false, "/music")]
    [InlineData("*:own", "*", true, null)]
    public void A_right_is_read_from_its_text_and_has_that_text(string text, string action, bool isOwn, string? folder)
    {
        var grant = Grant.Parse(text).Value;
        Assert.Equal((action, isOwn, folder, text), (grant.Action, grant.IsOwnOnly, grant.Folder, grant.Text));
    }

    [Theory]
    [InlineData("index.move@/", "index.move")]
    [InlineData("index.move@music", "index.move@/music")]
    [InlineData("index.move@/music/", "index.move@/music")]
    public void Equal_rights_have_equal_texts(string text, string other) => Assert.Equal(other, Grant.Parse(text).Value.Text);

    [Theory]
    [InlineData("")]
    [InlineData("index")]
    [InlineData(".move")]
    [InlineData("index.")]
    [InlineData("Index.move")]
    [InlineData("index.move.more")]
    [InlineData("index.m*")]
    [InlineData("**")]
    [InlineData("index.move:mine")]
    [InlineData(":own")]
    [InlineData("@/music")]
    [InlineData("index.move@/a/../b")]
    [InlineData("index.move@/a//b\u0001")]
    public void What_is_no_right_is_refused(string text) => Assert.Equal(FailureKind.Invalid, Grant.Parse(text).Failure!.Kind);

    [Fact]
    public void A_right_of_any_length_is_refused_at_once() =>
        Assert.Equal(FailureKind.TooLarge, Grant.Parse("index." + new string('a', Grant.TextLengthMax)).Failure!.Kind);

    [Theory]
    [InlineData("*", "index.move", false, null, true)]
    [InlineData("index.*", "index.move", false, "/a", true)]
    [InlineData("index.*", "indexes.move", false, null, false)]
    [InlineData("index.move", "index.move", false, null, true)]
    [InlineData("index.move", "index.moves", false, null, false)]
    [InlineData("index.move", "index.remove", true, null, false)]
    [InlineData("index.move:own", "index.move", false, "/a", false)]
    [InlineData("index.move:own", "index.move", true, "/a", true)]
    [InlineData("index.move@/a", "index.move", false, "/a", true)]
    [InlineData("index.move@/a", "index.move", false, "/a/b", true)]
    [InlineData("index.move@/a", "index.move", false, "/ab", false)]
    [InlineData("index.move@/a", "index.move", false, "/", false)]
    [InlineData("index.move@/a", "index.move", false, null, false)]
    [InlineData("*@/a", "accounts.govern", false, null, false)]
    public void A_right_covers_what_it_names_and_nothing_else(string text, string action, bool isOwn, string? folder, bool covers) =>
        Assert.Equal(covers, Grant.Of(text).Covers(action, isOwn, folder));

    [Theory]
    [InlineData("*", "index.move", "index.move")]
    [InlineData("index.*", "index.move:own@/a", "index.move:own@/a")]
    [InlineData("index.move:own", "index.*@/a", "index.move:own@/a")]
    [InlineData("index.move@/a", "*@/a/b", "index.move@/a/b")]
    [InlineData("index.*", "index.*", "index.*")]
    [InlineData("index.move@/a", "index.move@/ab", null)]
    [InlineData("index.*", "accounts.read", null)]
    [InlineData("index.*", "accounts.*", null)]
    public void Two_rights_together_let_somebody_do_what_both_do(string one, string other, string? both)
    {
        Assert.Equal(both, Grant.Of(one).And(Grant.Of(other))?.Text);
        Assert.Equal(both, Grant.Of(other).And(Grant.Of(one))?.Text);
    }

    [Fact]
    public void A_guest_owns_nothing()
    {
        var guest = Standing.Nobody with { Grants = [Grant.Of("index.move:own")] };
        Assert.False(guest.May(Actions.IndexMove, new ActionTarget(string.Empty, "/")));
        Assert.True((guest with { Account = "a" }).May(Actions.IndexMove, new ActionTarget("a", "/")));
    }

    /// <summary>Who may do what in a new community: every role by every action, on what is one's own and on what is another's.</summary>
    [Theory]
    [InlineData(RoleDefinition.Guest, "index.read")]
    [InlineData(
        RoleDefinition.Member,
        "index.read index.file index.make-folder:own index.describe:own index.move:own index.remove:own index.lend "
        + "accounts.read bank.read")]
    [InlineData(
        RoleDefinition.Moderator,
        "index.read index.file index.make-folder index.describe index.move index.remove index.lend index.moderate accounts.read accounts.invite "
        + "accounts.suspend accounts.audit bank.read services.moderate")]
    [InlineData(
        RoleDefinition.Administrator,
        "index.read index.file index.make-folder index.describe index.move index.remove index.lend index.moderate accounts.read accounts.invite "
        + "accounts.suspend accounts.govern accounts.audit tracker.govern tracker.own-node bank.read bank.govern "
        + "services.publish services.moderate")]
    public void Roles_of_a_new_community_may_do_this_and_nothing_else(string role, string may)
    {
        var allowed = may.Split(' ');
        var standing = new Standing("me", [role], RoleDefinition.Defaults.Single(known => known.Name == role).Grants);
        foreach (var action in Actions.All)
        {
            var others = standing.May(action, new ActionTarget("another", "/folder"));
            var own = standing.May(action, new ActionTarget("me", "/folder"));
            Assert.True(others == allowed.Contains(action), $"{role} {action} of another: {others}");
            Assert.True(own == (others || allowed.Contains(action + ":own")), $"{role} {action} of its own: {own}");
        }
    }
}
