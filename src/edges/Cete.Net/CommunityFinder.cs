using Cete.Api;
using Cete.Core;
using Cete.Ports;

namespace Cete.Net;

/// <summary>How a client asks one node, without going to another when that is gone.</summary>
internal delegate Task<Outcome<T>> AskNode<T>(Uri node, string path, CancellationToken cancellation);

/// <summary>
/// Finds a community again when the node that a client knows is gone: any other one that the client ever heard of will do. Who answers at such an
/// address must sign as a node of that community first, since addresses change hands over the years.
/// </summary>
internal sealed class CommunityFinder(IServerBook book, AskNode<IdentityAnswer> identity, AskNode<ServersAnswer> servers, TimeProvider clock)
{
    /// <summary>Nodes of a community that are remembered.</summary>
    internal const int NodesMax = 1_000;

    private const int AddressesMax = 4;

    /// <summary>Characters of a name or an address that is remembered; DNS has 253.</summary>
    private const int TextMax = 300;

    private const int AskedMax = 16;
    private const int AtOnce = 16;
    private static readonly TimeSpan Stagger = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SearchDeadline = TimeSpan.FromMinutes(1);

    /// <summary>Keeps the server list of a node that told of a version that is not known here; not, when it is told to end first.</summary>
    public async Task KeepAsync(Uri node, string version, CancellationToken cancellation)
    {
        try
        {
            if (book.Knows(node, version) || await CommunityOfAsync(node, cancellation) is not { } community)
            {
                return;
            }

            var list = await servers(node, Routes.Servers, cancellation);
            if (list is { Succeeded: true, Value: { Community.Length: <= TextMax, Version.Length: <= TextMax, Services: not null, Nodes: not null } told }
                && told.CommunityId == community)
            {
                book.Keep(Merge(book.Find(community), told, node, clock.GetUtcNow()));
            }
        }
        catch (OperationCanceledException)
        {
            // A slow node; the next command learns it.
        }
    }

    /// <summary>Another node of the community that a node belonged to; null if none is known that answers.</summary>
    public async Task<Uri?> FindAsync(Uri gone, CancellationToken cancellation)
    {
        if (book.Of(gone) is not { } known)
        {
            return null;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stop.CancelAfter(SearchDeadline);
        var candidates = new Queue<Uri>(Candidates(known, gone));
        List<Task<Uri?>> asked = [];
        while (candidates.Count > 0 || asked.Count > 0)
        {
            if (candidates.Count > 0 && asked.Count < AtOnce)
            {
                asked.Add(TryAsync(candidates.Dequeue(), known.Id, stop.Token));
            }

            // A node that is there answers within the pause; one that is not must not hold up the next.
            var next = Task.WhenAny(asked);
            var isOver = candidates.Count == 0 || asked.Count == AtOnce || await IsDoneWithinAsync(next, stop.Token);
            if (!isOver)
            {
                continue;
            }

            var done = await next;
            asked.Remove(done);
            if (await done is { } found)
            {
                await stop.CancelAsync();
                await Task.WhenAll(asked);
                return found;
            }
        }

        cancellation.ThrowIfCancellationRequested();
        return null;
    }

    /// <summary>What is known after a list came: its nodes in its order, then those of earlier ones, the last seen first.</summary>
    internal static KnownCommunity Merge(KnownCommunity? before, ServersAnswer list, Uri asked, DateTimeOffset now)
    {
        var serving = list.Services.SelectMany(service => service?.Servers ?? []).Select(server => server?.Node).Distinct().ToList();
        var nodes = list.Nodes
            .Where(node => node is { State: "alive" or "suspect", Id.Length: <= TextMax, Name.Length: <= TextMax, Addresses.Count: > 0 }
                && node.Addresses.Take(AddressesMax).All(address => address is { Length: <= TextMax }))
            .OrderBy(node => serving.IndexOf(node.Id) is >= 0 and var place ? place : int.MaxValue)
            .Select(node => new KnownNode(node.Id, node.Name, [.. node.Addresses.Take(AddressesMax)], now))
            .ToList();
        var listed = nodes.Select(node => node.Id).ToHashSet();
        var earlier = (before?.Nodes ?? []).Where(node => !listed.Contains(node.Id)).OrderByDescending(node => node.Seen);
        var address = asked.ToString();
        return new KnownCommunity(
            list.CommunityId, list.Community, list.Version,
            [.. (before?.Asked ?? []).Where(known => known != address).Prepend(address).Take(AskedMax)],
            [.. nodes.Concat(earlier).Take(NodesMax)]);
    }

    /// <summary>Never from https to plain http.</summary>
    private static IEnumerable<Uri> Candidates(KnownCommunity known, Uri gone) =>
        known.Nodes.SelectMany(node => node.Addresses).Concat(known.Asked).Distinct()
            .Select(address => Uri.TryCreate(address, UriKind.Absolute, out var there) ? there : null)
            .OfType<Uri>()
            .Where(there => there != gone && (there.Scheme == Uri.UriSchemeHttps || (there.Scheme == Uri.UriSchemeHttp && gone.Scheme == Uri.UriSchemeHttp)));

    private static async Task<bool> IsDoneWithinAsync(Task work, CancellationToken cancellation)
    {
        try
        {
            await work.WaitAsync(Stagger, TimeProvider.System, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    private async Task<Uri?> TryAsync(Uri there, string community, CancellationToken cancellation) =>
        await CommunityOfAsync(there, cancellation) == community ? there : null;

    /// <summary>The community as a node of which whoever is at an address can sign.</summary>
    private async Task<string?> CommunityOfAsync(Uri node, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(AnswerDeadline);
        var challenge = IdentityProof.NewChallenge();
        try
        {
            var answer = await identity(node, IdentityProof.Ask(challenge), patience.Token);
            return answer.Succeeded ? IdentityProof.CommunityOf(answer.Value, challenge, clock) : null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
