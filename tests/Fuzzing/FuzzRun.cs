using Cete.Core;

namespace Cete.Fuzzing;

/// <summary>Fuzzes by hand: a line for each target, and a file for each input that shows a bug.</summary>
internal static class FuzzRun
{
    private const int Failed = 1;
    private const int Misunderstood = 2;

    /// <summary>Above this a run is called slow. Nothing takes a hundredth of it; the machine may be busy.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(5);

    public static int Run(string[] args, TextWriter output)
    {
        if (FuzzArguments.Parse(args) is not { } asked)
        {
            output.WriteLine(FuzzArguments.Usage);
            output.WriteLine($"targets: {string.Join(", ", FuzzTargets.Names)}");
            return Misunderstood;
        }

        if (asked.IsListed)
        {
            Array.ForEach(FuzzTargets.Names, output.WriteLine);
            return 0;
        }

        var targets = FuzzTargets.Make(asked.Only);
        try
        {
            if (asked.IsCorpus)
            {
                Corpus.Write(targets, asked.Out);
                return 0;
            }

            return asked.File is { } file ? RunOne(targets[0], file, output) : Run(asked, targets, output);
        }
        finally
        {
            targets.ForEach(target => target.Dispose());
        }
    }

    private static int RunOne(FuzzTarget target, string file, TextWriter output)
    {
        try
        {
            output.WriteLine(target.Run(File.ReadAllBytes(file)));
            return 0;
        }
        catch (Exception error)
        {
            // All of it is what somebody asked to see.
            output.WriteLine(error);
            return Failed;
        }
    }

    private static int Run(FuzzArguments asked, List<FuzzTarget> targets, TextWriter output)
    {
        var each = TimeSpan.FromMinutes(asked.Minutes / targets.Count);
        var (runs, findings) = (0L, 0);
        output.WriteLine($"{"target",-24} {"executions",12} {"taken",12} {"ways",6} {"longest ms",11} {"failures",9}");
        foreach (var target in targets)
        {
            var fuzzer = new Fuzzer(target, Corpus.Of(target.Name), asked.Seed, Slow);
            fuzzer.Begin();
            for (var began = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(began) < each;)
            {
                fuzzer.Step();
            }

            (runs, findings) = (runs + fuzzer.Runs, findings + fuzzer.Findings.Count);
            output.WriteLine(FormattableString.Invariant(
                $"{target.Name,-24} {fuzzer.Runs,12} {fuzzer.Taken,12} {fuzzer.Ways,6} {fuzzer.Longest.TotalMilliseconds,11:0.0} {fuzzer.Findings.Count,9}"));
            foreach (var finding in fuzzer.Findings)
            {
                output.WriteLine($"  {Keep(finding, asked.Out)}: {finding.Said.ReplaceLineEndings(" ")}");
            }
        }

        output.WriteLine(FormattableString.Invariant($"{runs} executions of {targets.Count} targets, {findings} failures, seed {asked.Seed}"));
        return findings == 0 ? 0 : Failed;
    }

    private static string Keep(FuzzFinding finding, string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"{finding.Target}-{Hash256.Of(finding.Input).ToString()[..12]}");
        File.WriteAllBytes(path, finding.Input);
        return path;
    }
}
