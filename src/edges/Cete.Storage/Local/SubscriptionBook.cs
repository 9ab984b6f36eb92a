using System.Text.Json.Serialization;
using Cete.Core;
using Cete.Ports.Folders;
using Microsoft.Data.Sqlite;

namespace Cete.Storage.Local;

/// <summary>Subscriptions of a user and their files, in a database that is his alone.</summary>
/// <param name="path">Its file; made when something is kept.</param>
public sealed class SubscriptionBook(string path) : ISubscriptionBook, IDisposable
{
    private const string Schema =
        """
        CREATE TABLE IF NOT EXISTS subscriptions (id INTEGER PRIMARY KEY AUTOINCREMENT, facts TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS files (
            number INTEGER PRIMARY KEY, subscription INTEGER NOT NULL, local TEXT NOT NULL, entry INTEGER NOT NULL, path TEXT NOT NULL, root TEXT NOT NULL,
            length INTEGER NOT NULL, state INTEGER NOT NULL, owner TEXT NOT NULL, found INTEGER NOT NULL, job INTEGER NOT NULL, tries INTEGER NOT NULL,
            not_before INTEGER NOT NULL, kept INTEGER, kept_length INTEGER NOT NULL, problem TEXT);
        CREATE UNIQUE INDEX IF NOT EXISTS files_local ON files (subscription, local);
        CREATE INDEX IF NOT EXISTS files_entry ON files (subscription, entry);
        CREATE INDEX IF NOT EXISTS files_state ON files (subscription, state, not_before, number);
        CREATE INDEX IF NOT EXISTS files_path ON files (subscription, path);
        """;

    private const string Columns =
        "subscription, local, entry, path, root, length, state, owner, found, job, tries, not_before, kept, kept_length, problem";

    private readonly LocalDatabase _database = new(path, Schema);
    private readonly FactsTable<Subscription> _facts = new("subscriptions", SubscriptionJson.Default.Subscription, (known, id) =>
        known is { Request: { Folder: not null, To: not null, Node: not null }, Folder: not null }
            ? known with { Id = id, Request = known.Request.Sound() } : null);

    /// <inheritdoc/>
    public Outcome<IReadOnlyList<Subscription>> All() => !File.Exists(path)
        ? Outcome.Of<IReadOnlyList<Subscription>>([])
        : Do(_facts.All);

    /// <inheritdoc/>
    public Outcome<Subscription> Add(SubscriptionRequest request, DateTimeOffset now) =>
        Do(sql => _facts.Add(sql, id => new Subscription(id, request, now)), isDurable: true);

    /// <inheritdoc/>
    public Failure? Keep(Subscription subscription, IReadOnlyList<SubscribedFile> files) => Do(sql =>
    {
        _facts.Write(sql, subscription.Id, subscription);
        return WriteAll(sql, files);
    }).Failure;

    /// <inheritdoc/>
    public Failure? Keep(IReadOnlyList<SubscribedFile> files, IReadOnlyList<SubscribedFile>? forget = null) => Do(sql =>
    {
        foreach (var file in forget ?? [])
        {
            sql.Execute("DELETE FROM files WHERE subscription = @p1 AND local = @p2", file.Subscription, file.Local);
        }

        return WriteAll(sql, files);
    }).Failure;

    /// <inheritdoc/>
    public Failure? Forget(long id) => Do(sql =>
    {
        sql.Execute("DELETE FROM files WHERE subscription = @p1", id);
        return _facts.Forget(sql, id);
    }).Failure;

    /// <inheritdoc/>
    public Outcome<SubscribedFile?> At(long id, string local) =>
        Do(sql => sql.Query($"SELECT {Columns} FROM files WHERE subscription = @p1 AND local = @p2", Read, id, local).FirstOrDefault());

    /// <inheritdoc/>
    public Outcome<SubscribedFile?> Of(long id, long entry) => Do(sql =>
        sql.Query($"SELECT {Columns} FROM files WHERE subscription = @p1 AND entry = @p2 ORDER BY number LIMIT 1", Read, id, entry).FirstOrDefault());

