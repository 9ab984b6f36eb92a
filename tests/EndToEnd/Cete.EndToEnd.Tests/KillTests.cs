using System.Globalization;

namespace Cete.EndToEnd.Tests;

/// <summary>
/// A process that writes as fast as it can is killed (SIGKILL) again and again, always on the same folder: no acknowledged command may
/// be lost, none may be there twice. Each start verifies what was acknowledged before it. CETE_KILLS and CETE_SEED set rounds and seed.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    /// <summary>Folders that are written to and killed side by side: one for each core that a builder has at least.</summary>
    private const int Folders = 2;
    private static readonly int Kills = Setting("CETE_KILLS", 200);
    private static readonly int Seed = Setting("CETE_SEED", 20_240_601);

    [Fact]
    public async Task What_was_acknowledged_is_there_once_however_often_the_process_is_killed()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var runs = Enumerable.Range(0, Folders).Select(folder => Task.Run(() => Run(Seed + folder, Kills / Folders), cancellation));
        var totals = await Task.WhenAll(runs);
        output.WriteLine($"{Kills} kills, {totals.Sum()} commands acknowledged, none lost, none twice (seed {Seed})");
    }

    private static long Run(int seed, int kills)
    {
        using var process = new KilledProcess(seed);
        for (var round = 1; round <= kills; round++)
        {
            process.Round();
        }

        process.Verify();
        Assert.True(process.Acknowledged > kills, $"seed {seed}: only {process.Acknowledged} commands were acknowledged");
        return process.Acknowledged;
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
