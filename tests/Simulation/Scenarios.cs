using Cete.Simulation.Accounts;
using Cete.Simulation.Bank;
using Cete.Simulation.Consensus;
using Cete.Simulation.Membership;
using Cete.Simulation.Services;
using Cete.Simulation.Swarm;
using Cete.Simulation.Toys;

namespace Cete.Simulation;

/// <summary>All scenarios, in one list: the tests run it, and so does the program by hand.</summary>
public static class Scenarios
{
    /// <summary>The scenarios, in the order in which they run.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("log-crash", "what a segment log synced outlives every crash, full disk and failing sync", 20, RunLog),
        Scenario.Of("counter", "replicas of a counter agree once all faults are healed, and nothing acknowledged is lost", 50, CounterScenario.Run),
        Scenario.Of("streams", "connections tell each side a beginning of what the other said, in order and once", 30, StreamsScenario.Run),
        Scenario.Of("rumour", "what one of a thousand hosts says, all hear", 1, RumourScenario.Run),
        .. MembershipScenarios.All,
        .. RaftScenarios.All,
        .. SwarmScenarios.All,
        AccountsScenario.Accounts,
        BankScenario.Bank,
        ServicesScenario.Services,
    ];

    /// <summary>The scenario of that name; null when there is none.</summary>
    public static Scenario? Find(string name) => All.FirstOrDefault(scenario => scenario.Name == name);

    private static void RunLog(ulong seed, TextWriter writer)
    {
        var run = new LogCrashRun(seed);
        run.Run(200);
        writer.WriteLine(FormattableString.Invariant(
            $"{run.Crashes} crashes, {run.Kills} kills, {run.Fulls} full disks, {run.Deaths} failed syncs, {run.SegmentsMost} segments"));
    }
}
