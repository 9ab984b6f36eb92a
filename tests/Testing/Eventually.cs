namespace Cete.Testing;

/// <summary>Waits for a condition, not for time: the bound is only there so that a failure ends the test.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public static Task TrueAsync(Func<bool> condition, string what, TimeSpan? bound = null) =>
        TrueAsync(() => Task.FromResult(condition()), what, bound);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? bound = null)
    {
        var (began, limit) = (TimeProvider.System.GetTimestamp(), bound ?? Bound);
        using var pause = new PeriodicTimer(Pause, TimeProvider.System);
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < limit, $"in {limit.TotalSeconds} s it did not come true that {what}");
            await pause.WaitForNextTickAsync();
        }
    }
}
