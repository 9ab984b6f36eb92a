using Cete.Actors;
using Cete.Core;
using Cete.Ports;
using Cete.Swarm;
using Cete.Transfer.Swarms;

namespace Cete.Transfer;

/// <summary>What is to be fetched, from whom, and into what.</summary>
/// <param name="Manifest">The content.</param>
/// <param name="Sources">Base addresses of those who have it.</param>
/// <param name="Target">Where its pieces go; the caller keeps it open until the end.</param>
/// <param name="Patience">How long nothing may come from anybody.</param>
public sealed record DownloadOrder(Manifest Manifest, IReadOnlyList<Uri> Sources, IContentFile Target, TimeSpan Patience)
{
    /// <summary>Tells of sources as they come and go, in the place of <see cref="Sources"/>; null for those alone.</summary>
    public INeighbourhood? Neighbours { get; init; }

    /// <summary>Is told who gave how many bytes; null where nobody wants to know.</summary>
    public Action<Uri, int>? Gave { get; init; }

    /// <summary>Tells which pieces somebody waits for; null where nobody ever does.</summary>
    public UrgentPieces? Urgent { get; init; }

    /// <summary>Of its chance: peers that choose alike get in each other's way.</summary>
    public ulong Seed { get; init; }
}

/// <summary>Runs downloads, each driven by an actor of its own.</summary>
public sealed class Downloader(ActorSystem system, IContentClient client)
{
    private int _count;

    /// <summary>Fetches what is missing. Success: every piece is there and verified. Cancelling leaves what came.</summary>
    public async Task<Outcome<bool>> DownloadAsync(DownloadOrder order, Action<int> taken, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<Outcome<bool>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = system.Spawn(
            $"download-{Interlocked.Increment(ref _count)}",
            () => new DownloadActor(order, client, taken, done),
            new ActorOptions { MailboxCapacity = PieceLengths.CountMax * 4 });
        await using var stop = cancellation.Register(() => actor.Tell(new DownloadMessage.Cancel()));
        return await done.Task;
    }
}
