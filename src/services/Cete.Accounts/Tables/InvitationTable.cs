using System.Data.Common;
using Cete.Core;
using Cete.Groups;

namespace Cete.Accounts;

/// <summary>An invitation to be listed.</summary>
internal sealed record NewInvitation(
    byte[] Id, AccountId By, byte[] SecretHash, IReadOnlyList<string> Roles, int Uses, Instant ExpiresAt, string Note)
{
    /// <summary>The key of which the secret is the private half; null for one that is known by the secret's hash.</summary>
    public byte[]? PublicKey { get; init; }
}

/// <summary>The rows of invitations.</summary>
internal sealed class InvitationTable(SqlSession sql)
{
    public const string Columns = "id, account, roles, uses, uses_left, created_at, expires_at, revoked_at, note, number";

    public static InvitationRecord Read(DbDataReader row) => new(
        Convert.ToHexStringLower(row.GetFieldValue<byte[]>(0)), new AccountId(row.GetFieldValue<byte[]>(1)), AccountTable.Split(row.GetString(2)),
        (int)row.GetInt64(3), (int)row.GetInt64(4), new Instant(row.GetInt64(5)), new Instant(row.GetInt64(6)),
        row.GetInt64(7) is > 0 and var revoked ? new Instant(revoked) : null, row.GetString(8));

    public InvitationRecord? Find(byte[] id) => sql.First($"SELECT {Columns} FROM invitations WHERE id = @p1", Read, id);

    /// <summary>SHA-256 of its secret.</summary>
    public byte[]? SecretHashOf(byte[] id) => sql.Scalar<byte[]>("SELECT secret_hash FROM invitations WHERE id = @p1", id);

    /// <summary>The public half of its secret; null for one that is known by its hash. From <see cref="AccountsMachine.FeedLevel"/> on.</summary>
    public byte[]? KeyOf(byte[] id) => sql.Scalar<byte[]>("SELECT public_key FROM invitations WHERE id = @p1", id);

    public void SetKey(byte[] id, byte[] publicKey) => sql.Execute("UPDATE invitations SET public_key = @p1 WHERE id = @p2", publicKey, id);

    /// <summary>How many of an account are usable; counted up to the bound.</summary>
    public long CountUsable(AccountId account, Instant now) => sql.Scalar<long>(
        "SELECT count(*) FROM (SELECT id FROM invitations WHERE account = @p1 AND over_at > @p2 LIMIT @p3) AS usable",
        account.ToArray(), now.Microseconds, AccountsLimits.InvitationsMax);

    public void Add(NewInvitation invitation, long number, Instant at) => sql.Execute(
        """
        INSERT INTO invitations (id, number, account, secret_hash, roles, uses, uses_left, created_at, expires_at, note, over_at)
        VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p6, @p7, @p8, @p9, @p8)
        """,
        invitation.Id, number, invitation.By.ToArray(), invitation.SecretHash, AccountTable.Join(invitation.Roles), invitation.Uses, at.Microseconds,
        invitation.ExpiresAt.Microseconds, invitation.Note);

    public void Use(InvitationRecord invitation, Instant at) => sql.Execute(
        "UPDATE invitations SET uses_left = @p1, over_at = @p2 WHERE id = @p3",
        invitation.UsesLeft - 1, invitation.UsesLeft == 1 ? at.Microseconds : invitation.ExpiresAt.Microseconds, Convert.FromHexString(invitation.Id));

    public void Revoke(InvitationRecord invitation, Instant at) => sql.Execute(
        "UPDATE invitations SET revoked_at = @p1, over_at = min(over_at, @p1) WHERE id = @p2", at.Microseconds, Convert.FromHexString(invitation.Id));

    /// <summary>Those of an account that are usable, the oldest first.</summary>
    public List<InvitationRecord> UsableOf(AccountId account, Instant now) => sql.Query(
        $"SELECT {Columns} FROM invitations WHERE account = @p1 AND over_at > @p2 ORDER BY number", Read, account.ToArray(), now.Microseconds);

    /// <summary>Forgets those that ended by then, the first first; how many.</summary>
    public int ForgetEnded(Instant by, int countMax)
    {
        var ended = sql.Query(
            "SELECT id FROM invitations WHERE over_at <= @p1 ORDER BY over_at, number LIMIT @p2", row => row.GetFieldValue<byte[]>(0),
            by.Microseconds, countMax);
        foreach (var id in ended)
        {
            sql.Execute("DELETE FROM invitations WHERE id = @p1", id);
        }

        return ended.Count;
    }
}
