using Cete.Core;
using Cete.Described.Proto;

namespace Cete.Described;

/// <summary>What the log of moderation tells of, as it names it.</summary>
public static class RecordActs
{
    /// <summary>Somebody reported a record.</summary>
    public const string Report = "report";

    /// <summary>A record was hidden.</summary>
    public const string Hide = "hide";

    /// <summary>A hidden record was shown again.</summary>
    public const string Show = "show";

    /// <summary>Reports of a record need nothing to be done.</summary>
    public const string Dismiss = "dismiss";
}

/// <summary>
/// Reports of records and what moderators did about them. Each act is one line of a log, whose number is that of its command; records that are hidden stand
/// in a list of their own, so that nobody has to go through all tables to find them.
/// </summary>
internal static class Moderating
{
    /// <summary>The apply level that brought it.</summary>
    public const int Level = 2;

    // record_reports: closed is the act by which somebody dealt with it; 0 for nobody. hidden_records: reported says that somebody who saw it had reported it.
    public const string Tables = """
        CREATE TABLE record_reports (
            id BIGINT PRIMARY KEY, service BIGINT NOT NULL, kind TEXT NOT NULL, record BIGINT NOT NULL, account TEXT NOT NULL, note TEXT NOT NULL,
            at BIGINT NOT NULL, closed BIGINT NOT NULL DEFAULT 0);
        CREATE UNIQUE INDEX record_reports_of ON record_reports (service, kind, record, account);
        CREATE INDEX record_reports_by ON record_reports (account, at);
        CREATE TABLE hidden_records (
            act BIGINT PRIMARY KEY, service BIGINT NOT NULL, kind TEXT NOT NULL, record BIGINT NOT NULL, account TEXT NOT NULL, note TEXT NOT NULL,
            at BIGINT NOT NULL, reported BIGINT NOT NULL);
        CREATE UNIQUE INDEX hidden_records_of ON hidden_records (service, kind, record);
        CREATE TABLE record_acts (
            id BIGINT PRIMARY KEY, at BIGINT NOT NULL, act TEXT NOT NULL, service BIGINT NOT NULL, kind TEXT NOT NULL, record BIGINT NOT NULL,
            account TEXT NOT NULL, note TEXT NOT NULL);
        INSERT INTO hidden_records (act, service, kind, record, account, note, at, reported)
            SELECT -row_number() OVER (ORDER BY h.at DESC, h.service, h.kind, h.id), h.service, h.kind, h.id, h.account, h.before, h.at, 0
            FROM history h WHERE h.what = 'hidden' AND NOT EXISTS (
                SELECT 1 FROM history l
                WHERE l.service = h.service AND l.kind = h.kind AND l.id = h.id AND l.revision > h.revision AND l.what IN ('shown', 'hidden'));
        """;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Notes what somebody reported of a record that he sees; he does so once.</summary>
    public static ModerationDone Report(ReportRecord command, StoredKind kind, Change change)
    {
        Demand(change);
        CheckReason(command.Reason);
        var sql = change.Sql;
        if (sql.Scalar<long>(
            "SELECT count(*) FROM record_reports WHERE service = @p1 AND kind = @p2 AND record = @p3 AND account = @p4",
            kind.Service, kind.Name, command.Id, change.Asker.Account) > 0)
        {
            throw Refused(FailureKind.Conflict, "your account has reported this record already; moderators see it");
        }

        var since = (change.At + -Day).Microseconds;
        if (sql.Scalar<long>("SELECT count(*) FROM record_reports WHERE account = @p1 AND at > @p2", change.Asker.Account, since) >= Limits.ModerationADayMax)
        {
            throw Refused(FailureKind.Throttled, $"{Limits.ModerationADayMax} reports a day are the most; go on tomorrow, or write to a moderator");
        }

        sql.Execute(
            "INSERT INTO record_reports (id, service, kind, record, account, note, at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7)",
            change.Index, kind.Service, kind.Name, command.Id, change.Asker.Account, command.Reason, change.At.Microseconds);
        return Log(RecordActs.Report, kind.Service, kind.Name, command.Id, command.Reason, change);
    }

    /// <summary>Closes the reports of a record, also of one that is gone, or of a kind that is.</summary>
    public static ModerationDone Dismiss(DismissReports command, StoredService service, Change change)
    {
        Demand(change);
        CheckReason(command.Reason);
        return Close(service.Number, command.Kind, command.Id, change) > 0
            ? Log(RecordActs.Dismiss, service.Number, command.Kind, command.Id, command.Reason, change)
            : throw Refused(FailureKind.NotFound, "nothing that was reported of this record is open");
    }

    /// <summary>A record was hidden: its reports have led to something.</summary>
    public static void Hidden(Row row, string reason, Change change)
    {
        if (change.HasModeration)
        {
            var closed = Close(row.Kind.Service, row.Kind.Name, row.Id, change);
            change.Sql.Execute(
                "INSERT INTO hidden_records (act, service, kind, record, account, note, at, reported) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8)",
                change.Index, row.Kind.Service, row.Kind.Name, row.Id, change.Asker.Account, reason, change.At.Microseconds, closed > 0 ? 1L : 0L);
            Log(RecordActs.Hide, row.Kind.Service, row.Kind.Name, row.Id, reason, change);
        }
    }

    /// <summary>A record is shown again.</summary>
    public static void Shown(Row row, string reason, Change change)
    {
        if (change.HasModeration)
        {
            change.Sql.Execute(
                "DELETE FROM hidden_records WHERE service = @p1 AND kind = @p2 AND record = @p3", row.Kind.Service, row.Kind.Name, row.Id);
            Log(RecordActs.Show, row.Kind.Service, row.Kind.Name, row.Id, reason, change);
        }
    }

    /// <summary>A record is gone for good.</summary>
    public static void Forget(StoredKind kind, long id, Change change)
    {
        if (change.HasModeration)
        {
            change.Sql.Execute("DELETE FROM record_reports WHERE service = @p1 AND kind = @p2 AND record = @p3", kind.Service, kind.Name, id);
            change.Sql.Execute("DELETE FROM hidden_records WHERE service = @p1 AND kind = @p2 AND record = @p3", kind.Service, kind.Name, id);
        }
    }

    private static int Close(long service, string kind, long id, Change change) => change.Sql.Execute(
        "UPDATE record_reports SET closed = @p4 WHERE service = @p1 AND kind = @p2 AND record = @p3 AND closed = 0", service, kind, id, change.Index);

    private static ModerationDone Log(string act, long service, string kind, long id, string note, Change change)
    {
        change.Sql.Execute(
            "INSERT INTO record_acts (id, at, act, service, kind, record, account, note) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8)",
            change.Index, change.At.Microseconds, act, service, kind, id, change.Asker.Account, note);
        return new ModerationDone { Act = change.Index };
    }

    private static void Demand(Change change)
    {
        if (!change.HasModeration)
        {
            throw Refused(FailureKind.Unavailable, "a node of the community still runs a program that knows nothing of reports");
        }
    }

    private static void CheckReason(string reason)
    {
        if (reason.Length > Limits.ModerationTextMax)
        {
            throw Refused(FailureKind.TooLarge, $"a reason of {reason.Length} characters; {Limits.ModerationTextMax} is the most");
        }

        if (string.IsNullOrWhiteSpace(reason) || reason.Contains('\0', StringComparison.Ordinal))
        {
            throw Refused(FailureKind.Invalid, "say why, in words: others will read it");
        }
    }

    private static RefusedException Refused(FailureKind kind, string message) => new(new Failure(kind, message));
}
