using System.Buffers.Binary;
using Cete.Core;

namespace Cete.Swarm.Tests.Caching;

/// <summary>Made-up requests: how popular a content is follows Zipf, how large it is a log-normal distribution; the same from the same seed.</summary>
internal sealed class Traces
{
    public const int Contents = 10_000;
    public const int Requests = 200_000;
    private readonly Hash256[] _roots = new Hash256[Contents + Requests];
    private readonly long[] _sizes = new long[Contents + Requests];
    private readonly Prng _chance;

    public Traces(ulong seed)
    {
        _chance = new Prng(seed);
        Span<byte> number = stackalloc byte[12];
        BinaryPrimitives.WriteUInt64LittleEndian(number, seed);
        for (var i = 0; i < _roots.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(number[8..], i);
            _roots[i] = Hash256.Of(number);

            // Median 1 MiB, mean 4 MiB, one of a thousand above 180 MiB; two gibibytes at most.
            _sizes[i] = (long)Math.Clamp(1024 * 1024 * Math.Exp(1.67 * Normal()), 1024, 2L << 30);
        }

        Capacity = _sizes.Take(Contents).Sum() / 20;
    }

    /// <summary>A twentieth of what the popular contents have together.</summary>
    public long Capacity { get; }

    /// <summary>The popular stay popular.</summary>
    public IEnumerable<(Hash256 Root, long Size)> Zipf(double skew)
    {
        var ranks = new Ranks(Contents, skew);
        for (var i = 0; i < Requests; i++)
        {
            yield return Of(ranks.Next(_chance));
        }
    }

    /// <summary>Somebody goes through all, one after the other, a fifth of the time, while others ask for what is popular.</summary>
    public IEnumerable<(Hash256 Root, long Size)> Scan()
    {
        var (ranks, next) = (new Ranks(Contents, 0.8), 0);
        for (var i = 0; i < Requests; i++)
        {
            yield return i / 5_000 % 5 == 4 ? Of(Contents + next++) : Of(ranks.Next(_chance));
        }
    }

    /// <summary>What is popular is something else four times.</summary>
    public IEnumerable<(Hash256 Root, long Size)> Shift()
    {
        var ranks = new Ranks(Contents, 1.0);
        for (var i = 0; i < Requests; i++)
        {
            yield return Of((int)((ranks.Next(_chance) + (i / 40_000 * 3_571L)) % Contents));
        }
    }

    /// <summary>What is new is popular, and another is new with each ten requests: what an LRU is made for.</summary>
    public IEnumerable<(Hash256 Root, long Size)> News()
    {
        var ranks = new Ranks(Contents, 1.0);
        for (var i = 0; i < Requests; i++)
        {
            yield return Of(Contents + (i / 10) - ranks.Next(_chance));
        }
    }

    private (Hash256 Root, long Size) Of(int number) => (_roots[number], _sizes[number]);

    private double Normal() =>
        Math.Sqrt(-2 * Math.Log(1 - Unit(_chance))) * Math.Cos(2 * Math.PI * Unit(_chance));

    private static double Unit(Prng chance) => (chance.NextBits() >> 11) * (1.0 / (1UL << 53));

    private sealed class Ranks
    {
        private readonly double[] _sums;

        public Ranks(int count, double skew)
        {
            _sums = new double[count];
            var sum = 0.0;
            for (var i = 0; i < count; i++)
            {
                _sums[i] = sum += 1 / Math.Pow(i + 1, skew);
            }
        }

        public int Next(Prng chance)
        {
            var found = Array.BinarySearch(_sums, Unit(chance) * _sums[^1]);
            return Math.Min(found < 0 ? ~found : found, _sums.Length - 1);
        }
    }
}
