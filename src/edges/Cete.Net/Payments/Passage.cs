using Cete.Ports.Payments;

namespace Cete.Net.Payments;

/// <summary>A request that passed the toll, while it is answered.</summary>
/// <param name="admission">What the till said.</param>
/// <param name="first">Held by those who come first; null in the last place, and where there is none.</param>
/// <param name="last">The last place, where nobody pays; else null.</param>
internal sealed class Passage(Admission admission, IDisposable? first = null, LastPlaces.Place? last = null) : IDisposable
{
    /// <summary>Where nothing is asked for.</summary>
    public static readonly Passage Free = new(default);

    /// <summary>Why it does not pass; null where it does.</summary>
    public Admission Admission { get; } = admission;

    /// <summary>Bytes that are sent without waiting for the next turn.</summary>
    public int ChunkMax { get; } = last is null ? int.MaxValue : Ledger.Channels.LastPlace.ChunkBytes;

    /// <summary>Done when the next chunk may be sent: at once, but in the last place.</summary>
    public Task TurnAsync(CancellationToken cancellation) => last?.TurnAsync(cancellation) ?? Task.CompletedTask;

    /// <summary>So many of the bytes were not sent after all.</summary>
    public void Unsent(long bytes) => Admission.Unsent?.Invoke(bytes);

    public void Dispose()
    {
        first?.Dispose();
        last?.Dispose();
    }
}
