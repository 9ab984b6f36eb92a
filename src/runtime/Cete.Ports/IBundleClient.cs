using Cete.Core;

namespace Cete.Ports;

/// <summary>Fetches many small contents from one peer at once.</summary>
public interface IBundleClient
{
    /// <summary>
    /// Asks <paramref name="source"/> for contents of one piece each and hands over those that came and verified, by their number in
    /// <paramref name="roots"/>; what is not handed over did not come. Null at the end of the answer, else why it ended early. Never throws for what
    /// a source does.
    /// </summary>
    /// <param name="source">Base address.</param>
    /// <param name="roots">The contents.</param>
    /// <param name="take">Is given the number and the bytes, which are its own only until it is done.</param>
    /// <param name="cancellation">Stops it.</param>
    Task<Failure?> FetchAsync(Uri source, IReadOnlyList<Hash256> roots, Func<int, ReadOnlyMemory<byte>, Task> take, CancellationToken cancellation);
}
