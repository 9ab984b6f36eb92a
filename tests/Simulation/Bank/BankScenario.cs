using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cete.Bank;
using Cete.Core;

namespace Cete.Simulation.Bank;

/// <summary>The bank under faults, with cheats on both sides and a node that lies whenever it is the root.</summary>
internal static class BankScenario
{
    public static Scenario Bank { get; } = new(
        "bank", "not one credit is created or lost, nobody pays what he did not sign, and no honest side loses more than a window", 12, (seed, writer) =>
    {
        var lines = new StringWriter(CultureInfo.InvariantCulture);
        try
        {
            Run(seed, lines, LedgerRules.Right);
        }
        finally
        {
            var text = lines.ToString();
            writer.Write(writer is EndWriter ? string.Empty : text);
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, sizeof(ulong)));
            writer.WriteLine(FormattableString.Invariant($"trace hash {hash} of {text.Count(c => c == '\n')} lines"));
        }
    });

    public static void Run(ulong seed, TextWriter writer, LedgerRules rules)
    {
        using var cluster = new BankCluster(new Prng(seed), rules, writer);
        cluster.Run();
    }
}
