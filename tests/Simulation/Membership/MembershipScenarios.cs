namespace Cete.Simulation.Membership;

/// <summary>The scenarios of the membership.</summary>
internal static class MembershipScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        Report("membership-detection", "a node without power is found within SWIM's and Lifeguard's bounds", 1, DetectionScenario.Run, isLong: true),
        Report("membership-join", "a newcomer is seen by all soon, and that costs few handshakes", 3, JoinScenario.Run, isLong: true),
        Report("membership-loss", "nobody is called dead for lost packets alone, over connections", 1, FalsePositiveScenario.Loss, isLong: true),
        Report("membership-datagram-loss", "hardly anybody is called dead for lost datagrams", 1, FalsePositiveScenario.DatagramLoss, isLong: true),
        Report("membership-slow", "slow nodes call nobody dead who is well", 1, FalsePositiveScenario.Slow, isLong: true),
        Report("membership-pauses", "nodes that stand still call nobody dead who is well", 1, FalsePositiveScenario.Pauses, isLong: true),
        Report("membership-partition", "both parts of a healed partition see each other within seconds", 1, PartitionScenario.Halves, isLong: true),
        Report("membership-partial", "nobody is called dead whom some reach and some do not", 1, PartitionScenario.Partial, isLong: true),
        Report("membership-load", "a node's load does not grow with the cluster, 16 and 100 nodes", 1, LoadScenario.Steady, isLong: true),
        Report("membership-heal-load", "what a healed partition of 100 nodes costs", 1, LoadScenario.Heal, isLong: true),
        Report("membership-liar", "a member that lies gets no honest one declared dead", 1, LiarScenario.Run, isLong: true),
        Report("membership-load-1000", "a node's load among a thousand, and what the join of all costs", 1, LoadScenario.SteadyThousand, isLong: true),
        Report("membership-detection-1000", "the same bounds of detection with a thousand nodes", 0, DetectionScenario.RunThousand, isLong: true),
        Report("membership-heal-load-300", "what a healed partition of three hundred nodes costs", 0, LoadScenario.HealThreeHundred, isLong: true),
        Report("membership-heal-1000", "views are equal again after halves of five hundred nodes are healed, and what that costs", 0, LoadScenario.HealThousand, isLong: true),
        Scenario.Of("membership-clocks", "wall clocks years apart that jump are not noticed", 3, ClockScenario.Run),
        Scenario.Of("membership-twins", "two processes with one identity find that out", 10, TwinScenario.Run),
        Scenario.Of("membership-churn", "views are equal once joins, leaves, crashes and all faults are over", 10, ChurnScenario.Run),
    ];

    /// <summary>A scenario whose processes break a rule, to see that it is missed.</summary>
    public static Scenario Broken(Mutation mutation) => mutation switch
    {
        Mutation.NoIncarnationCheck => Report("membership-liar", "nothing", 3, (seed, report) => LiarScenario.Parrot(seed, report, mutation)),
        Mutation.NoRefutation =>
            Report("membership-datagram-loss", "nothing", 3, (seed, report) => FalsePositiveScenario.DatagramLoss(seed, report, mutation)),
        _ => Report("membership-partition", "nothing", 3, (seed, report) => PartitionScenario.Halves(seed, report, mutation)),
    };

    /// <summary>A scenario of several worlds or much traffic: its figures are printed, not its trace.</summary>
    private static Scenario Report(string name, string shows, int seeds, Action<ulong, Report> run, bool isLong = false) =>
        new(name, shows, seeds, (seed, writer) =>
        {
            var report = new Report(writer);
            run(seed, report);
            report.Close();
        })
        {
            IsReport = true,
            IsLong = isLong,
        };
}
