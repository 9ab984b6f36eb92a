using System.Net;
using Cete.Core;
using Cete.Ports;

namespace Cete.Net.Swarms;

/// <summary>What somebody was sent of a content.</summary>
/// <param name="Key">His key.</param>
/// <param name="Address">Where he came from.</param>
/// <param name="Sent">Bytes.</param>
/// <param name="PerSecond">Bytes a second, lately.</param>
public sealed record UploadedTo(KeyId Key, IPAddress? Address, long Sent, long PerSecond);

/// <summary>Who was sent how much of which content. For several callers at once.</summary>
/// <param name="clock">The time here.</param>
public sealed class UploadTally(TimeProvider clock)
{
    /// <summary>Pairs of a peer and a content at a time; the one that was sent something longest ago gives way.</summary>
    internal const int CountMax = 4_096;

    private readonly Lock _gate = new();
    private readonly Dictionary<(Hash256 Root, KeyId Key), Line> _lines = [];

    /// <summary>Who was sent something of a content, those who got most first.</summary>
    public IReadOnlyList<UploadedTo> Of(Hash256 root)
    {
        lock (_gate)
        {
            return
            [
                .. _lines.Where(one => one.Key.Root == root)
                    .Select(one => new UploadedTo(one.Key.Key, one.Value.Address, one.Value.Meter.Total, one.Value.Meter.PerSecond))
                    .OrderByDescending(one => one.Sent),
            ];
        }
    }

    /// <summary>He was sent so much.</summary>
    internal void Add(Hash256 root, KeyId key, IPAddress? address, int bytes)
    {
        lock (_gate)
        {
            if (!_lines.TryGetValue((root, key), out var line))
            {
                if (_lines.Count >= CountMax)
                {
                    // A tenth at once, so that the search for them is rare.
                    foreach (var (old, _) in _lines.OrderBy(one => one.Value.Last).Take(CountMax / 10).ToList())
                    {
                        _lines.Remove(old);
                    }
                }

                _lines[(root, key)] = line = new Line(new RateMeter(clock));
            }

            (line.Address, line.Last) = (address, clock.GetTimestamp());
            line.Meter.Add(bytes);
        }
    }

    private sealed class Line(RateMeter meter)
    {
        public RateMeter Meter { get; } = meter;

        public IPAddress? Address { get; set; }

        public long Last { get; set; }
    }
}
