using Cete.Core;
using Cete.Groups;

namespace Cete.Index;

/// <summary>Finds the way through the tree of folders, down by names and up by parents.</summary>
internal static class FolderTree
{
    /// <summary>The id of a folder in sight; null when it does not exist.</summary>
    public static long? Find(SqlSession sql, EntryPath path)
    {
        var id = IndexSchema.TopFolder;
        foreach (var name in path.Names)
        {
            id = FindChild(sql, id, name);
            if (id == IndexSchema.TopFolder)
            {
                return null;
            }
        }

        return id;
    }

    /// <summary>The id of a child folder; that of the top, which is nobody's child, when there is none.</summary>
    public static long FindChild(SqlSession sql, long parent, string name) =>
        sql.Scalar<long>("SELECT id FROM folders WHERE parent = @p1 AND name = @p2 AND removed = 0", parent, name);

    /// <summary>The path of a folder, whether in sight or not.</summary>
    public static string PathOf(SqlSession sql, long folder)
    {
        Stack<string> names = [];
        for (var depth = 0; folder != IndexSchema.TopFolder; depth++)
        {
            Check.That(depth <= Limits.FolderDepthMax, "the tree of folders has no loops");
            var (parent, name) = sql.First("SELECT parent, name FROM folders WHERE id = @p1", row => (row.GetInt64(0), row.GetString(1)), folder);
            names.Push(name);
            folder = parent;
        }

        return "/" + string.Join('/', names);
    }

    /// <summary>The ids of a folder in sight and of all in sight below it, as a common table expression named <c>tree</c>.</summary>
    public const string Below =
        "WITH RECURSIVE tree (id) AS (SELECT @p1 UNION ALL SELECT f.id FROM folders f JOIN tree t ON f.parent = t.id WHERE f.removed = 0)";
}
