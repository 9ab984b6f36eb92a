using System.Data.Common;
using Cete.Core;
using Cete.Groups;

namespace Cete.Index.Moderation;

/// <summary>What the index answers about moderation: lists are read from the newest on, by the number of the act.</summary>
internal static class ModerationQueries
{
    /// <summary>Changes that a node is told at once.</summary>
    public const int ChangesMax = 1_000;

    /// <summary>What everybody may read of the log: not who reported or appealed, and of reports nothing at all.</summary>
    private const string Public =
        $"'{ModerationActs.TakeDown}', '{ModerationActs.PutBack}', '{ModerationActs.Appeal}', '{ModerationActs.Uphold}', '{ModerationActs.Reject}'";

    private const string Changing = $"'{ModerationActs.TakeDown}', '{ModerationActs.PutBack}', '{ModerationActs.Uphold}'";

    public static Page<TakenDownContent> TakenDown(SqlSession sql, long before, int limit) => List(
        sql, "SELECT act, root, reason, account, at FROM taken_down WHERE act < @p1 ORDER BY act DESC LIMIT @p2",
        row => new TakenDownContent(RootOf(row), null, row.GetString(2), row.GetString(3), new Instant(row.GetInt64(4)), row.GetInt64(0)),
        content => content.Act, content => content with { Path = PathOf(sql, content.Root) }, before, limit);

    public static Page<ContentReport> Reports(SqlSession sql, long before, int limit) => List(
        sql, "SELECT id, root, kind, note, account, at FROM reports WHERE closed = 0 AND id < @p1 ORDER BY id DESC LIMIT @p2",
        row => new ContentReport(
            row.GetInt64(0), RootOf(row), null, row.GetString(2), row.GetString(3), row.GetString(4), new Instant(row.GetInt64(5))),
        report => report.Id, report => report with { Path = PathOf(sql, report.Root) }, before, limit);

    public static Page<OpenAppeal> Appeals(SqlSession sql, long before, int limit) => List(
        sql,
        """
        SELECT a.id, a.root, t.reason, a.note, a.account, a.at FROM appeals a JOIN taken_down t ON t.root = a.root
        WHERE a.decided = 0 AND a.id < @p1 ORDER BY a.id DESC LIMIT @p2
        """,
        row => new OpenAppeal(
            row.GetInt64(0), RootOf(row), null, row.GetString(2), row.GetString(3), row.GetString(4), new Instant(row.GetInt64(5))),
        appeal => appeal.Id, appeal => appeal with { Path = PathOf(sql, appeal.Root) }, before, limit);

    public static Page<ModerationAct> Log(SqlSession sql, bool isWhole, long before, int limit) => List(
        sql,
        $"""
        SELECT id, root, at, act, account, kind, note FROM moderation_log
        WHERE id < @p1{(isWhole ? string.Empty : $" AND act IN ({Public})")} ORDER BY id DESC LIMIT @p2
        """,
        row => new ModerationAct(
            row.GetInt64(0), new Instant(row.GetInt64(2)), row.GetString(3), RootOf(row), null, row.GetString(4), row.GetString(5), row.GetString(6)),
        act => act.Id,
        act => act with { Path = PathOf(sql, act.Root), By = isWhole || act.Act != ModerationActs.Appeal ? act.By : string.Empty },
        before, limit);

    public static TakenDownPage Changes(SqlSession sql, long after)
    {
        if (!IndexSchema.HasModeration(sql))
        {
            return new TakenDownPage([], 0, IsMore: false);
        }

        var end = sql.Scalar<long?>($"SELECT max(id) FROM moderation_log WHERE act IN ({Changing})") ?? 0;
        if (end <= after)
        {
            return new TakenDownPage([], end, IsMore: false);
        }

        // What was put back again needs not be told: an act counts by how its content stands now.
        var changes = sql.Query(
            $"""
            SELECT l.id, l.root, t.reason FROM moderation_log l LEFT JOIN taken_down t ON t.root = l.root
            WHERE l.id > @p1 AND l.act IN ({Changing}) ORDER BY l.id LIMIT @p2
            """,
            row => new TakenDownChange(row.GetInt64(0), RootOf(row), row.IsDBNull(2) ? null : row.GetString(2)), after, ChangesMax);
        return new TakenDownPage(changes, end, changes.Count > 0 && changes[^1].Act < end);
    }

    private static Page<T> List<T>(
        SqlSession sql, string statement, Func<DbDataReader, T> read, Func<T, long> numberOf, Func<T, T> complete, long before, int limit)
    {
        if (!IndexSchema.HasModeration(sql))
        {
            return new Page<T>([], null, null);
        }

        var found = sql.Query(statement, read, before, limit + 1);
        List<T> items = [.. found.Take(limit).Select(complete)];
        return new Page<T>(items, found.Count > limit ? Cursor.Of(Cursor.ModerationList, $"{numberOf(items[^1])}", numberOf(items[^1])) : null, null);
    }

    private static Hash256 RootOf(DbDataReader row) => new(row.GetFieldValue<byte[]>(1));

    private static string? PathOf(SqlSession sql, Hash256 root) => EntryQueries.OldestPath(sql, root);
}
