using System.Diagnostics.Metrics;

namespace Cete.Net;

/// <summary>What is measured of contents.</summary>
internal static class ContentMetrics
{
    private static readonly Meter Meter = new("Cete.Net");

    private static readonly Counter<long> Served = Meter.CreateCounter<long>("cete.content.served", "By", "Bytes of contents sent to clients.");

    private static long _sent;

    /// <summary>Bytes that were sent since the process began.</summary>
    public static long Total => Interlocked.Read(ref _sent);

    /// <summary>A part was sent.</summary>
    public static void Sent(int bytes)
    {
        Served.Add(bytes);
        Interlocked.Add(ref _sent, bytes);
    }
}
