namespace Cete.Benchmarks.Actors;

/// <summary>The figures that are asked of the actor kernel.</summary>
internal static class ActorFigures
{
    /// <summary>Both sides are measured as often, in turn: a machine that is busy for a while should not decide the ratio.</summary>
    private const int TellTurns = 9;
    private const int AskTurns = 3;

    public static void Run(Report report)
    {
        report.AtMost("memory of an idle actor among 1,000,000", Child.Run(Child.Own, IdleActors.Argument, "0"), 500, "B");
        report.AtMost("memory of an actor that has handled a message", Child.Run(Child.Own, IdleActors.Argument, "1"), 500, "B");
        var tells = Enumerable.Range(0, TellTurns).Select(_ => Measured.Rounds<TellToReceive>()).ToList();
        report.AtLeast("tell to receive / channel, 1 sender", Ratio(tells, 1), 0.95);
        report.AtLeast("tell to receive / channel, 2 senders", Ratio(tells, 2), 0.95);
        report.AtLeast("tell to receive / channel, 4 senders", Ratio(tells, 4), 0.95);
        report.Note("messages a second, 1 sender", Middle(tells, m => 1e3 / m.Nanoseconds(nameof(TellToReceive.ToActor), 1)), "M/s");
        report.AtMost("allocated a message", Middle(tells, m => m.Bytes(nameof(TellToReceive.ToActor), 1)), 0.5, "B");
        var asks = Enumerable.Range(0, AskTurns).Select(_ => Measured.Rounds<AskAndReply>()).ToList();
        report.AtMost("ask and reply, 1,000 at once", Middle(asks, m => m.Nanoseconds(nameof(AskAndReply.ThousandAtOnce))) / 1e3, 1, "us");
        report.AtMost("ask and reply, one after another", Middle(asks, m => m.Nanoseconds(nameof(AskAndReply.OneAfterAnother))) / 1e3, 1, "us");
        report.Note("allocated an ask", Middle(asks, m => m.Bytes(nameof(AskAndReply.ThousandAtOnce))), "B");
    }

    private static double Ratio(IEnumerable<Measured> runs, int senders) => Middle(
        runs, m => m.Nanoseconds(nameof(TellToReceive.ToChannel), senders) / m.Nanoseconds(nameof(TellToReceive.ToActor), senders));

    private static double Middle(IEnumerable<Measured> runs, Func<Measured, double> figure) => Report.Median(runs.Select(figure));
}
