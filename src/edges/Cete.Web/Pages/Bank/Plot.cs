using System.Globalization;

namespace Cete.Web.Pages.Bank;

// Razor makes its components public, and with them what they are given.

/// <summary>Numbers of several kinds one beside the other, to be drawn as columns and to be read as a table.</summary>
/// <param name="Id">Of the figure on its page.</param>
/// <param name="Title">What it is.</param>
/// <param name="Summary">What it says, in a sentence.</param>
/// <param name="Head">What <see cref="PlotColumn.Label"/> is: "Day".</param>
/// <param name="Series">Names of the kinds, from the bottom up.</param>
/// <param name="Columns">In order, from the left.</param>
public sealed record Plot(
    string Id, string Title, string Summary, string Head, IReadOnlyList<string> Series, IReadOnlyList<PlotColumn> Columns)
{
    /// <summary>A value as people read it.</summary>
    public Func<long, string> Show { get; init; } = Amounts.Short;

    /// <summary>The series are named, also where there is one alone.</summary>
    public bool HasLegend { get; init; } = Series.Count > 1;

    /// <summary>The series that have anything; all where none has.</summary>
    public Plot Trimmed()
    {
        int[] kept = [.. Enumerable.Range(0, Series.Count).Where(i => Columns.Any(column => column.Values[i] != 0))];
        return kept.Length == 0 || kept.Length == Series.Count ? this : this with
        {
            Series = [.. kept.Select(i => Series[i])],
            Columns = [.. Columns.Select(column => column with { Values = [.. kept.Select(i => column.Values[i])] })],
        };
    }
}

/// <summary>A column of a plot.</summary>
/// <param name="Label">What it stands for.</param>
/// <param name="Values">One of each series; what is below zero is drawn as zero.</param>
public sealed record PlotColumn(string Label, IReadOnlyList<long> Values)
{
    /// <summary>All of them together.</summary>
    public long Sum => Values.Sum(value => Math.Max(0, value));
}

/// <summary>A part of a column, in units of the drawing.</summary>
/// <param name="Series">Which series, from 0.</param>
/// <param name="X">From the left.</param>
/// <param name="Y">From the top.</param>
/// <param name="Width">To the right.</param>
/// <param name="Height">Downwards.</param>
public sealed record PlotBar(int Series, string X, string Y, string Width, string Height);

/// <summary>Where numbers stand in a drawing.</summary>
public static class PlotScale
{
    /// <summary>Of the drawing, in its own units: it is stretched to whatever room there is.</summary>
    public const int Width = 720;

    /// <summary>Likewise.</summary>
    public const int Height = 160;

    /// <summary>Series that have a colour of their own.</summary>
    public const int ColoursMax = 6;

    /// <summary>A round number at the upper edge that leaves room for all: 1, 2 or 5 with zeros; 1 where there is nothing.</summary>
    public static long Top(long most)
    {
        long top = 1;
        for (var i = 0; top < most && top <= long.MaxValue / 3; i++)
        {
            top = i % 3 == 1 ? top / 2 * 5 : top * 2;
        }

        return Math.Max(top, most);
    }

    /// <summary>The parts of all columns, each above the one before; what is too low to be seen is drawn all the same, as a thin line.</summary>
    public static IReadOnlyList<IReadOnlyList<PlotBar>> Bars(IReadOnlyList<PlotColumn> columns, long top)
    {
        var step = (decimal)Width / Math.Max(1, columns.Count);
        var gap = columns.Count > 120 ? 0 : step / 6;
        return [.. columns.Select((column, i) => Parts(column, top, (i * step) + (gap / 2), step - gap))];
    }

    /// <summary>The points of the curve of Lorenz, from nothing to all, through shares of thousandths.</summary>
    public static string Curve(IReadOnlyList<int> shares) => string.Join(
        ' ', shares.Prepend(0).Select((share, i) =>
            $"{Text((decimal)Width * i / Math.Max(1, shares.Count))},{Text(Height * (1 - (Math.Clamp(share, 0, 1_000) / 1_000m)))}"));

    private static List<PlotBar> Parts(PlotColumn column, long top, decimal x, decimal width)
    {
        List<PlotBar> bars = [];
        decimal bottom = Height;
        for (var series = 0; series < column.Values.Count; series++)
        {
            if (column.Values[series] <= 0)
            {
                continue;
            }

            var height = Math.Min(bottom, Math.Max(1, Height * (decimal)column.Values[series] / top));
            bottom -= height;
            bars.Add(new PlotBar(series, Text(x), Text(bottom), Text(width), Text(height)));
        }

        return bars;
    }

    private static string Text(decimal number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
