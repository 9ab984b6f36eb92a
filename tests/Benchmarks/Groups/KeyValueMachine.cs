using Cete.Core;
using Cete.Groups;

namespace Cete.Benchmarks.Groups;

/// <summary>The least that a service can do: a value under each key. A body is a byte with the length of the key, the key, and the value.</summary>
internal sealed class KeyValueMachine : IStateMachine
{
    public int LevelMax => 1;

    public static byte[]? Read(SqlSession sql, byte[] key) => sql.Scalar<byte[]>("SELECT value FROM pairs WHERE key = @p1", key);

    public void Raise(int level, SqlSession sql) => sql.Script("CREATE TABLE pairs (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;");

    public Outcome<ReadOnlyMemory<byte>> Apply(AppliedCommand command, ApplyContext context)
    {
        var body = command.Body.Span;
        var key = body.Slice(1, body[0]).ToArray();
        context.Sql.Execute(
            "INSERT INTO pairs (key, value) VALUES (@p1, @p2) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, body[(1 + key.Length)..].ToArray());
        return ReadOnlyMemory<byte>.Empty;
    }
}