    /// <inheritdoc/>
    public Outcome<IReadOnlyList<SubscribedFile>> In(long id, WantedState state, DateTimeOffset now, int countMax) => Do<IReadOnlyList<SubscribedFile>>(
        sql => sql.Query(
            $"SELECT {Columns} FROM files WHERE subscription = @p1 AND state = @p2 AND not_before <= @p3 ORDER BY not_before, number LIMIT @p4",
            Read, id, (int)state, now.UtcTicks, countMax));

    /// <inheritdoc/>
    public Outcome<IReadOnlyList<SubscribedFile>> Below(long id, string path, string after, int countMax) => Do<IReadOnlyList<SubscribedFile>>(
        sql => sql.Query(
            $"""
            SELECT {Columns} FROM files WHERE subscription = @p1 AND path >= @p2 AND path < @p3 AND local > @p4 ORDER BY local LIMIT @p5
            """,
            Read, id, path.TrimEnd('/') + "/", path.TrimEnd('/') + "0", after, countMax));

    /// <inheritdoc/>
    public Outcome<IReadOnlyList<SubscribedFile>> Newest(long id, int countMax) => Do<IReadOnlyList<SubscribedFile>>(
        sql => sql.Query($"SELECT {Columns} FROM files WHERE subscription = @p1 ORDER BY number DESC LIMIT @p2", Read, id, countMax));

    /// <inheritdoc/>
    public Outcome<IReadOnlyDictionary<WantedState, long>> Count(long id) => Do<IReadOnlyDictionary<WantedState, long>>(
        sql => sql.Query(
            "SELECT state, count(*) FROM files WHERE subscription = @p1 GROUP BY state", row => ((WantedState)row.GetInt32(0), row.GetInt64(1)), id)
            .ToDictionary(row => row.Item1, row => row.Item2));

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();

    private Outcome<T> Do<T>(Func<LocalCommands, T> work, bool isDurable = false) => _database.Do("keeping subscriptions", work, isDurable);

    /// <summary>A file that is found again is as new as before; one whose content changed comes last.</summary>
    private static bool WriteAll(LocalCommands sql, IReadOnlyList<SubscribedFile> files)
    {
        foreach (var file in files)
        {
            object?[] values =
            [
                file.Subscription, file.Local, file.Entry, file.Path, file.Root, file.Length, (int)file.State, file.Owner, file.Found.UtcTicks, file.Job,
                file.Tries, file.NotBefore.UtcTicks, file.Kept?.UtcTicks, file.KeptLength, file.Problem,
            ];
            sql.Execute("DELETE FROM files WHERE subscription = @p1 AND local = @p2 AND root <> @p3", file.Subscription, file.Local, file.Root);
            sql.Execute(
                $"""
                INSERT INTO files ({Columns}) VALUES ({string.Join(", ", Enumerable.Range(1, values.Length).Select(i => $"@p{i}"))})
                ON CONFLICT (subscription, local) DO UPDATE SET entry = excluded.entry, path = excluded.path, root = excluded.root,
                    length = excluded.length, state = excluded.state, owner = excluded.owner, found = excluded.found, job = excluded.job,
                    tries = excluded.tries, not_before = excluded.not_before, kept = excluded.kept, kept_length = excluded.kept_length,
                    problem = excluded.problem
                """,
                values);
        }

        return true;
    }

    private static SubscribedFile Read(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetString(3), row.GetString(4), row.GetInt64(5), (WantedState)row.GetInt32(6))
    {
        Owner = row.GetString(7),
        Found = new DateTimeOffset(row.GetInt64(8), TimeSpan.Zero),
        Job = row.GetInt64(9),
        Tries = row.GetInt32(10),
        NotBefore = new DateTimeOffset(row.GetInt64(11), TimeSpan.Zero),
        Kept = row.IsDBNull(12) ? null : new DateTimeOffset(row.GetInt64(12), TimeSpan.Zero),
        KeptLength = row.GetInt64(13),
        Problem = row.IsDBNull(14) ? null : row.GetString(14),
    };
}

/// <summary>Subscriptions as JSON on disk.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, RespectNullableAnnotations = true, MaxDepth = 16)]
[JsonSerializable(typeof(Subscription))]
internal sealed partial class SubscriptionJson : JsonSerializerContext;
