using Cete.Benchmarks;

// Ratios against limits that are measured in the same run: absolute figures of a shared machine say little.
// dotnet run --project tests/Benchmarks -c Release [-- hashing|program|index [ENTRIES]]
var only = args.Length > 0 ? args[0] : null;
var report = new Report();
if (only is null or "hashing")
{
    await Hashing.RunAsync(report);
}

if (only is null or "program")
{
    await ProgramStart.RunAsync(report);
}

if (only is null or "index")
{
    await Cete.Benchmarks.Index.IndexBenchmark.RunAsync(report, args.Length > 1 ? args[1] : null);
}

return report.Print();
