namespace Cete.Benchmarks.Groups;

/// <summary>Processor time of three nodes with many groups that nobody asks for anything.</summary>
internal static class IdleGroups
{
    private const int Count = 500;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(20);

    public static async Task RunAsync(Report report, string folder)
    {
        var none = await MeasureAsync(Path.Combine(folder, "one"), 1);
        var many = await MeasureAsync(Path.Combine(folder, "many"), Count);
        report.Note("a node with 1 idle group, of a core", none, "%");
        report.AtMost($"a node with {Count} idle groups, of a core", many, 2, "%");
    }

    private static async Task<double> MeasureAsync(string folder, int groups)
    {
        await using var nodes = new GroupNodes(folder, 3, groups);
        await KeyValueNodes.StartAllAsync(nodes);
        using var timer = new PeriodicTimer(Settling);
        await timer.WaitForNextTickAsync();
        timer.Period = Watched;
        var used = nodes.Used;
        await timer.WaitForNextTickAsync();
        return 100 * (nodes.Used - used) / Watched / nodes.Count;
    }
}
