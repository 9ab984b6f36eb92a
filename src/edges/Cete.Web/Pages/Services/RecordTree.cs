using Cete.Described;

namespace Cete.Web.Pages.Services;

/// <summary>A record with those that hang on it.</summary>
/// <param name="Record">The record.</param>
/// <param name="Below">Those whose parent it is.</param>
public sealed record RecordTree(RecordView Record, IReadOnlyList<RecordTree> Below)
{
    /// <summary>Levels that are drawn below each other; what is deeper stands on the last.</summary>
    private const int DepthMax = 8;

    /// <summary>The trees of some records. One whose parent is not among them stands at the top, as does one of a circle.</summary>
    /// <param name="records">The records, in order.</param>
    /// <param name="parent">The field that points to the parent.</param>
    public static IReadOnlyList<RecordTree> Of(IReadOnlyList<RecordView> records, string parent)
    {
        var known = records.Select(record => record.Id).ToHashSet();
        var below = records.ToLookup(record => record.Get(parent) is { IsNull: false } value && known.Contains(value.Number) ? value.Number : 0);
        HashSet<long> seen = [];
        List<RecordTree> trees = [.. below[0].Select(record => Grow(record, below, seen, 1))];
        foreach (var record in records.Where(record => !seen.Contains(record.Id)))
        {
            if (!seen.Contains(record.Id))
            {
                trees.Add(Grow(record, below, seen, 1));
            }
        }

        return trees;
    }

    private static RecordTree Grow(RecordView record, ILookup<long, RecordView> below, HashSet<long> seen, int depth)
    {
        seen.Add(record.Id);
        var children = depth < DepthMax ? below[record.Id] : Flat(record, below, seen);
        var open = children.Where(child => !seen.Contains(child.Id)).ToList();
        return new RecordTree(record, [.. open.Select(child => depth < DepthMax ? Grow(child, below, seen, depth + 1) : Leaf(child, seen))]);
    }

    private static RecordTree Leaf(RecordView record, HashSet<long> seen)
    {
        seen.Add(record.Id);
        return new RecordTree(record, []);
    }

    /// <summary>All that is below, in the order of a reader. Without recursion: it may be a long way down.</summary>
    private static List<RecordView> Flat(RecordView record, ILookup<long, RecordView> below, HashSet<long> seen)
    {
        List<RecordView> flat = [];
        HashSet<long> met = [record.Id];
        Stack<RecordView> open = new(below[record.Id].Reverse());
        while (open.TryPop(out var next))
        {
            if (seen.Contains(next.Id) || !met.Add(next.Id))
            {
                continue;
            }

            flat.Add(next);
            foreach (var child in below[next.Id].Reverse())
            {
                open.Push(child);
            }
        }

        return flat;
    }
}
