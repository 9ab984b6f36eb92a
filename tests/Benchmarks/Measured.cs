using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Cete.Benchmarks;

/// <summary>What BenchmarkDotNet has measured of one class, in this process: nothing is built or fetched for it.</summary>
internal sealed class Measured
{
    private readonly Summary _summary;

    private Measured(Summary summary) => _summary = summary;

    /// <summary>Rounds that are long already: each is one call.</summary>
    public static Measured Rounds<TBenchmarks>() => Run<TBenchmarks>(
        Job.Default.WithStrategy(RunStrategy.Monitoring).WithInvocationCount(1).WithUnrollFactor(1).WithWarmupCount(10).WithIterationCount(15));

    /// <summary>Calls that are short: as many of them as take a tenth of a second are one iteration.</summary>
    public static Measured Calls<TBenchmarks>() => Run<TBenchmarks>(
        Job.Default.WithStrategy(RunStrategy.Throughput).WithIterationTime(TimeInterval.FromMilliseconds(100)).WithWarmupCount(10)
            .WithIterationCount(15));

    /// <summary>The median nanoseconds of one operation.</summary>
    /// <param name="method">The benchmark.</param>
    /// <param name="parameter">The value of its only parameter, if it has one.</param>
    public double Nanoseconds(string method, object? parameter = null) => Find(method, parameter).ResultStatistics!.Median;

    /// <summary>The nanoseconds of one operation in the fastest iteration: for a figure that nothing is measured beside.</summary>
    /// <param name="method">The benchmark; it has no parameter.</param>
    public double Fastest(string method) => Find(method, null).ResultStatistics!.Min;

    /// <summary>The bytes that one operation has allocated.</summary>
    /// <param name="method">The benchmark.</param>
    /// <param name="parameter">The value of its only parameter, if it has one.</param>
    public double Bytes(string method, object? parameter = null)
    {
        var memory = Find(method, parameter).GcStats;
        return memory.GetTotalAllocatedBytes(excludeAllocationQuantumSideEffects: true)!.Value / (double)memory.TotalOperations;
    }

    private static Measured Run<TBenchmarks>(Job job)
    {
        Console.Error.WriteLine($"{typeof(TBenchmarks).Name} ...");
        job = job.WithToolchain(InProcessEmitToolchain.Instance);
        var config = ManualConfig.CreateEmpty().AddJob(job).AddDiagnoser(MemoryDiagnoser.Default).AddLogger(NullLogger.Instance)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), $"cete-bench-{Environment.ProcessId}"));
        var summary = BenchmarkRunner.Run<TBenchmarks>(config);
        if (summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success))
        {
            throw new InvalidOperationException(
                $"{typeof(TBenchmarks).Name} failed: {string.Join("; ", summary.ValidationErrors.Select(error => error.Message))}");
        }

        return new Measured(summary);
    }

    private BenchmarkReport Find(string method, object? parameter) => _summary.Reports.Single(
        report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name == method
            && (parameter is null || report.BenchmarkCase.Parameters.Items.Single().Value.Equals(parameter)));
}
