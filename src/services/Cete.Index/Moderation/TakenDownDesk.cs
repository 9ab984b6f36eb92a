using Cete.Core;
using Cete.Ports;

namespace Cete.Index.Moderation;

/// <summary>Answers nodes that have no replica of the index: which contents were taken down.</summary>
/// <param name="index">The index of this node.</param>
/// <param name="clock">The time.</param>
public sealed class TakenDownDesk(IndexService index, TimeProvider clock)
{
    /// <summary>Whoever asks is answered after so long, if there is nothing new.</summary>
    private static readonly TimeSpan NewsWait = TimeSpan.FromSeconds(4);

    /// <summary>The index applies much that is not moderation: it is looked at no more often.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Answers a request of <see cref="FabricTopic.TakenDown"/>.</summary>
    public async ValueTask<Outcome<ReadOnlyMemory<byte>>> AnswerAsync(FabricRequest request, CancellationToken cancellation)
    {
        if (request.Peer is null)
        {
            return new Failure(FailureKind.Forbidden, "only nodes of the community ask which contents were taken down");
        }

        var after = TakenDownCodec.ReadQuestion(request.Body);
        return TakenDownCodec.Write(after.Succeeded ? await NewsAsync(after.Value, cancellation) : after.Failure);
    }

    /// <summary>Completes when the index may have something new, or after a while.</summary>
    /// <param name="index">It.</param>
    /// <param name="clock">The time.</param>
    /// <param name="atMost">After so long in any case.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task WaitAsync(IndexService index, TimeProvider clock, TimeSpan atMost, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(atMost, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            await index.WaitForAppliedAsync(index.Status.Applied, either.Token);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            // Its time is up, or the group took no question just now.
        }

        await Task.Delay(Pause, clock, cancellation);
    }

    private async Task<Outcome<TakenDownPage>> NewsAsync(long after, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            var page = await index.Local.TakenDownSinceAsync(after, cancellation);
            if (!page.Succeeded || page.Value.End > after || after == 0 || clock.GetElapsedTime(began) >= NewsWait)
            {
                return page;
            }

            await WaitAsync(index, clock, NewsWait - clock.GetElapsedTime(began), cancellation);
        }
    }
}

/// <summary>What a node without a replica of the index is told of contents that were taken down: it asks nodes that have one.</summary>
/// <param name="fabric">To those.</param>
/// <param name="nodes">Who has a replica, the one to ask first in front.</param>
public sealed class RemoteTakenDown(IFabric fabric, Func<IReadOnlyList<KeyId>> nodes)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(8);
    private const int TriesMax = 3;

    /// <summary>What changed behind an act; it waits some seconds for news.</summary>
    public async Task<Outcome<TakenDownPage>> SinceAsync(long after, CancellationToken cancellation)
    {
        var failure = new Failure(FailureKind.Unavailable, "no node of the community that keeps the index is to be reached");
        foreach (var node in nodes().Take(TriesMax))
        {
            var answer = await fabric.AskAsync(node, FabricTopic.TakenDown, TakenDownCodec.Ask(after), Deadline, cancellation);
            var page = answer.Succeeded ? TakenDownCodec.ReadPage(answer.Value) : answer.Failure;
            if (page.Succeeded)
            {
                return page;
            }

            failure = page.Failure;
        }

        return failure;
    }
}
