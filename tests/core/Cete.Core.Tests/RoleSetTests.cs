namespace Cete.Core.Tests;

public sealed class RoleSetTests
{
    [Fact]
    public void Order_and_repetition_play_no_part()
    {
        var set = RoleSet.From(["index", "bank", "index"]).Value;
        Assert.Equal(["bank", "index"], set);
        Assert.Equal(set, RoleSet.From(["bank", "index"]).Value);
        Assert.True(set.Contains("bank"));
        Assert.False(set.Contains("cache"));
        Assert.Empty(RoleSet.From([]).Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bank")]
    [InlineData("2nd")]
    [InlineData("-x")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("bänk")]
    [InlineData("abcdefghijklmnopqrstuvwxyz1234567")]
    public void What_is_no_name_is_refused(string name) => Assert.Equal(FailureKind.Invalid, RoleSet.From([name]).Failure!.Kind);

    [Fact]
    public void Their_number_is_bounded()
    {
        var names = Enumerable.Range(0, RoleSet.CountMax + 1).Select(i => $"role-{i}").ToList();
        Assert.Equal(FailureKind.TooLarge, RoleSet.From(names).Failure!.Kind);
        Assert.Equal(RoleSet.CountMax, RoleSet.From(names.Skip(1)).Value.Count);
    }
}
