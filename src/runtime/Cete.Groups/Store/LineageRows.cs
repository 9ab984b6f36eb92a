namespace Cete.Groups.Store;

/// <summary>Which group of its name a store is of, among its facts: so it is part of snapshots and of backups.</summary>
internal static class LineageRows
{
    private const string High = "lineage_high";
    private const string Low = "lineage_low";

    public static Lineage Read(SqlSession sql) => new(Of(sql, High), Of(sql, Low));

    /// <summary>From here on the store is of this group. Its feed is another one then, too.</summary>
    public static void Write(SqlSession sql, Lineage lineage)
    {
        if (lineage.IsNone)
        {
            return;
        }

        sql.Execute(ReplicaStore.SetMetaText, High, lineage.High);
        sql.Execute(ReplicaStore.SetMetaText, Low, lineage.Low);
        sql.Execute(ReplicaStore.SetMetaText, "feed_epoch", lineage.FeedEpoch);
    }

    private static long Of(SqlSession sql, string name) => sql.Scalar<long>("SELECT value FROM cete_meta WHERE name = @p1", name);
}
