namespace Cete.Net.Swarms;

/// <summary>
/// How many parts of contents are sent to peers at a time: fewer at once are there sooner, and can be passed on sooner. Who comes when all are taken waits
/// for a while, in the order of coming. For several callers at once.
/// </summary>
/// <param name="max">Slots.</param>
/// <param name="clock">The time here.</param>
public sealed class UploadSlots(int max, TimeProvider clock) : IDisposable
{
    /// <summary>Who waits longer is told to come again, or to go elsewhere.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(5);

    /// <summary>Those who wait, for each slot.</summary>
    private const int WaitingPerSlot = 8;

    private readonly SemaphoreSlim _slots = new(max);
    private int _waiting;

    /// <summary>All that there are.</summary>
    public int Max { get; } = max;

    /// <summary>Those that are free.</summary>
    public int Free => _slots.CurrentCount;

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();

    /// <summary>Gives a slot back.</summary>
    internal void Leave() => _slots.Release();

    /// <summary>Takes a slot; false where there was none in time.</summary>
    internal async Task<bool> EnterAsync(CancellationToken gone)
    {
        if (Interlocked.Increment(ref _waiting) > Max * WaitingPerSlot)
        {
            Interlocked.Decrement(ref _waiting);
            return false;
        }

        using var late = new CancellationTokenSource(WaitMax, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gone, late.Token);
        try
        {
            await _slots.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
