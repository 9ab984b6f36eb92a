using System.Globalization;
using Cete.Core;
using Cete.Groups;

namespace Cete.Tracker;

/// <summary>What is read from the tables.</summary>
internal static class TrackerQueries
{
    /// <summary>Shorter than any key's name, so that it stands before all.</summary>
    private static readonly byte[] BeforeAll = [0];

    public static readonly Failure Unfounded = new(FailureKind.NotFound, "no community is founded here yet; found one first");

    public static Failure NoNode(KeyId id) => new(FailureKind.NotFound, $"the roster lists no node {id}; look for it in the list of nodes");

    public static CommunityRecord? Community(SqlSession sql) => sql.First(
        "SELECT id, name, root_certificate, administrator, founded_at, version FROM community WHERE one = 1",
        row => new CommunityRecord(
            new KeyId(row.GetFieldValue<byte[]>(0)), row.GetString(1), row.GetFieldValue<byte[]>(2), row.GetFieldValue<byte[]>(3),
            new Instant(row.GetInt64(4)), row.GetInt64(5)));

    /// <summary>The roster, when its version is greater; null when there is none or it is not.</summary>
    public static Roster? RosterSince(SqlSession sql, long version)
    {
        var roster = sql.First(
            "SELECT id, name, version, changed_at, minimum_protocol FROM community WHERE one = 1 AND version > @p1",
            row => new Roster(
                new KeyId(row.GetFieldValue<byte[]>(0)), row.GetString(1), row.GetInt64(2), new Instant(row.GetInt64(3)), [], [], (int)row.GetInt64(4)),
            version);
        return roster is null
            ? null
            : roster with
            {
                Issuers = new IssuerTable(sql).All(),
                Nodes = sql.Query($"SELECT {NodeTable.Columns} FROM nodes n ORDER BY n.id", NodeTable.ReadNode),
            };
    }

    public static TrackerPage<NodeRecord> Nodes(SqlSession sql, NodeQuery query)
    {
        var after = KeyId.TryParse(query.Cursor, out var last) ? last.ToArray() : BeforeAll;
        var removed = query.IsRemoved switch { true => " AND n.removed_at > 0", false => " AND n.removed_at = 0", null => string.Empty };
        var found = query.Role is null
            ? sql.Query(
                $"SELECT {NodeTable.Columns} FROM nodes n WHERE n.id > @p1{removed} ORDER BY n.id LIMIT @p2",
                NodeTable.Read, after, query.Limit + 1)
            : sql.Query(
                $"SELECT {NodeTable.Columns} FROM node_roles r JOIN nodes n ON n.id = r.node WHERE r.role = @p3 AND r.node > @p1{removed} "
                + "ORDER BY r.node LIMIT @p2",
                NodeTable.Read, after, query.Limit + 1, query.Role);
        return Cut(found, query.Limit, record => record.Node.Id.ToString());
    }

    /// <summary>Tokens, the newest first.</summary>
    public static TrackerPage<TokenRecord> Tokens(SqlSession sql, Instant now, string? cursor, int limit)
    {
        var isRead = long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var before);
        var found = sql.Query(
            $"SELECT {TokenTable.Columns} FROM tokens WHERE number < @p1 ORDER BY number DESC LIMIT @p2",
            TokenTable.Read, isRead ? before : long.MaxValue, limit + 1);
        var page = Cut(found, limit, row => row.Number.ToString(CultureInfo.InvariantCulture));
        return new TrackerPage<TokenRecord>([.. page.Items.Select(row => Show(row, now))], page.Next);
    }

    /// <summary>Tokens of an account, the newest first; bounded by what one may have, and by how long ended ones are kept.</summary>
    public static List<TokenRecord> TokensOf(SqlSession sql, string owner, Instant now, int limit) =>
    [
        .. sql.Query($"SELECT {TokenTable.Columns} FROM tokens WHERE owner = @p1 ORDER BY number DESC LIMIT @p2", TokenTable.Read, owner, limit)
            .Select(row => Show(row, now)),
    ];

    private static TokenRecord Show(TokenRow row, Instant now) => new(
        row.Id, row.StateAt(now), row.UsesLeft, row.Uses, NodeTable.SplitRoles(row.Roles), row.Owner, row.CreatedAt, row.ExpiresAt, row.Note);

    /// <summary>One more than asked for was read: it tells whether there is a next page.</summary>
    private static TrackerPage<T> Cut<T>(List<T> found, int limit, Func<T, string> cursorOf)
    {
        if (found.Count <= limit)
        {
            return new TrackerPage<T>(found, null);
        }

        found.RemoveRange(limit, found.Count - limit);
        return new TrackerPage<T>(found, cursorOf(found[^1]));
    }
}
