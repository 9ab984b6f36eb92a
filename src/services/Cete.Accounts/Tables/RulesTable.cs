using Cete.Core;
using Cete.Groups;

namespace Cete.Accounts;

/// <summary>The one row of rules.</summary>
internal sealed class RulesTable(SqlSession sql)
{
    public AccountRules? Find() => sql.First(
        "SELECT community, registration, version, roles_version FROM community_rules WHERE one = 1",
        row => new AccountRules(new KeyId(row.GetFieldValue<byte[]>(0)), (Registration)(int)row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)));

    public AccountId Administrator() => new(sql.Scalar<byte[]>("SELECT administrator FROM community_rules WHERE one = 1"));

    public void Add(KeyId community, Registration registration, AccountId administrator) => sql.Execute(
        """
        INSERT INTO community_rules (one, community, registration, version, roles_version, administrator, acts)
        VALUES (1, @p1, @p2, 1, 1, @p3, 0)
        """,
        community.ToArray(), (long)registration, administrator.ToArray());

    public void SetCommunity(KeyId community, AccountId administrator) =>
        sql.Execute("UPDATE community_rules SET community = @p1, administrator = @p2 WHERE one = 1", community.ToArray(), administrator.ToArray());

    public void SetRegistration(Registration registration) =>
        sql.Execute("UPDATE community_rules SET registration = @p1 WHERE one = 1", (long)registration);

    /// <summary>Brings the standings to their next version; answers with it. Each account's change has a version of its own.</summary>
    public long Touch()
    {
        sql.Execute("UPDATE community_rules SET version = version + 1 WHERE one = 1");
        return sql.Scalar<long>("SELECT version FROM community_rules WHERE one = 1");
    }

    /// <summary>As <see cref="Touch"/>, where it is about what roles mean.</summary>
    public long TouchRoles()
    {
        var version = Touch();
        sql.Execute("UPDATE community_rules SET roles_version = @p1 WHERE one = 1", version);
        return version;
    }
}
