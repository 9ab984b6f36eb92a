using System.Globalization;

namespace Cete.Simulation.Swarm;

/// <summary>How a simulated swarm did, against the lower bound of a fluid (FEATURES.md §5.1).</summary>
internal sealed record SwarmReport
{
    /// <summary>Seconds.</summary>
    public required double Bound { get; init; }

    /// <summary>When half were done, over the bound.</summary>
    public required double Median { get; init; }

    public required double P95 { get; init; }

    public required double Last { get; init; }

    /// <summary>Contents that the source sent.</summary>
    public required double Copies { get; init; }

    /// <summary>Bytes of words over bytes of content.</summary>
    public required double Control { get; init; }

    /// <summary>Bytes that came in vain over bytes of content.</summary>
    public required double Wasted { get; init; }

    public required int Unfinished { get; init; }

    public static SwarmReport Of(SwarmWorld world, SwarmOptions options)
    {
        var stay = world.Peers.Where(peer => peer.Number > 0 && !peer.IsKilled && !peer.IsLiar).ToList();
        double[] done = [.. stay.Where(peer => peer.Done >= 0).Select(peer => peer.Done / 1e6).Order()];
        double length = options.Length;
        var ups = world.Peers.Skip(1).Where(peer => !peer.IsRider && !peer.IsLiar).Sum(peer => (double)peer.Up);
        var bound = Math.Max(Math.Max(length / options.SourceUp, length / options.Down), options.Peers * length / (options.SourceUp + ups));
        var delivered = length * options.Peers;
        return new SwarmReport
        {
            Bound = bound,
            Median = At(done, 0.5) / bound,
            P95 = At(done, 0.95) / bound,
            Last = At(done, 1) / bound,
            Copies = world.Peers[0].Sent / length,
            Control = world.Control / delivered,
            Wasted = world.Wasted / delivered,
            Unfinished = stay.Count - done.Length,
        };
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"bound {Bound:F2} s, median {Median:F3}, p95 {P95:F3}, last {Last:F3}, ")
        + string.Create(CultureInfo.InvariantCulture, $"source {Copies:F2} copies, words {Control:P2}, in vain {Wasted:P2}, {Unfinished} not done");

    private static double At(double[] sorted, double part) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(part * sorted.Length))];
}
