using System.Diagnostics;

namespace Cete.Benchmarks.Cluster;

/// <summary>
/// Processes that join and processes that are killed, among 8 and among 16 on one machine, beside agents of Serf with the same intervals. A join
/// is counted from the start of the joiner's process, and, since that is another matter, from its first sighting by another member.
/// </summary>
internal static class ClusterFigures
{
    private const int Rounds = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Until nothing of a join is going on any more.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    private sealed record Times(List<double> Joined, List<double> Spread, List<double> Dead, List<double> AtEight, List<double> First, int Missed);

    /// <summary>The argument by which joins and deaths with preset lan are measured alone, which takes two and a half minutes instead of eight.</summary>
    public const string Lan = "lan";

    public static async Task RunAsync(Report report, string? only)
    {
        if (only != Lan)
        {
            await StartAloneAsync(report);
        }

        foreach (var preset in only == Lan ? [Lan] : new[] { Lan, "local" })
        {
            Tell(report, preset, await OursAsync(preset), await SerfAsync(preset));
        }
    }

    private static async Task<Times> OursAsync(string preset)
    {
        var folder = Directory.CreateTempSubdirectory("cete-bench-").FullName;
        try
        {
            using var nodes = new CeteProcesses(preset, folder);
            return await MeasureAsync(nodes);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Times?> SerfAsync(string preset)
    {
        if (!SerfProcesses.IsThere)
        {
            Console.Error.WriteLine("serf is not installed: its rows are left out");
            return null;
        }

        using var agents = new SerfProcesses(preset);
        return await MeasureAsync(agents);
    }

    private static async Task StartAloneAsync(Report report)
    {
        List<double> made = [];
        List<double> again = [];
        for (var round = 0; round < 5; round++)
        {
            var folder = Directory.CreateTempSubdirectory("cete-bench-").FullName;
            foreach (var (times, create) in new[] { (made, true), (again, false) })
            {
                var start = Stopwatch.GetTimestamp();
                using var node = await PublishedNode.StartAsync(folder, create, "--fabric", "127.0.0.1:0");
                times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }

            Directory.Delete(folder, recursive: true);
        }

        report.AtMost("from a process's start to being a member: of a folder that is there (Akka.NET 0.6)", again.Min(), 0.5, "s");
        report.Note("  median", Report.Median(again), "s");
        report.AtMost("from a process's start to being a member: of a new community", made.Min(), 0.5, "s");
        report.Note("  median", Report.Median(made), "s");
    }

    private static async Task<Times> MeasureAsync(IManyProcesses cluster)
    {
        var times = new Times([], [], [], [], [], 0);
        List<string> members = [];
        for (var i = 0; i < 15; i++)
        {
            var start = await cluster.StartAsync($"n{i}");
            var seen = await cluster.Sightings.WaitAsync(members, $"n{i}", "alive", start, members.Count, Limit);
            members.Add($"n{i}");
            if (seen.Count >= 8)
            {
                times.AtEight.Add(seen[7]);
            }
        }

        for (var round = 0; round < Rounds; round++)
        {
            await Pause.ForAsync(Settling);
            var name = $"n{15 + round}";
            var start = await cluster.StartAsync(name);
            var joined = await cluster.Sightings.WaitAsync(members, name, "alive", start, members.Count, Limit);
            times = times with { Missed = times.Missed + members.Count - joined.Count };
            times.First.Add(joined[0]);
            times.Joined.Add(joined[^1]);
            times.Spread.Add(joined[^1] - joined[0]);
            members.Add(name);

            // The first one is whom the others know as the way in.
            await Pause.ForAsync(Settling);
            var gone = members[1];
            members.RemoveAt(1);
            start = Stopwatch.GetTimestamp();
            cluster.Kill(gone);
            var dead = await cluster.Sightings.WaitAsync(members, gone, "dead", start, members.Count, Limit);
            times = times with { Missed = times.Missed + members.Count - dead.Count };
            times.Dead.Add(dead.Count > 0 ? dead[^1] : Limit.TotalSeconds);
        }

        return times;
    }

    private static void Tell(Report report, string preset, Times ours, Times? serf)
    {
        var of16 = $"16 nodes, {preset}:";
        report.AtMost($"{preset}: a joiner is seen by 8 others, from its process's start (Akka.NET 5.6)", Report.Median(ours.AtEight), 1, "s");
        report.Note("  the quickest", ours.AtEight.Min(), "s");
        report.Note($"{of16} a joiner is seen by the first other, from its process's start", Report.Median(ours.First), "s");
        report.Note($"{of16} by all", Report.Median(ours.Joined), "s");
        report.Note($"{of16} by all, from the first that saw it", Report.Median(ours.Spread), "s");
        report.Note($"{of16} a killed one is dead to all", Report.Median(ours.Dead), "s");
        report.AtMost($"{of16} sightings that were missed in {Limit.TotalSeconds:0} s", ours.Missed, 0);
        if (serf is not null)
        {
            report.Note($"{of16} of Serf: a joiner is seen by the first other", Report.Median(serf.First), "s");
            report.Note($"{of16} of Serf: by all", Report.Median(serf.Joined), "s");
            report.Note($"{of16} of Serf: a killed one is dead to all", Report.Median(serf.Dead), "s");
            report.Note($"{of16} of Serf: sightings that were missed", serf.Missed, string.Empty);
            report.AtMost($"{of16} join seen by all from the first sighting, / Serf's", Report.Median(ours.Spread) / Report.Median(serf.Spread), 1, "x");
            report.AtMost($"{of16} join seen by all from the process's start, / Serf's", Report.Median(ours.Joined) / Report.Median(serf.Joined), 1, "x");
            report.AtMost($"{of16} failure seen by all, / Serf's", Report.Median(ours.Dead) / Report.Median(serf.Dead), 1, "x");
        }
    }
}
