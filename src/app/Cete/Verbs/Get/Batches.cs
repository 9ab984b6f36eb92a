using Cete.Swarm;

namespace Cete.App.Verbs.Get;

/// <summary>Puts small files of one source together, so that they can be fetched in one answer; other files stand alone.</summary>
internal static class Batches
{
    private const int CountMax = 256;
    private const long BytesMax = 4 * 1024 * 1024;

    public static async IAsyncEnumerable<IReadOnlyList<Wanted>> OfAsync(IAsyncEnumerable<Wanted> files)
    {
        List<Wanted> batch = [];
        long bytes = 0;
        await foreach (var wanted in files)
        {
            if (!IsSmall(wanted))
            {
                yield return [wanted];
                continue;
            }

            if (batch.Count > 0 && (batch.Count == CountMax || bytes + wanted.Manifest.Length > BytesMax || batch[0].Sources[0] != wanted.Sources[0]))
            {
                yield return batch;
                (batch, bytes) = ([], 0);
            }

            batch.Add(wanted);
            bytes += wanted.Manifest.Length;
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    private static bool IsSmall(Wanted wanted) =>
        wanted.Manifest.PieceCount == 1 && wanted.Manifest.Length <= PieceLengths.Shortest && wanted.Sources.Count > 0
        && wanted.Sources[0].Scheme != PeerAddress.Scheme;
}
