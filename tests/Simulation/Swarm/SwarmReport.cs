using System.Globalization;

namespace Cete.Simulation.Swarm;

/// <summary>How a simulated swarm did.</summary>
internal sealed record SwarmReport(double Bound, double Median, double P95, double Last, double Copies, double ControlShare, double WastedShare, int Unfinished)
{
    public double MedianRatio => Median / Bound;

    public double P95Ratio => P95 / Bound;

    public double LastRatio => Last / Bound;

    public static SwarmReport Of(SwarmWorld world, SwarmOptions options)
    {
        var stay = world.Peers.Where(peer => peer.Number > 0 && !peer.IsKilled && !peer.IsLiar).ToList();
        double[] done = [.. stay.Where(peer => peer.Done >= 0).Select(peer => peer.Done / 1e6).Order()];
        double f = options.Length;
        var ups = world.Peers.Skip(1).Where(peer => !peer.IsRider && !peer.IsLiar).Sum(peer => (double)peer.Up);
        var n = options.Peers;
        var bound = Math.Max(Math.Max(f / options.SourceUp, f / options.Down), n * f / (options.SourceUp + ups));
        var delivered = f * n;
        return new SwarmReport(
            bound, At(done, 0.5), At(done, 0.95), At(done, 1), world.Peers[0].Sent / f, world.Control / delivered, world.Wasted / delivered, stay.Count - done.Length);
    }

    private static double At(double[] sorted, double part) => sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(part * sorted.Length))];

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"bound {Bound:F2} s, median {MedianRatio:F3}, p95 {P95Ratio:F3}, last {LastRatio:F3}, source {Copies:F2} copies, control {ControlShare:P2}, twice {WastedShare:P2}, unfinished {Unfinished}");
}
