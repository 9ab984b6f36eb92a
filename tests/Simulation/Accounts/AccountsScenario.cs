using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cete.Accounts;
using Cete.Core;

namespace Cete.Simulation.Accounts;

/// <summary>Accounts under faults, with a node that lies whenever it is the root.</summary>
internal static class AccountsScenario
{
    public static Scenario Accounts { get; } = new(
        "accounts", "no right, role or suspension changes without a statement of a device that may, whatever the root makes of it", 15, (seed, writer) =>
    {
        var lines = new StringWriter(CultureInfo.InvariantCulture);
        try
        {
            Run(seed, lines, StatementRules.Right);
        }
        finally
        {
            var text = lines.ToString();
            writer.Write(writer is EndWriter ? string.Empty : text);
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, sizeof(ulong)));
            writer.WriteLine(FormattableString.Invariant($"trace hash {hash} of {text.Count(c => c == '\n')} lines"));
        }
    });

    public static void Run(ulong seed, TextWriter writer, StatementRules rules)
    {
        using var cluster = new AccountsCluster(new Prng(seed), rules, writer);
        cluster.Run();
    }
}
