using System.Numerics;

namespace Cete.Membership;

/// <summary>How times and counts grow with the number of members, in whole numbers, so that a run is the same on every machine.</summary>
internal static class Scaling
{
    /// <summary>1,000 times the decimal logarithm, linear between powers of two: 4 % off at most.</summary>
    public static int MilliLog10(int count)
    {
        if (count <= 1)
        {
            return 0;
        }

        var whole = BitOperations.Log2((uint)count);
        var floor = 1 << whole;
        return (int)(((whole * 1_000L) + ((count - floor) * 1_000L / floor)) * 30_103 / 100_000);
    }

    /// <summary>A time multiplied by the logarithm of the members, but at least itself.</summary>
    public static TimeSpan ByLog(TimeSpan time, int members) => time * Math.Max(1_000, MilliLog10(members)) / 1_000;

    /// <summary>How often a piece of news is told among so many.</summary>
    public static int Transmits(int factor, int members) => factor * ((MilliLog10(members + 1) + 999) / 1_000);

    /// <summary>Interval of exchanges, doubled with each doubling of the members beyond 32, so that their number in the whole cluster stays level.</summary>
    public static TimeSpan SyncInterval(TimeSpan interval, int members) =>
        members <= 32 ? interval : interval * (BitOperations.Log2((uint)(members - 1)) - 3);
}
