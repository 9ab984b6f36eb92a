using System.Data.Common;
using Cete.Core;
using Cete.Groups;
using Cete.Tracker.Proto;

namespace Cete.Tracker;

/// <summary>A token's row.</summary>
internal sealed record TokenRow(
    TokenId Id, long Number, byte[] SecretHash, string Roles, string Owner, Instant CreatedAt, Instant ExpiresAt, int Uses, int Used, string Note,
    bool IsRevoked, Instant EndedAt)
{
    public int UsesLeft => Uses - Used;

    /// <summary>What counts first is what people did, then the time, then the nodes.</summary>
    public TokenState StateAt(Instant now) =>
        IsRevoked ? TokenState.Revoked : ExpiresAt <= now ? TokenState.Expired : UsesLeft == 0 ? TokenState.UsedUp : TokenState.Usable;
}

/// <summary>The rows of tokens.</summary>
internal sealed class TokenTable(SqlSession sql)
{
    public const string Columns = "id, number, secret_hash, roles, owner, created_at, expires_at, uses, used, note, revoked_at, ended_at";

    public static TokenRow Read(DbDataReader row) => new(
        new TokenId(row.GetFieldValue<byte[]>(0)), row.GetInt64(1), row.GetFieldValue<byte[]>(2), row.GetString(3), row.GetString(4),
        new Instant(row.GetInt64(5)), new Instant(row.GetInt64(6)), (int)row.GetInt64(7), (int)row.GetInt64(8), row.GetString(9),
        row.GetInt64(10) > 0, new Instant(row.GetInt64(11)));

    public TokenRow? Find(byte[] id) => sql.First($"SELECT {Columns} FROM tokens WHERE id = @p1", Read, id);

    /// <summary>How many are usable; counted up to the bound.</summary>
    public long CountUsable(Instant now) => sql.Scalar<long>(
        "SELECT count(*) FROM (SELECT number FROM tokens WHERE ended_at > @p1 LIMIT @p2) AS usable", now.Microseconds, TrackerLimits.TokensMax);

    public void Add(CreateToken token, long number, Instant at) => sql.Execute(
        """
        INSERT INTO tokens (id, number, secret_hash, roles, owner, created_at, expires_at, uses, note, ended_at)
        VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p7)
        """,
        token.Token.ToByteArray(), number, token.SecretHash.ToByteArray(), NodeTable.JoinRoles(token.Roles), token.Owner,
        at.Microseconds, token.ExpiresAt, token.Uses, token.Note);

    public void Use(TokenRow token, Instant at) => sql.Execute(
        "UPDATE tokens SET used = @p1, ended_at = @p2 WHERE id = @p3",
        token.Used + 1, token.UsesLeft == 1 ? at.Microseconds : token.EndedAt.Microseconds, token.Id.ToArray());

    public void Revoke(TokenRow token, Instant at) => sql.Execute(
        "UPDATE tokens SET revoked_at = @p1, ended_at = @p2 WHERE id = @p3",
        at.Microseconds, Math.Min(at.Microseconds, token.EndedAt.Microseconds), token.Id.ToArray());

    /// <summary>Forgets those that ended by then, the first first; how many.</summary>
    public int ForgetEnded(Instant by, int countMax)
    {
        var ended = sql.Query(
            "SELECT id FROM tokens WHERE ended_at <= @p1 ORDER BY ended_at, number LIMIT @p2", row => row.GetFieldValue<byte[]>(0), by.Microseconds, countMax);
        foreach (var id in ended)
        {
            sql.Execute("DELETE FROM tokens WHERE id = @p1", id);
        }

        return ended.Count;
    }
}
