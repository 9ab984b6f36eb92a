using Cete.Core;
using Cete.Groups;

namespace Cete.Index.Moderation;

/// <summary>Which contents were taken down, as the tables have it. In most communities none is, which one statement tells.</summary>
internal static class TakenDownContents
{
    /// <summary>Some content is.</summary>
    public static bool Any(SqlSession sql) => sql.Scalar<long>("SELECT EXISTS (SELECT 1 FROM taken_down)") > 0;

    /// <summary>Why a content was taken down; null where it was not.</summary>
    public static string? ReasonOf(SqlSession sql, byte[] root) => sql.Scalar<string>("SELECT reason FROM taken_down WHERE root = @p1", root);

    /// <summary>What whoever wants it is told.</summary>
    public static Failure Refuse(in Hash256 root, string reason) => new(
        FailureKind.TakenDown,
        $"the community's moderators took this content down: {EntryName.Show(reason)}. If that is wrong, appeal: cete appeal {root} --text WHY");

    /// <summary>Says of entries whether their contents were taken down.</summary>
    public static void Mark(SqlSession sql, List<EntryRecord> entries)
    {
        if (entries.Count == 0 || !IndexSchema.HasModeration(sql) || !Any(sql))
        {
            return;
        }

        for (var i = 0; i < entries.Count; i++)
        {
            if (ReasonOf(sql, entries[i].Root.ToArray()) is { } reason)
            {
                entries[i] = entries[i] with { TakenDown = reason };
            }
        }
    }

    /// <summary>What a search finds: a page may get shorter by it, its cursor does not change.</summary>
    public static Page<EntryRecord> LeaveOut(Page<EntryRecord> found)
    {
        var left = found.Items.Where(entry => entry.TakenDown is null).ToList();
        return left.Count == found.Items.Count ? found
            : found with { Items = left, Total = found.Total is { } total ? Math.Max(left.Count, total - (found.Items.Count - left.Count)) : null };
    }
}
