namespace Cete.Testing;

/// <summary>Waits for a condition, not for time: the bound is only there so that a failure ends the test.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public static async Task HoldsAsync(Func<bool> condition, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var pause = new PeriodicTimer(Pause, TimeProvider.System);
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Bound, $"in {Bound.TotalSeconds} s it did not come true that {what}");
            await pause.WaitForNextTickAsync();
        }
    }
}
