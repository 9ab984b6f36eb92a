using System.Diagnostics.CodeAnalysis;
using Cete.Core;

namespace Cete.Groups.Import;

/// <summary>What makes each event have its effect once. Tests break one rule at a time, to see that it is noticed.</summary>
[SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "tests derive from it, to break a rule")]
internal class ImportRules
{
    /// <summary>A page is applied where the import stands at its beginning, and nowhere else.</summary>
    public virtual bool IsNext(ImportCursor? own, ImportCursor? from) => own == from;

    /// <summary>Events were missed: those between are dropped already, or belong to a feed that a restore has ended.</summary>
    /// <param name="cursor">How far the feed was imported.</param>
    /// <param name="epoch">Of the feed as it is now.</param>
    /// <param name="oldest">Everything from this position on is kept.</param>
    public virtual bool MustBegin(ImportCursor? cursor, long epoch, long oldest) =>
        cursor is null || FeedPage.IsGone(epoch, oldest, cursor.Epoch, cursor.Position);

    /// <summary>While imports are paused, pages change nothing.</summary>
    public virtual bool IsPaused(Instant at, Instant until) => at < until;

    /// <summary>The cursor, which is kept in the tables of the group itself.</summary>
    public virtual ImportCursor? Read(SqlSession sql, GroupId source) => ImportTable.Read(sql, source);

    /// <summary>Notes it, within the transaction of what was imported.</summary>
    public virtual void Write(SqlSession sql, GroupId source, ImportCursor cursor) => ImportTable.Write(sql, source, cursor);
}
