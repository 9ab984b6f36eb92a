namespace Cete.Benchmarks.Swarms;

/// <summary>Programs that tell nothing are looked at from time to time.</summary>
internal static class Pause
{
    public static async Task ForAsync(TimeSpan time)
    {
        using var timer = new PeriodicTimer(time, TimeProvider.System);
        await timer.WaitForNextTickAsync();
    }
}
