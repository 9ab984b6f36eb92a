using System.Text.Json.Serialization;
using Cete.Core;
using Cete.Ports.Folders;
using Cete.Swarm;
using Microsoft.Data.Sqlite;

namespace Cete.Storage.Local;

/// <summary>What a user shares, and what is known of his files, in a database that is his alone.</summary>
/// <param name="path">Its file; made when something is kept.</param>
public sealed class ShareBook(string path) : IShareBook, IDisposable
{
    private const string Schema =
        """
        CREATE TABLE IF NOT EXISTS shares (id INTEGER PRIMARY KEY AUTOINCREMENT, facts TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS files (
            number INTEGER PRIMARY KEY, share INTEGER NOT NULL, local TEXT NOT NULL, entry TEXT NOT NULL, length INTEGER NOT NULL, modified INTEGER NOT NULL,
            identity TEXT NOT NULL, state INTEGER NOT NULL, root BLOB, filed_root BLOB, walk INTEGER NOT NULL, tries INTEGER NOT NULL,
            not_before INTEGER NOT NULL, problem TEXT);
        CREATE UNIQUE INDEX IF NOT EXISTS files_local ON files (share, local);
        CREATE INDEX IF NOT EXISTS files_state ON files (share, state, not_before, number);
        CREATE INDEX IF NOT EXISTS files_walk ON files (share, walk);
        CREATE INDEX IF NOT EXISTS files_identity ON files (share, identity);
        CREATE INDEX IF NOT EXISTS files_root ON files (root) WHERE root IS NOT NULL;
        CREATE TABLE IF NOT EXISTS manifests (root BLOB PRIMARY KEY, length INTEGER NOT NULL, piece_length INTEGER NOT NULL, layer BLOB NOT NULL);
        """;

    private const string Columns =
        "share, local, entry, length, modified, identity, state, root, filed_root, walk, tries, not_before, problem";

    private readonly LocalDatabase _database = new(path, Schema);
    private readonly FactsTable<Share> _facts = new("shares", ShareJson.Default.Share, (known, id) =>
        known is { Request: { Folder: not null, To: not null, Node: not null } }
            ? known with { Id = id, Request = known.Request.Sound() } : null);

    /// <inheritdoc/>
    public Outcome<IReadOnlyList<Share>> All() => !File.Exists(path)
        ? Outcome.Of<IReadOnlyList<Share>>([])
        : Do(_facts.All);

    /// <inheritdoc/>
    public Outcome<Share> Add(ShareRequest request, DateTimeOffset now) =>
        Do(sql => _facts.Add(sql, id => new Share(id, request, now)), isDurable: true);

    /// <inheritdoc/>
    public Failure? Keep(Share share) => Do(sql => _facts.Write(sql, share.Id, share)).Failure;

    /// <inheritdoc/>
    public Failure? Keep(IReadOnlyList<SharedFile> files) => Do(sql =>
    {
        foreach (var file in files)
        {
            object?[] values =
            [
                file.Share, file.Local, file.Entry, file.Mark.Length, file.Mark.Modified.UtcTicks, file.Mark.Identity, (int)file.State,
                file.Root?.ToArray(), file.FiledRoot?.ToArray(), file.Walk, file.Tries, file.NotBefore.UtcTicks, file.Problem,
            ];
            sql.Execute(
                $"""
                INSERT INTO files ({Columns}) VALUES ({string.Join(", ", Enumerable.Range(1, values.Length).Select(i => $"@p{i}"))})
                ON CONFLICT (share, local) DO UPDATE SET entry = excluded.entry, length = excluded.length, modified = excluded.modified,
                    identity = excluded.identity, state = excluded.state, root = excluded.root, filed_root = excluded.filed_root, walk = excluded.walk,
                    tries = excluded.tries, not_before = excluded.not_before, problem = excluded.problem
                """,
                values);
        }

        return true;
    }).Failure;

    /// <inheritdoc/>
    public Failure? Meet(long share, long walk, IReadOnlyList<string> locals) => Do(sql =>
    {
        foreach (var local in locals)
        {
            sql.Execute("UPDATE files SET walk = @p1 WHERE share = @p2 AND local = @p3", walk, share, local);
        }

        return true;
    }).Failure;

    /// <inheritdoc/>
    public Outcome<long> EndWalk(long share, long walk) => Do(sql =>
    {
        sql.Execute("DELETE FROM files WHERE share = @p1 AND walk < @p2 AND filed_root IS NULL", share, walk);
        return (long)sql.Execute(
            "UPDATE files SET state = @p1, root = NULL, tries = 0, not_before = 0, walk = @p2 WHERE share = @p3 AND walk < @p2",
            (int)SharedState.Gone, walk, share);
    });

    /// <inheritdoc/>
    public Failure? Forget(IReadOnlyList<SharedFile> files) => Do(sql =>
    {
        foreach (var file in files)
        {
            sql.Execute("DELETE FROM files WHERE share = @p1 AND local = @p2", file.Share, file.Local);
        }

        return DropManifests(sql);
    }).Failure;

    /// <inheritdoc/>
    public Failure? Forget(long share) => Do(sql =>
    {
        sql.Execute("DELETE FROM files WHERE share = @p1", share);
        _facts.Forget(sql, share);
        return DropManifests(sql);
    }).Failure;

