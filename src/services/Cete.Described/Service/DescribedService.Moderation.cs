using System.Globalization;
using Cete.Core;
using Cete.Described.Proto;
using Cete.Groups;
using Cete.Ports;

namespace Cete.Described;

/// <content>Reports of records, and what moderators do about them.</content>
public sealed partial class DescribedService
{
    /// <summary>Tells moderators that something is wrong with a record.</summary>
    /// <returns>The number of the report.</returns>
    public Task<Outcome<long>> ReportAsync(
        string service, string kind, long record, string reason, Asker asker, RequestId? id, CancellationToken cancellation) =>
        ModerateAsync(new ReportRecord { Service = service, Kind = kind, Id = record, Reason = reason }, asker, id, cancellation);

    /// <summary>Closes the reports of a record, of which none needs anything to be done.</summary>
    /// <returns>The number of the act.</returns>
    public Task<Outcome<long>> DismissAsync(
        string service, string kind, long record, string reason, Asker asker, RequestId? id, CancellationToken cancellation) =>
        ModerateAsync(new DismissReports { Service = service, Kind = kind, Id = record, Reason = reason }, asker, id, cancellation);

    /// <summary>What was reported of records and nobody has dealt with, the newest first.</summary>
    public Task<Outcome<ModerationPage<RecordReport>>> ReportsAsync(string? cursor, int limit, Standing asker, CancellationToken cancellation) =>
        LookAsync(cursor, limit, asker, (queries, before, most) => queries.Reports(before, most), cancellation);

    /// <summary>Records that are hidden, the last first.</summary>
    public Task<Outcome<ModerationPage<HiddenRecord>>> HiddenAsync(string? cursor, int limit, Standing asker, CancellationToken cancellation) =>
        LookAsync(cursor, limit, asker, (queries, before, most) => queries.Hidden(before, most), cancellation);

    /// <summary>What was done about records, the newest first.</summary>
    public Task<Outcome<ModerationPage<RecordAct>>> ActsAsync(string? cursor, int limit, Standing asker, CancellationToken cancellation) =>
        LookAsync(cursor, limit, asker, (queries, before, most) => queries.Acts(before, most), cancellation);

    private async Task<Outcome<long>> ModerateAsync(
        Google.Protobuf.IMessage command, Asker asker, RequestId? id, CancellationToken cancellation)
    {
        var answer = await SubmitAsync(command, asker, id, cancellation);
        return answer.Then(bytes => ProtobufBytes.Read(ModerationDone.Parser, bytes.Span).Act);
    }

    private async Task<Outcome<ModerationPage<T>>> LookAsync<T>(
        string? cursor, int limit, Standing asker, Func<ModerationQueries, long, int, ModerationPage<T>> look, CancellationToken cancellation)
    {
        var before = long.MaxValue;
        if (!string.IsNullOrEmpty(cursor) && !long.TryParse(cursor, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out before))
        {
            return new Failure(FailureKind.Invalid, "that is no cursor of this list; begin at its first page");
        }

        if (!asker.May(Actions.ServicesModerate))
        {
            return new Failure(
                asker.IsKnown ? FailureKind.Forbidden : FailureKind.Unauthenticated, $"that takes the right {Actions.ServicesModerate}; ask a moderator");
        }

        return await group.ReadAsync(
            sql => DescribedSchema.HasModeration(sql)
                ? look(new ModerationQueries(sql, _catalogue, asker, Now), before, Math.Clamp(limit, 1, ModerationQueries.LimitMax))
                : new ModerationPage<T>([], null),
            ReadLevel.Linearizable, cancellation);
    }
}
