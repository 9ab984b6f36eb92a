using Microsoft.Net.Http.Headers;

namespace Cete.Net;

/// <summary>What part of a content a request asks for (RFC 9110 §14).</summary>
internal readonly record struct ByteRange(long Offset, long Length, bool IsPart, bool IsSatisfiable)
{
    /// <summary>
    /// Reads a Range field. A malformed one, or one of several ranges, is ignored, as the RFC allows: nobody who takes part needs it, and
    /// thousands of ranges are an attack. One that lies behind the end cannot be satisfied.
    /// </summary>
    public static ByteRange Read(string? field, long total)
    {
        var whole = new ByteRange(0, total, IsPart: false, IsSatisfiable: true);
        if (string.IsNullOrEmpty(field) || field.Length > 200
            || !RangeHeaderValue.TryParse(field, out var parsed) || !parsed.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase)
            || parsed.Ranges.Count != 1)
        {
            return whole;
        }

        var range = parsed.Ranges.First();
        if (range.From is { } from)
        {
            if (from >= total)
            {
                return whole with { IsSatisfiable = false };
            }

            var to = Math.Min(range.To ?? long.MaxValue, total - 1);
            return new ByteRange(from, to - from + 1, IsPart: true, IsSatisfiable: true);
        }

        var suffix = Math.Min(range.To ?? 0, total);
        return suffix == 0 ? whole with { IsSatisfiable = false } : new ByteRange(total - suffix, suffix, IsPart: true, IsSatisfiable: true);
    }
}
