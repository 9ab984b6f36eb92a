using System.Diagnostics;
using Cete.Simulation.Toys;

namespace Cete.Simulation;

public sealed class ScenarioTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static TheoryData<string> Names => [.. Scenarios.All.Select(scenario => scenario.Name)];

    public static TheoryData<string> ShortNames => [.. Scenarios.All.Where(scenario => !scenario.IsLong).Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Holds_for_its_usual_seeds(string name) => Seeds.ForEach(Scenarios.Find(name)!);

    [Theory]
    [MemberData(nameof(ShortNames))]
    public async Task A_seed_gives_the_same_hash_in_another_process(string name)
    {
        var here = new StringWriter();
        Assert.Equal(0, SimulationRun.Run(["--seeds", "2", "--from", "1", "--scenario", name, "--hash"], here));
        var there = await InAnotherProcess("--seeds", "2", "--from", "1", "--scenario", name, "--hash");
        Assert.Equal(Lines(here)[..^1], there[..^1]);
        Assert.Equal(3, there.Length);
    }

    [Fact]
    public async Task A_seed_gives_the_same_lines_in_another_process()
    {
        var here = new StringWriter();
        Assert.Equal(0, SimulationRun.Run(["--from", "5", "--scenario", "counter", "--trace"], here));
        var there = await InAnotherProcess("--from", "5", "--scenario", "counter", "--trace");
        Assert.Equal(Lines(here)[..^1], there[..^1]);
        Assert.True(there.Length > 1_000);
        Assert.StartsWith("1 runs, 0 failed", there[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_understood_is_told_and_the_list_names_all()
    {
        Assert.StartsWith("usage:", (await InAnotherProcess("--seeds", "many"))[0], StringComparison.Ordinal);
        var list = await InAnotherProcess("--list");
        Assert.Equal(Scenarios.All.Select(scenario => scenario.Name), list.Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public void A_planted_bug_is_found_at_some_seed_and_replays_exactly()
    {
        var broken = Scenario.Of("counter-with-bug", "nothing: backups are told each value once", 100, CounterScenario.RunWithBug);
        var failing = Enumerable.Range(0, broken.UsualSeeds).Select(seed => (ulong)seed)
            .Where(seed => broken.Failure(seed, TextWriter.Null) is not null).ToList();
        Assert.InRange(failing.Count, 1, broken.UsualSeeds - 1);

        var (first, second) = (new StringWriter(), new StringWriter());
        var (error, again) = (broken.Failure(failing[0], first), broken.Failure(failing[0], second));
        Assert.Contains("replicas differ", error!.Message, StringComparison.Ordinal);
        Assert.Equal(error.Message, again!.Message);
        Assert.Equal(first.ToString(), second.ToString());

        var told = Assert.Throws<InvalidOperationException>(() => Seeds.ForEach(broken));
        Assert.StartsWith($"seed {failing[0]}: replicas differ", told.Message, StringComparison.Ordinal);
        Assert.EndsWith(broken.ReplayCommand(failing[0]), told.Message, StringComparison.Ordinal);
    }

    private static string[] Lines(StringWriter text) => text.ToString().TrimEnd().Split(Environment.NewLine);

    private static async Task<string[]> InAnotherProcess(params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Cete.Simulation" + (OperatingSystem.IsWindows() ? ".exe" : string.Empty));
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            // Another language, in which numbers and dates look different.
            Environment = { ["LANG"] = "ar_SA.UTF-8", ["LC_ALL"] = "ar_SA.UTF-8" },
        })!;
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Patience, TimeProvider.System);
        await process.WaitForExitAsync();
        return output.TrimEnd().Split(Environment.NewLine);
    }
}
