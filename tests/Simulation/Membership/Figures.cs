namespace Cete.Simulation.Membership;

/// <summary>Measured times, in seconds.</summary>
internal sealed class Figures
{
    private readonly List<double> _sorted = [];

    public double Mean => _sorted.Average();

    public double Max => _sorted[^1];

    public int Count => _sorted.Count;

    public void Add(TimeSpan time)
    {
        var at = _sorted.BinarySearch(time.TotalSeconds);
        _sorted.Insert(at < 0 ? ~at : at, time.TotalSeconds);
    }

    /// <summary>The least value that so many of a hundred do not exceed.</summary>
    public double Percentile(int percent) => _sorted[Math.Max(0, ((_sorted.Count * percent) + 99) / 100 - 1)];

    public override string ToString() => FormattableString.Invariant(
        $"mean {Mean:F2} s, median {Percentile(50):F2} s, p99 {Percentile(99):F2} s, max {Max:F2} s of {Count}");
}
