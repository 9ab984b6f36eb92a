using Cete.Core;
using Cete.Ports.Swarms;

namespace Cete.Transfer.Swarms;

/// <summary>
/// Tells a community what a peer has whole: what is new at once, the rest again before it is forgotten there, a page at a time. For one caller at a time.
/// </summary>
/// <param name="desk">Is told.</param>
/// <param name="self">The peer as it is now.</param>
/// <param name="clock">The time here.</param>
public sealed class HoldingTeller(IHoldingDesk desk, Func<SwarmSelf> self, TimeProvider clock)
{
    private static readonly TimeSpan RetryFirst = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryMax = TimeSpan.FromMinutes(5);

    /// <summary>When each is to be told again.</summary>
    private readonly Dictionary<Hash256, DateTimeOffset> _told = [];
    private IReadOnlyCollection<Hash256> _held = [];
    private DateTimeOffset _next;
    private TimeSpan _retry = RetryFirst;
    private bool _hasFailed;

    /// <summary>Contents that the community knows of.</summary>
    public int Told => _told.Count;

    /// <summary>Tells what is due, if anything is. Where that fails, the next call after a while tries again.</summary>
    /// <param name="held">All that the peer has; the same object as long as it is the same.</param>
    /// <param name="stop">Ends it.</param>
    public async Task TellAsync(IReadOnlyCollection<Hash256> held, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        if (now < _next && (_hasFailed || ReferenceEquals(held, _held)))
        {
            return;
        }

        (_held, _next, _hasFailed) = (held, DateTimeOffset.MaxValue, false);
        var known = held.Take(HoldingReport.OfOneMax).ToHashSet();
        var gone = _told.Keys.Where(root => !known.Contains(root)).ToList();
        var due = known.Where(root => !_told.TryGetValue(root, out var again) || again <= now).ToList();
        while ((due.Count > 0 || gone.Count > 0) && !_hasFailed)
        {
            var page = due.Take(HoldingReport.ContentsMax).ToList();
            var left = gone.Take(HoldingReport.ContentsMax).ToList();
            await TellAsync(page, left, now, stop);
            due.RemoveRange(0, page.Count);
            gone.RemoveRange(0, left.Count);
        }

        if (!_hasFailed && _told.Count > 0)
        {
            _next = _told.Values.Min();
        }
    }

    /// <summary>Says that it goes, if anybody knows of it.</summary>
    public async Task LeaveAsync(CancellationToken stop)
    {
        if (_told.Count > 0)
        {
            var here = self();
            _told.Clear();
            await desk.TellAsync(new HoldingReport(here.Key, []) { Addresses = here.Addresses, IsLeaving = true }, stop);
        }
    }

    private async Task TellAsync(List<Hash256> page, List<Hash256> gone, DateTimeOffset now, CancellationToken stop)
    {
        var here = self();
        var answer = await desk.TellAsync(
            new HoldingReport(here.Key, page) { Gone = gone, Addresses = here.Addresses, Uplink = here.Uplink }, stop);
        if (!answer.Succeeded)
        {
            (_hasFailed, _next) = (true, now + _retry);
            _retry = _retry * 2 < RetryMax ? _retry * 2 : RetryMax;
            return;
        }

        _retry = RetryFirst;
        foreach (var root in page)
        {
            _told[root] = now + (answer.Value.Valid / 2);
        }

        foreach (var root in gone)
        {
            _told.Remove(root);
        }
    }
}
