using System.Diagnostics;

namespace Cete.Benchmarks.Cluster;

/// <summary>Who has seen whom in which state, and when first. For several callers at once.</summary>
internal sealed class Sightings
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Observer, string Name, string State), long> _seen = [];
    private readonly List<(Func<bool> IsMet, TaskCompletionSource Done)> _waiting = [];

    /// <summary>An observer sees it, perhaps again.</summary>
    public void Saw(string observer, string name, string state)
    {
        lock (_gate)
        {
            if (_seen.TryAdd((observer, name, state), Stopwatch.GetTimestamp()))
            {
                foreach (var (_, done) in _waiting.Where(one => one.IsMet()))
                {
                    done.TrySetResult();
                }

                _waiting.RemoveAll(one => one.Done.Task.IsCompleted);
            }
        }
    }

    /// <summary>
    /// Waits until <paramref name="enough"/> of the observers have seen it; when each first did, in seconds since <paramref name="start"/>, the earliest
    /// first. Fewer when the limit is over.
    /// </summary>
    public async Task<List<double>> WaitAsync(IReadOnlyCollection<string> observers, string name, string state, long start, int enough, TimeSpan limit)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            bool IsMet() => observers.Count(observer => _seen.ContainsKey((observer, name, state))) >= enough;
            if (IsMet())
            {
                done.SetResult();
            }

            _waiting.Add((IsMet, done));
        }

        await Task.WhenAny(done.Task, Pause.ForAsync(limit));
        lock (_gate)
        {
            return
            [
                .. observers.Where(observer => _seen.ContainsKey((observer, name, state)))
                    .Select(observer => Stopwatch.GetElapsedTime(start, _seen[(observer, name, state)]).TotalSeconds).Order(),
            ];
        }
    }
}

/// <summary>A stretch of real time: what is measured is what happens in it.</summary>
internal static class Pause
{
    public static async Task ForAsync(TimeSpan time)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync();
    }
}
