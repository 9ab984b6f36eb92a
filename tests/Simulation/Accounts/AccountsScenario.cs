using Cete.Accounts;
using Cete.Core;

namespace Cete.Simulation.Accounts;

/// <summary>Accounts under faults, with a node that lies whenever it is the root.</summary>
internal static class AccountsScenario
{
    public static Scenario Accounts { get; } = new(
        "accounts", "no right, role or suspension changes without a statement of a device that may, whatever the root makes of it", 15, (seed, writer) =>
        Run(seed, writer, StatementRules.Right));

    public static void Run(ulong seed, TextWriter writer, StatementRules rules)
    {
        using var cluster = new AccountsCluster(new Prng(seed), rules, writer);
        cluster.Run();
    }
}
