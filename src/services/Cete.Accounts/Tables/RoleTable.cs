using Cete.Core;
using Cete.Groups;

namespace Cete.Accounts;

/// <summary>The rows of roles: what each means.</summary>
internal sealed class RoleTable(SqlSession sql)
{
    public RoleDefinition? Find(string name) => sql.First(
        "SELECT name, grants FROM roles WHERE name = @p1", row => new RoleDefinition(row.GetString(0), GrantTexts.Read(row.GetString(1))), name);

    public List<RoleDefinition> All() =>
        sql.Query("SELECT name, grants FROM roles ORDER BY name", row => new RoleDefinition(row.GetString(0), GrantTexts.Read(row.GetString(1))));

    public long Count() => sql.Scalar<long>("SELECT count(*) FROM roles");

    public void Put(string name, IEnumerable<string> grants) => sql.Execute(
        "INSERT INTO roles (name, grants) VALUES (@p1, @p2) ON CONFLICT (name) DO UPDATE SET grants = excluded.grants", name, GrantTexts.Join(grants));

    public void Remove(string name) => sql.Execute("DELETE FROM roles WHERE name = @p1", name);
}

/// <summary>Rights as one text: each a line, since a folder's name may have blanks and never a line break.</summary>
internal static class GrantTexts
{
    public static string Join(IEnumerable<string> grants) => string.Join('\n', grants);

    public static IReadOnlyList<Grant> Read(string grants) => [.. grants.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Grant.Of)];
}
