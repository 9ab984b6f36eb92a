using Cete.Core;
using Cete.Ports.Folders;
using Cete.Swarm;

namespace Cete.Storage.Local;

/// <summary>For whom a content came: a community, by one of its nodes.</summary>
/// <param name="Community">Its id.</param>
/// <param name="Node">A node of it.</param>
/// <param name="Trust">Whom to believe there beside the authorities of the system; null for those alone.</param>
public sealed record ContentOrigin(KeyId Community, string Node, string? Trust);

/// <summary>A file that its user downloaded and gives back.</summary>
/// <param name="Root">Its content.</param>
/// <param name="Origin">To whom it is given back.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Mark">What it was when it was whole.</param>
public sealed record GivenFile(Hash256 Root, ContentOrigin Origin, string Path, FileMark Mark);

/// <summary>What a user gives back, in a database that is his alone: the newest files of it.</summary>
/// <param name="path">Its file; made when something is kept.</param>
/// <param name="countMax">Files of which it knows.</param>
public sealed class GivenBook(string path, int countMax) : IDisposable
{
    private const string Schema =
        """
        CREATE TABLE IF NOT EXISTS given (
            number INTEGER PRIMARY KEY AUTOINCREMENT, root BLOB NOT NULL UNIQUE, community BLOB NOT NULL, node TEXT NOT NULL, trust TEXT,
            path TEXT NOT NULL, length INTEGER NOT NULL, modified INTEGER NOT NULL, identity TEXT NOT NULL, piece_length INTEGER NOT NULL,
            layer BLOB NOT NULL);
        """;

    private readonly LocalDatabase _database = new(path, Schema);

    /// <summary>All of them, the oldest first.</summary>
    public Outcome<IReadOnlyList<GivenFile>> All() => !File.Exists(path)
        ? Outcome.Of<IReadOnlyList<GivenFile>>([])
        : Do<IReadOnlyList<GivenFile>>(sql => sql.Query(
            "SELECT root, community, node, trust, path, length, modified, identity FROM given ORDER BY number",
            row => new GivenFile(
                new Hash256(row.GetFieldValue<byte[]>(0)),
                new ContentOrigin(new KeyId(row.GetFieldValue<byte[]>(1)), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3)), row.GetString(4),
                new FileMark(row.GetInt64(5), new DateTimeOffset(row.GetInt64(6), TimeSpan.Zero), row.GetString(7)))));

    /// <summary>Keeps one as the newest; the oldest gives way.</summary>
    public Failure? Keep(GivenFile file, Manifest manifest) => Do(sql =>
    {
        sql.Execute("DELETE FROM given WHERE root = @p1", file.Root.ToArray());
        sql.Execute(
            """
            INSERT INTO given (root, community, node, trust, path, length, modified, identity, piece_length, layer)
            VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10)
            """,
            file.Root.ToArray(), file.Origin.Community.ToArray(), file.Origin.Node, file.Origin.Trust, file.Path, file.Mark.Length,
            file.Mark.Modified.UtcTicks, file.Mark.Identity, manifest.PieceLength, manifest.Pieces.Bytes.ToArray());
        return sql.Execute("DELETE FROM given WHERE number <= (SELECT number FROM given ORDER BY number DESC LIMIT 1 OFFSET @p1)", countMax);
    }).Failure;

    /// <summary>Forgets some.</summary>
    public Failure? Forget(IReadOnlyList<Hash256> roots) => Do(sql =>
    {
        foreach (var root in roots)
        {
            sql.Execute("DELETE FROM given WHERE root = @p1", root.ToArray());
        }

        return true;
    }).Failure;

    /// <summary>The manifest of one; null where there is none, or no good one.</summary>
    public Manifest? ManifestOf(in Hash256 root)
    {
        var (named, bytes) = (root, root.ToArray());
        var found = Do(sql => sql.Query(
            "SELECT length, piece_length, layer FROM given WHERE root = @p1",
            row => Manifest.Create(row.GetInt64(0), row.GetInt64(1), named, new PieceLayer(row.GetFieldValue<byte[]>(2))) is
            { Succeeded: true, Value: var manifest } ? manifest : null,
            bytes).FirstOrDefault());
        return found.Succeeded ? found.Value : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();

    private Outcome<T> Do<T>(Func<LocalCommands, T> work) => _database.Do("keeping what is given back", work);
}
