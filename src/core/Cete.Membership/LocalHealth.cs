namespace Cete.Membership;

/// <summary>
/// Lifeguard's local health multiplier: a node that misses what it should have heard trusts its own findings less, and takes more time for them
/// (Dadgar, Phillips, Currey 2018, §3.1).
/// </summary>
internal sealed class LocalHealth(int max)
{
    /// <summary>0 is well; the times of probes are multiplied by one more than this.</summary>
    public int Score { get; private set; }

    public void Add(int change) => Score = Math.Clamp(Score + change, 0, max);

    public TimeSpan Stretch(TimeSpan time) => time * (Score + 1);
}
