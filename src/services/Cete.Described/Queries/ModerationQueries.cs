using System.Data.Common;
using System.Globalization;
using Cete.Core;
using Cete.Groups;

namespace Cete.Described;

/// <summary>A page of what moderators look through, the newest first.</summary>
/// <param name="Items">In order.</param>
/// <param name="Next">Where the next page begins; null at the end.</param>
public sealed record ModerationPage<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>A record that moderators deal with.</summary>
/// <param name="Service">Of which service.</param>
/// <param name="Kind">Of which kind.</param>
/// <param name="Id">Its number among them.</param>
/// <param name="View">What there is of it; null where it is gone, or the moderator may not look at it and nobody reported it.</param>
/// <param name="Label">What it is called; empty where nothing is known of it.</param>
public sealed record ModeratedRecord(string Service, string Kind, long Id, RecordView? View, string Label);

/// <summary>What somebody reported, and nobody has dealt with.</summary>
/// <param name="Id">The report's number.</param>
/// <param name="Record">Of which record.</param>
/// <param name="Note">What is wrong with it.</param>
/// <param name="By">Who reported it.</param>
/// <param name="At">When.</param>
public sealed record RecordReport(long Id, ModeratedRecord Record, string Note, string By, Instant At);

/// <summary>A record that is hidden.</summary>
/// <param name="Act">The number of the act in the log; below zero for those that were hidden before there was one.</param>
/// <param name="Record">Which one.</param>
/// <param name="Note">Why.</param>
/// <param name="By">Who hid it.</param>
/// <param name="At">When.</param>
public sealed record HiddenRecord(long Act, ModeratedRecord Record, string Note, string By, Instant At);

/// <summary>A line of the log.</summary>
/// <param name="Id">Its number.</param>
/// <param name="At">When.</param>
/// <param name="Act">One of <see cref="RecordActs"/>.</param>
/// <param name="Service">Of which service.</param>
/// <param name="Kind">Of which kind of record.</param>
/// <param name="Record">Of which record.</param>
/// <param name="By">Who.</param>
/// <param name="Note">Why.</param>
public sealed record RecordAct(long Id, Instant At, string Act, string Service, string Kind, long Record, string By, string Note);

/// <summary>What moderators ask.</summary>
internal sealed class ModerationQueries(SqlSession sql, Catalogue catalogue, Standing asker, Instant now)
{
    public const int LimitMax = 100;

    public ModerationPage<RecordReport> Reports(long before, int limit) => List(
        """
        SELECT r.id, s.name, r.kind, r.record, r.note, r.account, r.at FROM record_reports r JOIN services s ON s.number = r.service
        WHERE r.closed = 0 AND s.withdrawn_at = 0 AND r.id < @p1 ORDER BY r.id DESC LIMIT @p2
        """,
        row => new Line(row), line => line.Id, before, limit)
        .Select(line => new RecordReport(line.Id, Open(line, isReported: true), line.Note, line.By, line.At));

    public ModerationPage<HiddenRecord> Hidden(long before, int limit) => List(
        """
        SELECT h.act, s.name, h.kind, h.record, h.note, h.account, h.at, h.reported FROM hidden_records h JOIN services s ON s.number = h.service
        WHERE s.withdrawn_at = 0 AND h.act < @p1 ORDER BY h.act DESC LIMIT @p2
        """,
        row => new Line(row) { IsReported = row.GetInt64(7) != 0 }, line => line.Id, before, limit)
        .Select(line => new HiddenRecord(line.Id, Open(line, line.IsReported), line.Note, line.By, line.At));

    public ModerationPage<RecordAct> Acts(long before, int limit) => List(
        """
        SELECT a.id, a.at, a.act, s.name, a.kind, a.record, a.account, a.note FROM record_acts a JOIN services s ON s.number = a.service
        WHERE a.id < @p1 ORDER BY a.id DESC LIMIT @p2
        """,
        row => new RecordAct(
            row.GetInt64(0), new Instant(row.GetInt64(1)), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt64(5), row.GetString(6),
            row.GetString(7)),
        act => act.Id, before, limit).Select(act => act);

    private Found<T> List<T>(string statement, Func<DbDataReader, T> read, Func<T, long> numberOf, long before, int limit)
    {
        var found = sql.Query(statement, read, before, (long)limit + 1);
        var isMore = found.Count > limit;
        return new Found<T>(isMore ? found[..limit] : found, isMore ? numberOf(found[limit - 1]).ToString(CultureInfo.InvariantCulture) : null);
    }

    private ModeratedRecord Open(Line line, bool isReported)
    {
        if (catalogue.Find(sql, line.Service) is not { } service || service.Find(line.Kind) is not { } kind)
        {
            return new ModeratedRecord(line.Service, line.Kind, line.Record, null, string.Empty);
        }

        var view = new RecordReader(sql, service, kind, asker, now).FindForModerator(line.Record, isReported);
        var label = view is not null && kind.Kind.Label is { } field ? FieldText.Write(view.Get(field.Name)) : string.Empty;
        return new ModeratedRecord(line.Service, line.Kind, line.Record, view, label);
    }

    private sealed record Found<T>(List<T> Items, string? Next)
    {
        public ModerationPage<TOther> Select<TOther>(Func<T, TOther> make) => new(Items.ConvertAll(item => make(item)), Next);
    }

    private sealed class Line(DbDataReader row)
    {
        public long Id { get; } = row.GetInt64(0);

        public string Service { get; } = row.GetString(1);

        public string Kind { get; } = row.GetString(2);

        public long Record { get; } = row.GetInt64(3);

        public string Note { get; } = row.GetString(4);

        public string By { get; } = row.GetString(5);

        public Instant At { get; } = new(row.GetInt64(6));

        public bool IsReported { get; init; }
    }
}
