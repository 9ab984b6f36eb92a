using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cete.Core;

namespace Cete.Simulation.Services;

/// <summary>Described services under faults.</summary>
internal static class ServicesScenario
{
    public static Scenario Services { get; } = new(
        "services", "what one described service sets off in others happens once for each record, and descriptions change with all records that are there", 15,
        (seed, writer) =>
        {
            var lines = new StringWriter(CultureInfo.InvariantCulture);
            try
            {
                using var cluster = new ServicesCluster(new Prng(seed), lines);
                cluster.Run();
            }
            finally
            {
                var text = lines.ToString();
                writer.Write(writer is EndWriter ? string.Empty : text);
                var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, sizeof(ulong)));
                writer.WriteLine(FormattableString.Invariant($"trace hash {hash} of {text.Count(c => c == '\n')} lines"));
            }
        });
}
