using Cete.Hocon;

namespace Cete.Configuration;

/// <summary>Names the places of values: a file with line and column, or <c>-D</c> and the like, whose lines are nobody's.</summary>
internal sealed class Places(IEnumerable<string> withoutLines)
{
    private readonly HashSet<string> _withoutLines = new(withoutLines, StringComparer.Ordinal);

    public static Places None { get; } = new([]);

    public HoconError At(HoconOrigin origin, string message) => Clean(new HoconError(origin.Source, origin.Line, origin.Column, message));

    public HoconError Clean(HoconError error) => _withoutLines.Contains(error.Source) ? error with { Line = 0, Column = 0 } : error;

    public string Show(HoconOrigin origin) => _withoutLines.Contains(origin.Source) ? origin.Source : origin.ToString();
}
