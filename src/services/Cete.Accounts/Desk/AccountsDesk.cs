using Cete.Core;
using Cete.Ports;

namespace Cete.Accounts;

/// <summary>Answers nodes that have no replica of the accounts: whose a session is, and what accounts may do.</summary>
/// <param name="service">The accounts of this node.</param>
/// <param name="clock">The time.</param>
public sealed class AccountsDesk(AccountsService service, TimeProvider clock)
{
    /// <summary>Whoever follows the standings is answered after so long, if there is nothing new; half of what an effect may take.</summary>
    private static readonly TimeSpan NewsWait = TimeSpan.FromSeconds(4);

    /// <summary>Answers a request of <see cref="FabricTopic.Accounts"/>.</summary>
    public async ValueTask<Outcome<ReadOnlyMemory<byte>>> AnswerAsync(FabricRequest request, CancellationToken cancellation)
    {
        if (request.Peer is null)
        {
            return new Failure(FailureKind.Forbidden, "only nodes of the community ask about its accounts");
        }

        return DeskCodec.ReadRequest(request.Body) switch
        {
            { Session: { } hash } => DeskCodec.Write(await service.SessionOfAsync(hash, cancellation)),
            { Since: { } since } => DeskCodec.Write(await NewsAsync(since, cancellation)),
            _ => new Failure(FailureKind.Invalid, "a question about accounts that makes no sense"),
        };
    }

    private async Task<Outcome<StandingsPage>> NewsAsync(long since, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(NewsWait);
        var began = clock.GetTimestamp();
        while (true)
        {
            // Asked before it is read: what comes between the two is not missed.
            var more = service.WaitForAppliedAsync(service.Status.Applied, patience.Token);
            var page = await service.StandingsAsync(since, cancellation);
            if (!page.Succeeded || page.Value.Version > since || since == 0 || clock.GetElapsedTime(began) >= NewsWait)
            {
                return page;
            }

            try
            {
                await more;
            }
            catch (OperationCanceledException)
            {
                cancellation.ThrowIfCancellationRequested();
                return page;
            }
        }
    }
}
