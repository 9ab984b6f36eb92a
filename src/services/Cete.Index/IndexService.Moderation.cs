using Cete.Core;
using Cete.Groups;
using Cete.Index.Moderation;
using Cete.Index.Proto;
using Cete.Ports;
using Google.Protobuf;

namespace Cete.Index;

/// <summary>Reports, take-downs and appeals.</summary>
public sealed partial class IndexService
{
    /// <summary>Tells moderators that something is wrong with a content; answers with the report's number.</summary>
    public Task<Outcome<long>> ReportAsync(Hash256 root, string kind, string text, Asker asker, RequestId? id, CancellationToken cancellation) =>
        ModerateAsync(new ReportContent { Root = Bytes(root), Kind = kind, Text = text }, text, asker, id, cancellation);

    /// <summary>Has nobody get a content any more, be it in the index or not; answers with the act's number.</summary>
    public Task<Outcome<long>> TakeDownAsync(Hash256 root, string reason, Asker asker, RequestId? id, CancellationToken cancellation) =>
        ModerateAsync(new TakeDown { Root = Bytes(root), Reason = reason }, reason, asker, id, cancellation);

    /// <summary>Puts a content back; whoever appealed is right with it.</summary>
    public Task<Outcome<long>> PutBackAsync(Hash256 root, string why, Asker asker, RequestId? id, CancellationToken cancellation) =>
        ModerateAsync(new PutBack { Root = Bytes(root), Why = why }, why, asker, id, cancellation);

    /// <summary>Closes the reports of a content, of which none needs anything to be done.</summary>
    public Task<Outcome<long>> DismissAsync(Hash256 root, string why, Asker asker, RequestId? id, CancellationToken cancellation) =>
        ModerateAsync(new DismissReports { Root = Bytes(root), Why = why }, why, asker, id, cancellation);

    /// <summary>Appeals against a take-down; answers with the appeal's number.</summary>
    public Task<Outcome<long>> AppealAsync(Hash256 root, string text, Asker asker, RequestId? id, CancellationToken cancellation) =>
        ModerateAsync(new AppealTakeDown { Root = Bytes(root), Text = text }, text, asker, id, cancellation);

    /// <summary>Decides an appeal; upheld, it puts the content back.</summary>
    public Task<Outcome<long>> DecideAsync(long appeal, bool upheld, string why, Asker asker, RequestId? id, CancellationToken cancellation) =>
        ModerateAsync(new DecideAppeal { Appeal = appeal, Upheld = upheld, Why = why }, why, asker, id, cancellation);

    /// <summary>Contents that are taken down, the last first.</summary>
    public Task<Outcome<Page<TakenDownContent>>> TakenDownAsync(string? cursor, int limit, CancellationToken cancellation) =>
        PageAsync(cursor, limit, ModerationQueries.TakenDown, cancellation);

    /// <summary>Open reports, the newest first. For moderators alone.</summary>
    public Task<Outcome<Page<ContentReport>>> ReportsAsync(string? cursor, int limit, CancellationToken cancellation) =>
        PageAsync(cursor, limit, ModerationQueries.Reports, cancellation);

    /// <summary>Open appeals, the newest first. For moderators alone.</summary>
    public Task<Outcome<Page<OpenAppeal>>> AppealsAsync(string? cursor, int limit, CancellationToken cancellation) =>
        PageAsync(cursor, limit, ModerationQueries.Appeals, cancellation);

    /// <summary>What was done, the newest first.</summary>
    /// <param name="isWhole">With reports, and with who appealed: for moderators alone.</param>
    /// <param name="cursor">Where the page before ended.</param>
    /// <param name="limit">Lines at most.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task<Outcome<Page<ModerationAct>>> ModerationLogAsync(bool isWhole, string? cursor, int limit, CancellationToken cancellation) =>
        PageAsync(cursor, limit, (sql, before, count) => ModerationQueries.Log(sql, isWhole, before, count), cancellation);

    /// <summary>Why a content is taken down; null where it is not.</summary>
    public Task<Outcome<string?>> WhyTakenDownAsync(Hash256 root, CancellationToken cancellation) => group.ReadAsync(
        sql => IndexSchema.HasModeration(sql) ? TakenDownContents.ReasonOf(sql, root.ToArray()) : null, reads, cancellation);

    /// <summary>What was taken down and put back behind an act.</summary>
    public Task<Outcome<TakenDownPage>> TakenDownSinceAsync(long after, CancellationToken cancellation) =>
        group.ReadAsync(sql => ModerationQueries.Changes(sql, after), reads, cancellation);

    /// <summary>Completes when this node's replica has applied more.</summary>
    internal Task WaitForAppliedAsync(long index, CancellationToken cancellation) => group.WaitForAppliedAsync(index, cancellation);

    private static ByteString Bytes(Hash256 root) => ByteString.CopyFrom(root.ToArray());

    private async Task<Outcome<Page<T>>> PageAsync<T>(
        string? cursor, int limit, Func<SqlSession, long, int, Page<T>> read, CancellationToken cancellation)
    {
        var before = Cursor.ReadNumber(Cursor.ModerationList, cursor)?.Id ?? long.MaxValue;
        return await group.ReadAsync(sql => read(sql, before, Math.Clamp(limit, 1, Limits.PageItemsMax)), reads, cancellation);
    }

    private async Task<Outcome<long>> ModerateAsync(IMessage command, string text, Asker asker, RequestId? id, CancellationToken cancellation)
    {
        // A long text is refused before it costs a place in the log.
        if (text.Length > Limits.ModerationTextMax)
        {
            return new Failure(FailureKind.TooLarge, $"a text of {text.Length} characters; {Limits.ModerationTextMax} is the most");
        }

        var answer = await SubmitAsync(command, asker, id, cancellation);
        return answer.Then(bytes => ProtobufBytes.Read(Moderated.Parser, bytes.Span).Act);
    }
}
