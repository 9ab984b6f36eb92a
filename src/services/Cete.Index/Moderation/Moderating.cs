using Cete.Core;
using Cete.Groups;
using Cete.Index.Proto;
using Google.Protobuf;

namespace Cete.Index.Moderation;

/// <summary>
/// Reports, take-downs, appeals and what was decided, as commands. Each that succeeds is one line of the log, whose number is that of its command.
/// </summary>
internal sealed class Moderating(Change change)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private SqlSession Sql => change.Sql;

    public Outcome<ReadOnlyMemory<byte>> Apply(IMessage command) => !change.HasModeration
        ? new Failure(FailureKind.Unavailable, "a node of the community still runs a program that knows nothing of moderation")
        : command switch
        {
            ReportContent c => Report(c),
            TakeDown c => Down(c),
            PutBack c => Back(c),
            DismissReports c => Dismiss(c),
            AppealTakeDown c => Appeal(c),
            _ => Decide((DecideAppeal)command),
        };

    private Outcome<ReadOnlyMemory<byte>> Report(ReportContent command)
    {
        if ((RefuseReader("to report") ?? Unsound(command.Root, command.Text, mayBeEmpty: true)) is { } refused)
        {
            return refused;
        }

        if (!ReportKind.All.Contains(command.Kind, StringComparer.Ordinal))
        {
            return new Failure(FailureKind.Invalid, $"a report is one of: {string.Join(", ", ReportKind.All)}");
        }

        var root = command.Root.ToByteArray();
        if (Sql.Scalar<long>("SELECT count(*) FROM contents WHERE root = @p1", root) == 0)
        {
            return new Failure(FailureKind.NotFound, "no entry of the index has, or had, this content");
        }

        if (TakenDownContents.ReasonOf(Sql, root) is not null)
        {
            return new Failure(FailureKind.Conflict, "this content is taken down already");
        }

        if (Sql.Scalar<long>("SELECT count(*) FROM reports WHERE root = @p1 AND account = @p2", root, change.Account) > 0)
        {
            return new Failure(FailureKind.Conflict, "your account has reported this content already; moderators see it");
        }

        if (TooMany("SELECT count(*) FROM reports WHERE account = @p1 AND at > @p2", "reports") is { } many)
        {
            return many;
        }

        Sql.Execute(
            "INSERT INTO reports (id, root, account, kind, note, at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6)",
            change.Index, root, change.Account, command.Kind, command.Text, change.At.Microseconds);
        return Log(ModerationActs.Report, root, command.Text, command.Kind);
    }

    private Outcome<ReadOnlyMemory<byte>> Down(TakeDown command)
    {
        if ((RefuseOthers("to take contents down") ?? Unsound(command.Root, command.Reason)) is { } refused)
        {
            return refused;
        }

        var root = command.Root.ToByteArray();
        if (TakenDownContents.ReasonOf(Sql, root) is { } reason)
        {
            return new Failure(FailureKind.Conflict, $"this content is taken down already: {EntryName.Show(reason)}");
        }

        if (Sql.Scalar<long>("SELECT count(*) FROM taken_down") >= Limits.TakenDownMax)
        {
            return new Failure(FailureKind.Full, $"{Limits.TakenDownMax} contents are taken down, which is the most; put some back that nobody has any more");
        }

        Sql.Execute(
            "INSERT INTO taken_down (root, reason, account, at, act) VALUES (@p1, @p2, @p3, @p4, @p5)",
            root, command.Reason, change.Account, change.At.Microseconds, change.Index);
        CloseReports(root);
        return Log(ModerationActs.TakeDown, root, command.Reason);
    }

    private Outcome<ReadOnlyMemory<byte>> Back(PutBack command)
    {
        if ((RefuseOthers("to put contents back") ?? Unsound(command.Root, command.Why)) is { } refused)
        {
            return refused;
        }

        var root = command.Root.ToByteArray();
        if (Sql.Execute("DELETE FROM taken_down WHERE root = @p1", root) == 0)
        {
            return new Failure(FailureKind.NotFound, "this content is not taken down");
        }

        UpholdAll(root, command.Why);
        return Log(ModerationActs.PutBack, root, command.Why);
    }

    private Outcome<ReadOnlyMemory<byte>> Dismiss(DismissReports command)
    {
        if ((RefuseOthers("to dismiss reports") ?? Unsound(command.Root, command.Why)) is { } refused)
        {
            return refused;
        }

        var root = command.Root.ToByteArray();
        return CloseReports(root) == 0
            ? new Failure(FailureKind.NotFound, "nothing that was reported of this content is open")
            : Log(ModerationActs.Dismiss, root, command.Why);
    }

    private Outcome<ReadOnlyMemory<byte>> Appeal(AppealTakeDown command)
    {
        if ((RefuseReader("to appeal") ?? Unsound(command.Root, command.Text)) is { } refused)
        {
            return refused;
        }

        var root = command.Root.ToByteArray();
        if (TakenDownContents.ReasonOf(Sql, root) is null)
        {
            return new Failure(FailureKind.NotFound, "this content is not taken down, so there is nothing to appeal against");
        }

        if (Sql.Scalar<long>("SELECT count(*) FROM appeals WHERE root = @p1 AND account = @p2 AND decided = 0", root, change.Account) > 0)
        {
            return new Failure(FailureKind.Conflict, "your account has appealed already, and nobody has decided yet");
        }

        if (TooMany("SELECT count(*) FROM appeals WHERE account = @p1 AND at > @p2", "appeals") is { } many)
        {
            return many;
        }

        Sql.Execute(
            "INSERT INTO appeals (id, root, account, note, at) VALUES (@p1, @p2, @p3, @p4, @p5)",
            change.Index, root, change.Account, command.Text, change.At.Microseconds);
        return Log(ModerationActs.Appeal, root, command.Text);
    }

    private Outcome<ReadOnlyMemory<byte>> Decide(DecideAppeal command)
    {
        if ((RefuseOthers("to decide appeals") ?? UnsoundText(command.Why, mayBeEmpty: false)) is { } refused)
        {
            return refused;
        }

        var open = Sql.Query("SELECT root FROM appeals WHERE id = @p1 AND decided = 0", row => row.GetFieldValue<byte[]>(0), command.Appeal);
        if (open is not [var root])
        {
            return new Failure(FailureKind.NotFound, $"no appeal {command.Appeal} is open");
        }

        if (command.Upheld)
        {
            Sql.Execute("DELETE FROM taken_down WHERE root = @p1", root);
            UpholdAll(root, command.Why);
            return Log(ModerationActs.Uphold, root, command.Why);
        }

        Sql.Execute("UPDATE appeals SET decided = @p1, answer = @p2 WHERE id = @p3", change.Index, command.Why, command.Appeal);
        return Log(ModerationActs.Reject, root, command.Why);
    }

    private int CloseReports(byte[] root) => Sql.Execute("UPDATE reports SET closed = @p1 WHERE root = @p2 AND closed = 0", change.Index, root);

    /// <summary>What is back needs no decision any more.</summary>
    private void UpholdAll(byte[] root, string why) => Sql.Execute(
        "UPDATE appeals SET decided = @p1, upheld = 1, answer = @p2 WHERE root = @p3 AND decided = 0", change.Index, why, root);

    private Outcome<ReadOnlyMemory<byte>> Log(string act, byte[] root, string note, string kind = "")
    {
        Sql.Execute(
            "INSERT INTO moderation_log (id, at, act, root, account, kind, note) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7)",
            change.Index, change.At.Microseconds, act, root, change.Account, kind, note);
        return Outcome.Of<ReadOnlyMemory<byte>>(new Moderated { Act = change.Index }.ToByteArray());
    }

    private Failure? TooMany(string count, string what) =>
        Sql.Scalar<long>(count, change.Account, (change.At + (-Day)).Microseconds) >= Limits.ModerationADayMax
            ? new Failure(FailureKind.Throttled, $"{Limits.ModerationADayMax} {what} a day are the most; go on tomorrow, or write to a moderator")
            : null;

    private Failure? RefuseReader(string what) =>
        !change.Asker.IsKnown ? new Failure(FailureKind.Unauthenticated, $"it takes an account {what}; log in")
        : change.Asker.MayAnywhere(Actions.IndexRead) ? null
        : new Failure(FailureKind.Forbidden, $"your account has no right {what}, since it may not read the index");

    private Failure? RefuseOthers(string what) =>
        change.Asker.May(Actions.IndexModerate) ? null
        : change.Asker.IsKnown ? new Failure(FailureKind.Forbidden, $"your account has no right {what}; ask a moderator")
        : new Failure(FailureKind.Unauthenticated, $"a guest has no right {what}; log in");

    private static Failure? Unsound(ByteString root, string text, bool mayBeEmpty = false) =>
        root.Length != Hash256.Size ? new Failure(FailureKind.Invalid, "a content is named by the 32 bytes of its root")
        : UnsoundText(text, mayBeEmpty);

    private static Failure? UnsoundText(string text, bool mayBeEmpty) =>
        text.Length > Limits.ModerationTextMax ? new Failure(FailureKind.TooLarge, $"a text of {text.Length} characters; {Limits.ModerationTextMax} is the most")
        : !mayBeEmpty && string.IsNullOrWhiteSpace(text) ? new Failure(FailureKind.Invalid, "say why: others will read it")
        : text.Contains('\0', StringComparison.Ordinal) ? new Failure(FailureKind.Invalid, "a text cannot hold the character U+0000")
        : null;
}