    /// <inheritdoc/>
    public Outcome<IReadOnlyDictionary<string, SharedFile>> Of(long share, IReadOnlyList<string> locals) => Do<IReadOnlyDictionary<string, SharedFile>>(
        sql =>
        {
            Dictionary<string, SharedFile> found = new(StringComparer.Ordinal);
            foreach (var file in locals.SelectMany(
                local => sql.Query($"SELECT {Columns} FROM files WHERE share = @p1 AND local = @p2", Read, share, local)))
            {
                found[file.Local] = file;
            }

            return found;
        });

    /// <inheritdoc/>
    public Outcome<IReadOnlyList<SharedFile>> In(long share, SharedState state, DateTimeOffset now, int countMax) => Do<IReadOnlyList<SharedFile>>(
        sql => sql.Query(
            $"SELECT {Columns} FROM files WHERE share = @p1 AND state = @p2 AND not_before <= @p3 ORDER BY not_before, number LIMIT @p4",
            Read, share, (int)state, now.UtcTicks, countMax));

    /// <inheritdoc/>
    public Outcome<SharedFile?> As(long share, FileMark mark) => Do(sql => sql.Query(
        $"""
        SELECT {Columns} FROM files WHERE share = @p1 AND identity = @p2 AND length = @p3 AND modified = @p4 AND root IS NOT NULL LIMIT 1
        """,
        Read, share, mark.Identity, mark.Length, mark.Modified.UtcTicks).FirstOrDefault());

    /// <inheritdoc/>
    public Outcome<IReadOnlyList<SharedFile>> With(in Hash256 root)
    {
        var bytes = root.ToArray();
        return !File.Exists(path)
            ? Outcome.Of<IReadOnlyList<SharedFile>>([])
            : Do<IReadOnlyList<SharedFile>>(sql => sql.Query($"SELECT {Columns} FROM files WHERE root = @p1 ORDER BY number LIMIT 100", Read, bytes));
    }

    /// <inheritdoc/>
    public Outcome<IReadOnlyList<SharedFile>> Newest(long share, int countMax) => Do<IReadOnlyList<SharedFile>>(
        sql => sql.Query($"SELECT {Columns} FROM files WHERE share = @p1 ORDER BY number DESC LIMIT @p2", Read, share, countMax));

    /// <inheritdoc/>
    public Outcome<IReadOnlyList<Hash256>> Roots(long share, int countMax) => Do<IReadOnlyList<Hash256>>(sql => sql.Query(
        "SELECT root FROM files WHERE share = @p1 AND state = @p2 AND root IS NOT NULL ORDER BY number DESC LIMIT @p3",
        row => new Hash256(row.GetFieldValue<byte[]>(0)), share, (int)SharedState.Filed, countMax));

    /// <inheritdoc/>
    public long Version => _database.Changes;

    /// <inheritdoc/>
    public Outcome<ShareCounts> Count(long share) => Do(sql =>
    {
        var rows = sql.Query(
            "SELECT state, count(*), sum(length) FROM files WHERE share = @p1 GROUP BY state",
            row => (State: (SharedState)row.GetInt32(0), Count: row.GetInt64(1), Bytes: row.GetInt64(2)), share);
        return new ShareCounts(
            rows.ToDictionary(row => row.State, row => row.Count), rows.Where(row => row.State == SharedState.Filed).Sum(row => row.Bytes));
    });

    /// <inheritdoc/>
    public Failure? Keep(Manifest manifest) => Do(sql => sql.Execute(
        "INSERT INTO manifests (root, length, piece_length, layer) VALUES (@p1, @p2, @p3, @p4) ON CONFLICT (root) DO NOTHING",
        manifest.Root.ToArray(), manifest.Length, manifest.PieceLength, manifest.Pieces.Bytes.ToArray())).Failure;

    /// <inheritdoc/>
    public Outcome<Manifest?> Manifest(in Hash256 root)
    {
        var (named, bytes) = (root, root.ToArray());
        return Do(sql => sql.Query(
            "SELECT length, piece_length, layer FROM manifests WHERE root = @p1",
            row => Cete.Swarm.Manifest.Create(row.GetInt64(0), row.GetInt64(1), named, new PieceLayer(row.GetFieldValue<byte[]>(2))) is
            { Succeeded: true, Value: var manifest } ? manifest : null,
            bytes).FirstOrDefault());
    }

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();

    private Outcome<T> Do<T>(Func<LocalCommands, T> work, bool isDurable = false) => _database.Do("keeping shares", work, isDurable);

    private static bool DropManifests(LocalCommands sql) =>
        sql.Execute("DELETE FROM manifests WHERE NOT EXISTS (SELECT 1 FROM files WHERE files.root = manifests.root)") > 0;

    private static SharedFile Read(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2),
        new FileMark(row.GetInt64(3), new DateTimeOffset(row.GetInt64(4), TimeSpan.Zero), row.GetString(5)), (SharedState)row.GetInt32(6))
    {
        Root = HashOf(row, 7),
        FiledRoot = HashOf(row, 8),
        Walk = row.GetInt64(9),
        Tries = row.GetInt32(10),
        NotBefore = new DateTimeOffset(row.GetInt64(11), TimeSpan.Zero),
        Problem = row.IsDBNull(12) ? null : row.GetString(12),
    };

    private static Hash256? HashOf(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : new Hash256(row.GetFieldValue<byte[]>(column));
}

/// <summary>Shares as JSON on disk.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, RespectNullableAnnotations = true, MaxDepth = 16)]
[JsonSerializable(typeof(Share))]
internal sealed partial class ShareJson : JsonSerializerContext;
