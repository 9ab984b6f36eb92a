using System.Diagnostics;

namespace Cete.Actors.Tests;

/// <summary>The sample runs as its reader would run it.</summary>
public sealed class SampleTests
{
    [Fact]
    public async Task The_sample_prints_the_same_trace_for_the_same_seed_in_every_process()
    {
        var (first, second) = (await StepByStepAsync(7), await StepByStepAsync(7));

        Assert.Equal(first, second);
        Assert.EndsWith("the same trace.", first[^1], StringComparison.Ordinal);
        Assert.Equal(2, first.Count(line => line.Contains("jammed", StringComparison.Ordinal)));
        Assert.Equal("  1.0 s  desk: closed", first[^2]);
    }

    /// <summary>The part of the output that does not come from the thread pool.</summary>
    private static async Task<string[]> StepByStepAsync(int seed)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Cete.Samples.Actors.dll");
        var start = new ProcessStartInfo("dotnet", [program, $"{seed}"]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .SkipWhile(line => !line.StartsWith("Step by step", StringComparison.Ordinal))];
    }
}
