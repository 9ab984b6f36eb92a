using System.Globalization;
using System.Text;

namespace Cete.Web.Pages;

/// <summary>A load over time as the points of a line.</summary>
internal static class LoadLine
{
    /// <summary>Of the drawing, in its own units.</summary>
    public const int Width = 360;

    public const int Height = 48;

    private const int Full = 1_000;

    /// <summary>The points of a line through all samples, the newest at the right edge; a full hour fills the width.</summary>
    /// <param name="samples">0 to 1,000 each, the oldest first.</param>
    public static string Points(IReadOnlyList<int> samples)
    {
        // A line has two ends.
        samples = samples.Count == 1 ? [samples[0], samples[0]] : samples;
        var points = new StringBuilder();
        for (var i = 0; i < samples.Count; i++)
        {
            var x = Width - (samples.Count - 1 - i);
            var y = 1 + ((Height - 2) * (Full - Math.Clamp(samples[i], 0, Full)) / (double)Full);
            points.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? string.Empty : " ")}{x},{y:0.#}");
        }

        return points.ToString();
    }

    /// <summary>The line in words, for those who do not see it.</summary>
    public static string Describe(IReadOnlyList<int> samples, int intervalSeconds) => samples.Count == 0
        ? "No load was measured yet"
        : $"Load over the last {Span(samples.Count * intervalSeconds)}: {Percent(samples[^1])} now, {Percent(samples.Min())} to {Percent(samples.Max())}";

    /// <summary>"12 %".</summary>
    public static string Percent(int ofThousand) => string.Create(CultureInfo.InvariantCulture, $"{ofThousand / 10.0:0} %");

    private static string Span(int seconds) => seconds < 120 ? $"{seconds} seconds" : seconds < 3_600 ? $"{seconds / 60} minutes" : "hour";
}
