using System.Globalization;
using System.Runtime.CompilerServices;

namespace Cete.Simulation.World;

/// <summary>Makes the text of <c>host.Trace($"...")</c> the same in every culture.</summary>
[InterpolatedStringHandler]
public ref struct TraceText(int literalLength, int formattedCount)
{
    private DefaultInterpolatedStringHandler _text = new(literalLength, formattedCount, CultureInfo.InvariantCulture);

    /// <summary>Adds what stands between the holes.</summary>
    public void AppendLiteral(string text) => _text.AppendLiteral(text);

    /// <summary>Adds what stands in a hole.</summary>
    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    /// <summary>Adds what stands in a hole, in a format.</summary>
    public void AppendFormatted<T>(T value, string? format) => _text.AppendFormatted(value, format);

    internal string ToStringAndClear() => _text.ToStringAndClear();
}
