using Cete.Web.Pages.Bank;

namespace Cete.Web.Tests.Bank;

/// <summary>Where numbers stand in a drawing, and how they are read.</summary>
public sealed class PlotTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 5)]
    [InlineData(6, 10)]
    [InlineData(11, 20)]
    [InlineData(21, 50)]
    [InlineData(9_007_199_254_740_991, 10_000_000_000_000_000)]
    public void The_upper_edge_is_a_round_number_that_leaves_room(long most, long top) => Assert.Equal(top, PlotScale.Top(most));

    [Fact]
    public void The_upper_edge_is_never_too_low()
    {
        for (var most = 1L; most < long.MaxValue / 5; most = (most * 3) - (most / 7))
        {
            Assert.InRange(PlotScale.Top(most), most, Math.Max(1, most * 5 / 2));
        }

        Assert.Equal(long.MaxValue, PlotScale.Top(long.MaxValue));
    }

    [Fact]
    public void Parts_of_a_column_stand_on_each_other_and_what_is_nothing_is_not_drawn()
    {
        var bars = PlotScale.Bars([new PlotColumn("a", [25, 0, 50]), new PlotColumn("b", [0, -3, 0])], 100);
        Assert.Empty(bars[1]);
        Assert.Equal([new PlotBar(0, "30", "120", "300", "40"), new PlotBar(2, "30", "40", "300", "80")], bars[0]);
    }

    [Fact]
    public void What_is_little_is_seen_and_what_is_much_stays_inside()
    {
        var bars = PlotScale.Bars([new PlotColumn("a", [1, long.MaxValue / 2])], long.MaxValue / 2)[0];
        Assert.Equal(("159", "1"), (bars[0].Y, bars[0].Height));
        Assert.Equal(("0", "159"), (bars[1].Y, bars[1].Height));
    }

    [Fact]
    public void The_curve_goes_from_nothing_to_all()
    {
        Assert.Equal("0,160 360,140 720,0", PlotScale.Curve([125, 1_000]));
        Assert.Equal("0,160 720,160", PlotScale.Curve([-5]));
    }

    [Fact]
    public void Series_without_anything_are_left_out()
    {
        var plot = new Plot("id", "title", "text", "Day", ["a", "b", "c"], [new PlotColumn("1", [0, 2, 0]), new PlotColumn("2", [0, 0, 3])]);
        Assert.Equal(["b", "c"], plot.Trimmed().Series);
        Assert.Equal([2, 0], plot.Trimmed().Columns[0].Values);
        var nothing = plot with { Columns = [new PlotColumn("1", [0, 0, 0])] };
        Assert.Equal(3, nothing.Trimmed().Series.Count);
    }

    [Theory]
    [InlineData(0, "0", "0")]
    [InlineData(1, "0.000001", "0.000001")]
    [InlineData(1_500_000, "1.5", "1.5")]
    [InlineData(1_234_567_890, "1,234.56789", "1,235")]
    [InlineData(9_007_199_254_740_991, "9,007,199,254.740991", "9,007.2 million")]
    [InlineData(-2_000_000, "-2", "-2")]
    public void Amounts_are_shown_exactly_or_shortly(long micro, string exact, string shown) =>
        Assert.Equal((exact, shown), (Amounts.Exact(micro), Amounts.Short(micro)));
}
