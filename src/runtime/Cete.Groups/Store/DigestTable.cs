using System.Buffers.Binary;
using System.Security.Cryptography;
using Cete.Core;
using Cete.Ports;

namespace Cete.Groups.Store;

/// <summary>What all entries up to an index came to on a replica.</summary>
/// <param name="Index">Up to here.</param>
/// <param name="Since">Behind this one: 0, or where a store stood that is older than digests. Only those since the same index are alike.</param>
/// <param name="Hash">Chained over each entry's bytes, its reply and its events.</param>
internal readonly record struct StateDigest(long Index, long Since, Hash256 Hash);

/// <summary>
/// A digest of what each entry came to, part of the state, so that replicas can tell when a service is not deterministic. Hashing the tables
/// themselves would cost as much as the state is large, again and again.
/// </summary>
internal sealed class DigestTable
{
    /// <summary>Digests that are kept to be compared: others may be so far behind.</summary>
    public const int Kept = 4;

    /// <summary>Entries between two digests that are compared, on every node alike.</summary>
    public const int DefaultInterval = 4_096;

    private readonly SqlSession _sql;
    private readonly int _interval;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<StateDigest> _reached = [];
    private readonly long _since;
    private byte[] _running;

    public DigestTable(SqlSession sql, long applied, int interval)
    {
        (_sql, _interval) = (sql, interval);
        sql.Script("CREATE TABLE IF NOT EXISTS cete_digests (log_index BIGINT PRIMARY KEY, since BIGINT NOT NULL, digest BLOB NOT NULL)");
        sql.Execute("INSERT INTO cete_digests (log_index, since, digest) VALUES (0, @p1, @p2) ON CONFLICT DO NOTHING", applied, new byte[Hash256.Size]);
        var running = sql.First("SELECT since, digest FROM cete_digests WHERE log_index = 0", row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1)));
        (_since, _running) = running;
    }

    /// <summary>Those that are kept, oldest first.</summary>
    public IReadOnlyList<StateDigest> Read() => _sql.Query(
        "SELECT log_index, since, digest FROM cete_digests WHERE log_index > 0 ORDER BY log_index",
        row => new StateDigest(row.GetInt64(0), row.GetInt64(1), new Hash256(row.GetFieldValue<byte[]>(2))));

    /// <summary>Adds an entry with what came of it.</summary>
    public void Add(in LogEntry entry, ReadOnlySpan<byte> reply, IReadOnlyList<(string Type, byte[] Body)> events)
    {
        Span<byte> head = stackalloc byte[3 * sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(head, entry.Index);
        BinaryPrimitives.WriteInt64BigEndian(head[8..], entry.Term);
        BinaryPrimitives.WriteInt64BigEndian(head[16..], (byte)entry.Kind);
        _hash.AppendData(_running);
        _hash.AppendData(head);
        Append(entry.Data.Span);
        Append(reply);
        foreach (var (type, body) in events)
        {
            Append(System.Text.Encoding.UTF8.GetBytes(type));
            Append(body);
        }

        _running = _hash.GetHashAndReset();
        if (entry.Index % _interval == 0)
        {
            _reached.Add(new StateDigest(entry.Index, _since, new Hash256(_running)));
        }
    }

    /// <summary>Writes what was added, within the transaction of the batch; tells the digests that were reached in it.</summary>
    public IReadOnlyList<StateDigest> Write()
    {
        _sql.Execute("UPDATE cete_digests SET digest = @p1 WHERE log_index = 0", _running);
        foreach (var reached in _reached)
        {
            _sql.Execute(
                "INSERT INTO cete_digests (log_index, since, digest) VALUES (@p1, @p2, @p3)", reached.Index, reached.Since, reached.Hash.ToArray());
            _sql.Execute("DELETE FROM cete_digests WHERE log_index > 0 AND log_index <= @p1", reached.Index - ((long)Kept * _interval));
        }

        StateDigest[] written = [.. _reached];
        _reached.Clear();
        return written;
    }

    /// <summary>The batch was rolled back, and so is what it added.</summary>
    public void Forget()
    {
        _reached.Clear();
        _running = _sql.First("SELECT digest FROM cete_digests WHERE log_index = 0", row => row.GetFieldValue<byte[]>(0))!;
    }

    public void Dispose() => _hash.Dispose();

    private void Append(ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        _hash.AppendData(length);
        _hash.AppendData(part);
    }
}
