namespace Cete.Core.Tests;

/// <summary>The small values: group names, moments, outcomes, checks.</summary>
public sealed class ValueTests
{
    [Theory]
    [InlineData("a", true)]
    [InlineData("index", true)]
    [InlineData("a-1", true)]
    [InlineData("a-", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("1a", false)]
    [InlineData("-a", false)]
    [InlineData("A", false)]
    [InlineData("aB", false)]
    [InlineData("a_b", false)]
    [InlineData("a.b", false)]
    [InlineData("a/b", false)]
    [InlineData("a ", false)]
    [InlineData("é", false)]
    [InlineData("a\u0661", false)]
    public void Group_names_are_plain(string? name, bool allowed)
    {
        Assert.Equal(allowed, GroupId.TryParse(name, out var id));
        Assert.Equal(allowed ? name : string.Empty, id.Name);
    }

    [Fact]
    public void Group_names_are_bounded()
    {
        Assert.True(GroupId.TryParse(new string('a', 63), out _));
        Assert.False(GroupId.TryParse(new string('a', 64), out _));
        Assert.Throws<CheckFailedException>(() => GroupId.Of("No"));
        Assert.Equal(GroupId.Of("bank"), GroupId.Of(new string("bank".AsSpan())));
        Assert.Equal("bank", GroupId.Of("bank").ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(1_790_000_000_123_456)]
    [InlineData(-62_135_596_800_000_000)]
    [InlineData(253_402_300_799_999_999)]
    public void Moments_round_trip(long microseconds) =>
        Assert.Equal(new Instant(microseconds), Instant.From(new Instant(microseconds).ToDateTimeOffset()));

    [Fact]
    public void Moments_do_not_depend_on_a_time_zone()
    {
        var there = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(9));
        Assert.Equal(Instant.From(there.ToUniversalTime()), Instant.From(there));
    }

    [Fact]
    public void Moments_are_ordered_and_subtract_exactly()
    {
        var (early, late) = (new Instant(1), new Instant(1_790_000_000_123_456));
        Assert.True(early < late && late > early && early <= late && late >= early && early.CompareTo(late) < 0);
        Assert.Equal(late, early + (late - early));
        Assert.Equal(late, Instant.Max(early, late));
        Assert.Equal(late, Instant.Max(late, early));
        Assert.Equal(TimeSpan.FromTicks(10), new Instant(2) - early);
    }

    [Fact]
    public void An_outcome_is_a_value_or_a_failure()
    {
        Outcome<int> good = 5;
        Outcome<int> bad = new Failure(FailureKind.Full, "no room");
        Assert.True(good.Succeeded);
        Assert.Equal(5, good.Value);
        Assert.Null(good.Failure);
        Assert.False(bad.Succeeded);
        Assert.Equal("no room", bad.Failure!.ToString());
        Assert.Contains("no room", Assert.Throws<CheckFailedException>(() => bad.Value).Message, StringComparison.Ordinal);
        Assert.Equal("5", good.Then(value => $"{value}").Value);
        Assert.Same(bad.Failure, bad.Then<int>(_ => throw new InvalidOperationException()).Failure);
        Assert.Equal([1], Outcome.Of<IReadOnlyList<int>>([1]).Value);
    }

    [Fact]
    public void A_check_says_what_did_not_hold()
    {
        var two = 2;
        Check.That(two == 2);
        Assert.Contains("two == 3", Assert.Throws<CheckFailedException>(() => Check.That(two == 3)).Message, StringComparison.Ordinal);
        Assert.Contains("sums", Assert.Throws<CheckFailedException>(() => Check.That(two == 3, "sums")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_comes_of_each_is_told_or_the_first_failure_behind_which_nothing_is_tried()
    {
        List<int> tried = [];
        Outcome<string> Next(int one)
        {
            tried.Add(one);
            return one < 3 ? $"{one}" : new Failure(FailureKind.Full, $"no room for {one}");
        }

        Assert.Equal(["1", "2"], Outcome.OfEach([1, 2], Next).Value);
        Assert.Equal("no room for 3", Outcome.OfEach([1, 3, 4], Next).Failure?.Message);
        Assert.Equal([1, 2, 1, 3], tried);
        Assert.Empty(Outcome.OfEach<int, string>([], Next).Value);
    }

    [Fact]
    public void Effects_come_out_in_the_order_they_went_in()
    {
        var sink = new EffectSink<int>();
        sink.Add(2);
        sink.Add(1);
        Assert.Equal([2, 1], sink.Effects);
        sink.Clear();
        Assert.Empty(sink.Effects);
    }
}
