using Cete.Core;

namespace Cete.Swarm.Planning;

/// <summary>Who was said to give bytes that do not verify, and by how many independent reporters.</summary>
internal sealed class LiarReports(PlannerSettings settings)
{
    /// <summary>Liars that one report may name.</summary>
    public const int AReport = 8;

    private const int AccusedMax = 4_096;

    private readonly Dictionary<KeyId, Accused> _accused = [];

    /// <summary>Somebody accuses a peer; true when that is now shunned.</summary>
    public bool Report(KeyId liar, string reporter, Instant now)
    {
        if (!_accused.TryGetValue(liar, out var accused) || accused.Until < now)
        {
            if (_accused.Count >= AccusedMax)
            {
                Forget(now);
            }

            if (_accused.Count >= AccusedMax)
            {
                return false;
            }

            _accused[liar] = accused = new Accused();
        }

        accused.Until = now + settings.ShunnedFor;
        if (!accused.IsShunned && !accused.By.Contains(reporter))
        {
            accused.By.Add(reporter);
            accused.IsShunned = accused.By.Count >= settings.ReportersNeeded;
        }

        return accused.IsShunned;
    }

    /// <summary>A peer is given to nobody.</summary>
    public bool IsShunned(KeyId peer, Instant now) =>
        _accused.Count > 0 && _accused.TryGetValue(peer, out var accused) && accused.IsShunned && accused.Until >= now;

    private void Forget(Instant now)
    {
        foreach (var (key, accused) in _accused)
        {
            if (accused.Until < now)
            {
                _accused.Remove(key);
            }
        }
    }

    private sealed class Accused
    {
        public List<string> By { get; } = [];

        public bool IsShunned { get; set; }

        public Instant Until { get; set; }
    }
}
