using Cete.Core;
using Cete.Groups.Proto;
using Google.Protobuf;

namespace Cete.Groups.Store;

/// <summary>Remembered replies, part of the replicated state: they make a repeated command harmless whoever is root by then.</summary>
internal sealed class SessionTable(SqlSession sql)
{
    /// <summary>The answer that a command has already: its first one, or why it is not carried out. Null for a new command.</summary>
    public CommandReply? Find(StampedCommand command, long index)
    {
        var newest = sql.Scalar<long>("SELECT newest FROM cete_sessions WHERE session = @p1", command.Session);
        if (newest == 0)
        {
            if (command.Sequence == 1)
            {
                return null;
            }

            return Refusal(
                index,
                FailureKind.Expired,
                $"the session '{command.Session}' is not known (any more); the command was not carried out by this request, begin a new session");
        }

        if (command.Sequence <= newest - Limits.RepliesKept)
        {
            return Refusal(
                index,
                FailureKind.Expired,
                $"command {command.Sequence} of session '{command.Session}' is too old to be recognized; it was not carried out by this request");
        }

        var known = sql.First(
            "SELECT log_index, digest, reply FROM cete_replies WHERE session = @p1 AND sequence = @p2",
            row => (Index: row.GetInt64(0), Digest: row.GetFieldValue<byte[]>(1), Reply: row.GetFieldValue<byte[]>(2)),
            command.Session,
            command.Sequence);
        if (known.Digest is null)
        {
            return null;
        }

        return DigestOf(command).AsSpan().SequenceEqual(known.Digest)
            ? new CommandReply(known.Index, GroupCodec.DecodeReply(known.Reply))
            : Refusal(
                index,
                FailureKind.Conflict,
                $"command {command.Sequence} of session '{command.Session}' was another one before; each command needs a sequence of its own");
    }

    public void Remember(StampedCommand command, long index, Instant at, Outcome<ReadOnlyMemory<byte>> result)
    {
        sql.Execute(
            "INSERT INTO cete_sessions (session, newest, used_at) VALUES (@p1, @p2, @p3) ON CONFLICT (session) DO UPDATE SET newest = max(newest, excluded.newest), used_at = excluded.used_at",
            command.Session,
            command.Sequence,
            at.Microseconds);
        sql.Execute(
            "INSERT INTO cete_replies (session, sequence, log_index, digest, reply) VALUES (@p1, @p2, @p3, @p4, @p5)",
            command.Session,
            command.Sequence,
            index,
            DigestOf(command),
            GroupCodec.Encode(result));
        sql.Execute(
            "DELETE FROM cete_replies WHERE session = @p1 AND sequence <= @p2",
            command.Session,
            sql.Scalar<long>("SELECT newest FROM cete_sessions WHERE session = @p1", command.Session) - Limits.RepliesKept);
    }

    /// <summary>Drops sessions that were idle for too long, measured in stamped time, so that all replicas drop the same ones.</summary>
    public void Sweep(Instant now)
    {
        var before = (now + -Limits.SessionIdleMax).Microseconds;
        sql.Execute("DELETE FROM cete_replies WHERE session IN (SELECT session FROM cete_sessions WHERE used_at < @p1)", before);
        sql.Execute("DELETE FROM cete_sessions WHERE used_at < @p1", before);
    }

    private static CommandReply Refusal(long index, FailureKind kind, string message) => new(index, new Failure(kind, message));

    /// <summary>What makes a command the same one: who asked for what. Roles are left out, they may change between two tries.</summary>
    private static byte[] DigestOf(StampedCommand command)
    {
        var same = new StampedCommand { Actor = new Actor { Account = command.Actor.Account }, Type = command.Type, Body = command.Body };
        return Hash256.Of(same.ToByteArray()).ToArray();
    }
}
