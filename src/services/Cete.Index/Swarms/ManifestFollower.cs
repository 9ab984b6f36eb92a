using Cete.Core;
using Cete.Swarm;

namespace Cete.Index.Swarms;

/// <summary>
/// Has a node with the index know the manifest of every content in it, wherever the content itself is: who has a content can give it to others only as long as
/// somebody can say what it is.
/// </summary>
/// <param name="index">Contents of more than one piece, behind a number.</param>
/// <param name="isHere">Whether a content is here itself, or its manifest.</param>
/// <param name="keep">Takes a manifest.</param>
/// <param name="ask">Asks other nodes with the index.</param>
/// <param name="clock">The time here.</param>
public sealed class ManifestFollower(
    Func<long, int, CancellationToken, Task<Outcome<List<(long Number, Hash256 Root)>>>> index, Func<Hash256, bool> isHere,
    Func<Manifest, Outcome<bool>> keep, Func<Hash256, CancellationToken, Task<Outcome<Manifest>>> ask, TimeProvider clock)
{
    /// <summary>
    /// Manifests that nobody had when they were asked for and that are asked for again, later each time; more are given up until the next start.
    /// </summary>
    internal const int MissingMax = 10_000;

    private const int PageMax = 500;
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryFirst = TimeSpan.FromMinutes(1);
    private const int DoublingsMax = 9;

    private readonly PriorityQueue<(Hash256 Root, int Tries), DateTimeOffset> _missing = new();
    private long _after;

    /// <summary>Manifests that are asked for again.</summary>
    public int Missing => _missing.Count;

    /// <summary>Looks until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                if (!await LookAsync(stop))
                {
                    await Task.Delay(LookInterval, clock, stop);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    /// <summary>Looks once at what is new; true where there is more.</summary>
    public async Task<bool> LookAsync(CancellationToken stop)
    {
        var page = await index(_after, PageMax, stop);
        foreach (var (number, root) in page.Succeeded ? page.Value : [])
        {
            await TakeAsync(root, 0, stop);
            _after = number;
        }

        for (var left = PageMax; left > 0 && _missing.TryPeek(out var missing, out var at) && at <= clock.GetUtcNow(); left--)
        {
            _missing.Dequeue();
            await TakeAsync(missing.Root, missing.Tries, stop);
        }

        return page is { Succeeded: true, Value.Count: PageMax };
    }

    private async Task TakeAsync(Hash256 root, int tries, CancellationToken stop)
    {
        if (isHere(root))
        {
            return;
        }

        var found = await ask(root, stop);
        if (!(found.Succeeded && keep(found.Value).Succeeded) && _missing.Count < MissingMax)
        {
            _missing.Enqueue((root, tries + 1), clock.GetUtcNow() + (RetryFirst * (1 << Math.Min(tries, DoublingsMax))));
        }
    }
}
