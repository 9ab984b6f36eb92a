using Cete.Core;

namespace Cete.Cluster.Health;

/// <summary>How busy a node was at one moment.</summary>
/// <param name="Taken">When.</param>
/// <param name="Load">Smoothed, 0 to 1,000.</param>
/// <param name="Cpu">Part of the machine's processors used since the sample before, 0 to 1,000.</param>
/// <param name="ResidentBytes">Memory that the process occupies.</param>
/// <param name="RoundTrip">Median to the other members; null without any.</param>
public readonly record struct LoadSample(Instant Taken, int Load, int Cpu, long ResidentBytes, TimeSpan? RoundTrip);

/// <summary>The samples of the last hour: a ring, so that it never grows. For several callers at once.</summary>
public sealed class LoadHistory : IDisposable
{
    /// <summary>Between two samples.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>Samples that are kept: an hour.</summary>
    public const int Capacity = 360;

    private readonly Lock _gate = new();
    private readonly LoadSample[] _ring = new LoadSample[Capacity];
    private readonly Func<LoadSample> _take;
    private readonly ITimer _timer;
    private long _count;

    /// <summary>Takes the first sample after one <see cref="Interval"/>.</summary>
    /// <param name="clock">When to take one.</param>
    /// <param name="take">Takes it; must not throw.</param>
    public LoadHistory(TimeProvider clock, Func<LoadSample> take)
    {
        _take = take;
        _timer = clock.CreateTimer(_ => Add(), null, Interval, Interval);
    }

    /// <summary>The samples kept, the oldest first.</summary>
    public IReadOnlyList<LoadSample> Samples
    {
        get
        {
            lock (_gate)
            {
                var kept = new LoadSample[Math.Min(_count, Capacity)];
                for (var i = 0; i < kept.Length; i++)
                {
                    kept[i] = _ring[(_count - kept.Length + i) % Capacity];
                }

                return kept;
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Add()
    {
        var sample = _take();
        lock (_gate)
        {
            _ring[_count % Capacity] = sample;
            _count++;
        }
    }
}
