using System.Globalization;

namespace Cete.Benchmarks;

/// <summary>Gathers figures with what is asked of them.</summary>
internal sealed class Report
{
    private readonly List<(string Name, string Figure, string Asked, bool Met)> _rows = [];

    public void AtLeast(string name, double figure, double asked, string unit = "") =>
        _rows.Add((name, Text(figure, unit), $">= {Text(asked, unit)}", figure >= asked));

    public void AtMost(string name, double figure, double asked, string unit = "") =>
        _rows.Add((name, Text(figure, unit), $"<= {Text(asked, unit)}", figure <= asked));

    public void Note(string name, double figure, string unit) => _rows.Add((name, Text(figure, unit), string.Empty, true));

    /// <summary>Prints the table; 0 when everything asked for is met, else 1.</summary>
    public int Print()
    {
        var width = _rows.Max(row => row.Name.Length);
        foreach (var (name, figure, asked, met) in _rows)
        {
            Console.WriteLine($"{name.PadRight(width)}  {figure,14}  {asked,14}  {(asked.Length == 0 ? string.Empty : met ? "met" : "MISSED")}");
        }

        return _rows.All(row => row.Met) ? 0 : 1;
    }

    /// <summary>The middle one of several measurements.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static string Text(double value, string unit) => string.Create(CultureInfo.InvariantCulture, $"{value:0.00} {unit}").Trim();
}
