namespace Cete.Simulation;

/// <summary>Runs scenarios over seeds by hand: a line for each seed that fails, with the command that replays it, and a summary.</summary>
internal static class SimulationRun
{
    private const int Failed = 1;
    private const int Misunderstood = 2;

    public static int Run(string[] args, TextWriter output)
    {
        if (SimulationArguments.Parse(args) is not { } asked)
        {
            output.WriteLine(SimulationArguments.Usage);
            output.WriteLine($"scenarios: {string.Join(", ", Scenarios.All.Select(scenario => scenario.Name))}");
            return Misunderstood;
        }

        if (asked.IsListed)
        {
            foreach (var scenario in Scenarios.All)
            {
                output.WriteLine($"{scenario.Name,-24} {scenario.Shows}");
            }

            return 0;
        }

        return Run(asked, output);
    }

    private static int Run(SimulationArguments asked, TextWriter output)
    {
        var began = TimeProvider.System.GetTimestamp();
        var (runs, failures) = (0UL, 0UL);
        foreach (var scenario in Scenarios.All.Where(scenario => asked.ScenarioName is null || scenario.Name == asked.ScenarioName))
        {
            for (var seed = asked.From; seed - asked.From < asked.Seeds; seed++, runs++)
            {
                var writer = asked.IsTraced || (scenario.IsReport && !asked.IsHashed) ? output : asked.IsHashed ? new EndWriter() : TextWriter.Null;
                var error = scenario.Failure(seed, writer);
                if (asked.IsHashed && !asked.IsTraced)
                {
                    output.Write($"{scenario.Name} seed {seed}: {writer}");
                }

                if (error is not null)
                {
                    failures++;
                    output.WriteLine($"FAILED {scenario.Name} seed {seed}: {error.Message.ReplaceLineEndings(" ")}");
                    output.WriteLine($"  replay: {scenario.ReplayCommand(seed)}");
                }
            }
        }

        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        output.WriteLine(FormattableString.Invariant($"{runs} runs, {failures} failed, {seconds:F1} s"));
        return failures == 0 ? 0 : Failed;
    }
}
