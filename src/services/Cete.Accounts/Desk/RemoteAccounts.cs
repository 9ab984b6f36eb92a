using Cete.Core;
using Cete.Ports;

namespace Cete.Accounts;

/// <summary>What a node without a replica of the accounts knows of them: it asks nodes that have one, the next when one does not answer.</summary>
/// <param name="fabric">To those.</param>
/// <param name="nodes">Who has a replica, the one to ask first in front.</param>
public sealed class RemoteAccounts(IFabric fabric, Func<IReadOnlyList<KeyId>> nodes)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(8);
    private const int TriesMax = 3;

    /// <summary>What a session's secret is worth now.</summary>
    public async Task<Outcome<SessionFacts>> SessionAsync(string secret, CancellationToken cancellation) =>
        SessionSecret.HashOf(secret) is { } hash
            ? (await AskAsync(DeskCodec.AskSession(hash), DeskCodec.ReadSession, cancellation))
            : AccountsService.NoSession;

    /// <summary>What accounts may do whose standing changed behind a version; it waits some seconds for news.</summary>
    public Task<Outcome<StandingsPage>> StandingsAsync(long since, CancellationToken cancellation) =>
        AskAsync(DeskCodec.AskStandings(since), DeskCodec.ReadStandings, cancellation);

    private async Task<Outcome<T>> AskAsync<T>(
        ReadOnlyMemory<byte> request, Func<ReadOnlyMemory<byte>, Outcome<T>> read, CancellationToken cancellation)
    {
        var failure = new Failure(FailureKind.Unavailable, "no node of the community that keeps its accounts is to be reached; try again in a moment");
        foreach (var node in nodes().Take(TriesMax))
        {
            var answer = await fabric.AskAsync(node, FabricTopic.Accounts, request, Deadline, cancellation);
            var found = answer.Succeeded ? read(answer.Value) : answer.Failure;
            if (found.Failure is not { Kind: FailureKind.Unavailable or FailureKind.NotFound or FailureKind.Damaged } later)
            {
                return found;
            }

            failure = later;
        }

        return failure;
    }
}
