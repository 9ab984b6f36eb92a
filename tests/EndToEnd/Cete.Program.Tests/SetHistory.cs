namespace Cete.Program.Tests;

/// <summary>What was done to a set that only grows, and read from it, by many at once; says whether some order of it all explains what was read.</summary>
/// <remarks>
/// Complete, not a sample: names are added once each and a reading returns all of the set, so the readings must form a chain by inclusion, which fixes
/// the order of all that was done but for what nobody could tell apart. There is such an order (Herlihy and Wing, 1990) exactly when nothing that ended
/// before something else began stands behind it.
/// </remarks>
internal sealed class SetHistory
{
    private readonly List<Done> _done = [];

    /// <summary>How many additions and readings there are.</summary>
    public int Count
    {
        get
        {
            lock (_done)
            {
                return _done.Count;
            }
        }
    }

    /// <summary>Names that were acknowledged.</summary>
    public IReadOnlyList<string> Acknowledged
    {
        get
        {
            lock (_done)
            {
                return [.. _done.Where(done => done is { Added: not null, Ended: < long.MaxValue }).Select(done => done.Added!)];
            }
        }
    }

    /// <summary>Takes note of an addition.</summary>
    /// <param name="name">What was added.</param>
    /// <param name="began">When it was asked for; monotonic.</param>
    /// <param name="ended">When it was acknowledged; null when it never was, and may have been done at any time since, or not at all.</param>
    public void Add(string name, long began, long? ended) => Note(new Done(began, ended ?? long.MaxValue, name, null));

    /// <summary>Takes note of a reading.</summary>
    public void Read(IReadOnlyCollection<string> names, long began, long ended) => Note(new Done(began, ended, null, [.. names]));

    /// <summary>Why no order explains it; null when there is one.</summary>
    public string? Explain()
    {
        List<Done> done;
        lock (_done)
        {
            done = [.. _done.OrderBy(each => each.Began)];
        }

        var readings = done.Select(each => each.Saw).OfType<HashSet<string>>().OrderBy(saw => saw.Count).ToList();
        for (var i = 1; i < readings.Count; i++)
        {
            if (!readings[i - 1].IsSubsetOf(readings[i]))
            {
                return $"two readings saw what the other did not: {string.Join(' ', readings[i - 1].Except(readings[i]).Take(3))}"
                    + $" against {string.Join(' ', readings[i].Except(readings[i - 1]).Take(3))}";
            }
        }

        var added = done.Select(each => each.Added).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return readings.Count > 0 && readings[^1].FirstOrDefault(name => !added.Contains(name)) is { } unknown
            ? $"{unknown} was read and never added" : FindInversion(done, readings);
    }

    /// <summary>Two of which one ended before the other began, and must stand behind it.</summary>
    private static string? FindInversion(List<Done> done, List<HashSet<string>> readings)
    {
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var saw in readings)
        {
            foreach (var name in saw)
            {
                first.TryAdd(name, saw.Count);
            }
        }

        // Additions that the same reading saw first stand together before it; readings of as many names are of the same.
        int PlaceOf(Done each) => each.Saw is { } saw ? (2 * saw.Count) + 1 : first.TryGetValue(each.Added!, out var by) ? 2 * by : int.MaxValue;
        var ended = done.Where(each => each.Ended < long.MaxValue).OrderBy(each => each.Ended).ToList();
        var (next, last) = (0, (Done?)null);
        foreach (var each in done)
        {
            for (; next < ended.Count && ended[next].Ended < each.Began; next++)
            {
                last = last is null || PlaceOf(ended[next]) > PlaceOf(last) ? ended[next] : last;
            }

            if (last is not null && PlaceOf(last) > PlaceOf(each))
            {
                return $"{last} had ended when {each} began, which does not know of it";
            }
        }

        return null;
    }

    private void Note(Done done)
    {
        lock (_done)
        {
            _done.Add(done);
        }
    }

    private sealed record Done(long Began, long Ended, string? Added, HashSet<string>? Saw)
    {
        public override string ToString() => Saw is null ? $"the addition of {Added}" : $"a reading of {Saw.Count} names";
    }
}
