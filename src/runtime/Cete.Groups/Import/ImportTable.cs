using Cete.Core;
using Cete.Groups.Store;
using Cete.Ports;

namespace Cete.Groups.Import;

/// <summary>Carries out what is imported, together with up to where: both are of one transaction, on every replica alike.</summary>
internal sealed class ImportTable(SqlSession sql, IFeedImporter? importer, ImportRules rules)
{
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS cete_imports (source TEXT PRIMARY KEY, epoch BIGINT NOT NULL, position BIGINT NOT NULL, scan_node BLOB,
            scan_id BIGINT NOT NULL, scan_offset BIGINT NOT NULL);
        """;

    private const string PausedUntilName = "imports_paused_until";
    private const string PausedSinceName = "imports_paused_since";

    public static ImportCursor? Read(SqlSession sql, GroupId source) => sql.First(
        "SELECT epoch, position, scan_node, scan_id, scan_offset FROM cete_imports WHERE source = @p1",
        row => new ImportCursor(
            row.GetInt64(0), row.GetInt64(1),
            row.IsDBNull(2) ? null : new ScanPlace(new KeyId(row.GetFieldValue<byte[]>(2)), row.GetInt64(3), row.GetInt64(4))),
        source.Name);

    public static void Write(SqlSession sql, GroupId source, ImportCursor cursor) => sql.Execute(
        """
        INSERT INTO cete_imports (source, epoch, position, scan_node, scan_id, scan_offset) VALUES (@p1, @p2, @p3, @p4, @p5, @p6)
        ON CONFLICT (source) DO UPDATE SET epoch = excluded.epoch, position = excluded.position, scan_node = excluded.scan_node,
            scan_id = excluded.scan_id, scan_offset = excluded.scan_offset
        """,
        source.Name, cursor.Epoch, cursor.Position, cursor.Scan?.Node.ToArray(), cursor.Scan?.Id ?? 0, cursor.Scan?.Offset ?? 0);

    public static Instant PausedUntil(SqlSession sql) => new(ReplicaStore.Meta(sql, PausedUntilName));

    /// <summary>A restored group imports anew: what its cursors point into may be another community's.</summary>
    public static void Forget(SqlSession sql)
    {
        sql.Script(Schema);
        sql.Execute("DELETE FROM cete_imports");
        sql.Execute("DELETE FROM cete_meta WHERE name = @p1 OR name = @p2", PausedUntilName, PausedSinceName);
    }

    /// <summary>Carries out a command; a failure undoes all of it. The answer says how the import stands then.</summary>
    public Outcome<ReadOnlyMemory<byte>> Apply(Proto.Import import, long index, Instant at, ApplyContext context)
    {
        if (import.Pause is { } pause)
        {
            return Pause(pause, index, at);
        }

        if (importer is null || !GroupId.TryParse(import.Source, out var source) || !importer.ImportsAt(context.Level).Contains(source))
        {
            return new Failure(FailureKind.Invalid, $"nothing is imported from '{EntryName.Show(import.Source)}' at apply level {context.Level}");
        }

        var state = new ImportState(rules.Read(sql, source), PausedUntil(sql));
        var from = ImportCursor.FromWire(import.From);
        if (ImportCursor.FromWire(import.To) is not { } to || (from is null && !import.Begins))
        {
            return new Failure(FailureKind.Invalid, $"a page of group '{source}' without a beginning or an end");
        }

        if (rules.IsPaused(at, state.PausedUntil) || !rules.IsNext(state.Cursor, from))
        {
            return (ReadOnlyMemory<byte>)state.Encode();
        }

        if (import.Begins)
        {
            importer.BeginImport(source, context);
        }

        // The first piece of a scan begins nowhere; all others say where they are in it.
        var isScanned = import.Begins || from!.Scan is not null;
        foreach (var told in import.Events)
        {
            if (Take(new ImportedEvent(source, ImportPage.FromWire(told), isScanned, index, at), context) is { } failure)
            {
                return new Failure(failure.Kind, $"event {told.Position} '{EntryName.Show(told.Type)}' of group '{source}': {failure.Message}");
            }
        }

        rules.Write(sql, source, to);
        return (ReadOnlyMemory<byte>)(state with { Cursor = to }).Encode();
    }

    private Failure? Take(ImportedEvent imported, ApplyContext context)
    {
        try
        {
            var failure = importer!.Import(imported, context);
            return failure ?? (context.Events.Count > FeedTable.EventsPerCommandMax
                ? new Failure(FailureKind.TooLarge, $"what is imported at once causes more than {FeedTable.EventsPerCommandMax} events")
                : null);
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            // Bytes of others: what is wrong with them is their import's matter alone.
            return new Failure(FailureKind.Damaged, error.Message);
        }
    }

    private Outcome<ReadOnlyMemory<byte>> Pause(Proto.PauseImports pause, long index, Instant at)
    {
        // Several may want a pause at once, and one may end that of another: each sees by this whether it had a gap.
        var since = at < PausedUntil(sql) ? ReplicaStore.Meta(sql, PausedSinceName) : index;
        var until = at + TimeSpan.FromMicroseconds(Math.Clamp(pause.Duration, 0, (long)ImportLimits.PauseMax.TotalMicroseconds));
        sql.Execute(ReplicaStore.SetMetaText, PausedUntilName, until.Microseconds);
        sql.Execute(ReplicaStore.SetMetaText, PausedSinceName, since);
        return (ReadOnlyMemory<byte>)new ImportState(null, until).Encode(since);
    }
}
