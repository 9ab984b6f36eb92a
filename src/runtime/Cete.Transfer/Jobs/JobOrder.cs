using Cete.Ports;

namespace Cete.Transfer.Jobs;

/// <summary>Where a download is moved to in the queue.</summary>
public enum JobMove
{
    /// <summary>Before all that wait.</summary>
    First,

    /// <summary>Before the one that is before it.</summary>
    Up,

    /// <summary>Behind the one that is behind it.</summary>
    Down,
}

/// <summary>Whose turn it is: the highest priority first, then by place.</summary>
public static class JobOrder
{
    /// <summary>The first is whose turn it is.</summary>
    public static IComparer<DownloadJob> Turns { get; } = Comparer<DownloadJob>.Create(
        (one, other) => (-(int)one.Priority, PlaceOf(one), one.Id).CompareTo((-(int)other.Priority, PlaceOf(other), other.Id)));

    /// <summary>A place behind all of them.</summary>
    public static long Behind(IEnumerable<DownloadJob> jobs) => jobs.Select(PlaceOf).DefaultIfEmpty(0).Max() + 1;

    /// <summary>
    /// Those that change when one of them is moved. Past one of another priority it takes that: its place is what its user wants, and priorities come first.
    /// </summary>
    public static IReadOnlyList<DownloadJob> Move(IEnumerable<DownloadJob> jobs, long id, JobMove how)
    {
        var before = jobs.Order(Turns).ToList();
        var at = before.FindIndex(job => job.Id == id);
        var to = how switch
        {
            JobMove.First => 0,
            JobMove.Up => Math.Max(0, at - 1),
            _ => Math.Min(before.Count - 1, at + 1),
        };
        if (at == to)
        {
            return [];
        }

        var after = before.ToList();
        after.RemoveAt(at);
        after.Insert(to, before[at] with { Priority = before[to].Priority });
        var place = before.Min(PlaceOf);
        var places = before.ToDictionary(job => job.Id, PlaceOf);
        return [.. after.Select(job => job with { Place = place++ }).Where(job => PlaceOf(job) != places[job.Id] || job.Id == id)];
    }

    private static long PlaceOf(DownloadJob job) => job.Place ?? job.Id;
}
