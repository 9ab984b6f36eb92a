namespace Cete.Benchmarks.Hocon;

/// <summary>
/// The figures that are asked of the HOCON library. They are absolute, and what else runs on the machine only adds: the fastest counts.
/// </summary>
internal static class HoconFigures
{
    public static void Run(Report report)
    {
        report.AtMost("reference.conf, the first text of a process", ColdRead.Milliseconds(), 5, "ms");
        var read = Measured.Calls<ReadText>();
        report.AtLeast("parse, 1 MB as people write it", Rate(read, nameof(ReadText.Parse), ReadText.TextBytes), 20, "MB/s");
        report.AtLeast("parse and resolve", Rate(read, nameof(ReadText.ParseAndResolve), ReadText.TextBytes), 20, "MB/s");
        report.AtLeast("parse, the same as JSON without a space", Rate(read, nameof(ReadText.ParseJson), ReadText.JsonBytes), 20, "MB/s");
        report.AtLeast("parse and resolve it", Rate(read, nameof(ReadText.ParseAndResolveJson), ReadText.JsonBytes), 20, "MB/s");
        report.Note("the framework's JSON reader on it", Rate(read, nameof(ReadText.FrameworkJson), ReadText.JsonBytes), "MB/s");
    }

    private static double Rate(Measured read, string method, int bytes) => bytes / read.Fastest(method) * 1e3;
}
