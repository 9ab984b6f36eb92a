namespace Cete.App.Output;

/// <summary>Numbers over time in one line of a terminal.</summary>
internal static class Sparkline
{
    private const string Steps = "▁▂▃▄▅▆▇█";

    /// <summary>Draws them, the newest at the right. Of several that share a place the highest is shown: a short peak must not vanish.</summary>
    /// <param name="values">From 0 to <paramref name="full"/>.</param>
    /// <param name="full">What reaches the top.</param>
    /// <param name="width">Places at most.</param>
    public static string Draw(IReadOnlyList<int> values, int full, int width)
    {
        var places = Math.Min(width, values.Count);
        return string.Create(places, (values, full), static (line, state) =>
        {
            for (var i = 0; i < line.Length; i++)
            {
                var (from, to) = ((int)((long)i * state.values.Count / line.Length), (int)((i + 1L) * state.values.Count / line.Length));
                var highest = 0;
                for (var j = from; j < to; j++)
                {
                    highest = Math.Max(highest, Math.Min(state.values[j], state.full));
                }

                line[i] = Steps[Math.Min(Steps.Length - 1, highest * Steps.Length / state.full)];
            }
        });
    }
}
