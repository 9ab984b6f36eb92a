using Cete.Accounts;
using Cete.Cluster;
using Cete.Core;
using Cete.Groups;
using Cete.Ports;

namespace Cete.App.Compose.Community;

/// <summary>
/// What a node knows of its community's accounts: from its own replica, or from nodes that have one. Made before the node's groups, whose commands
/// it stamps; follows the accounts from <see cref="Follow"/> on.
/// </summary>
internal sealed class NodeAccounts : IAsyncDisposable
{
    /// <summary>A node that cannot tell what changed asks again after so long.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Whoever was suspended has a guest's rights after so long, also where the news of it was lost.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(8);

    private readonly CancellationTokenSource _stopping = new();
    private readonly PasswordHasher _hasher = new();
    private readonly bool _keeps;
    private Func<bool> _hasAccounts;
    private RemoteAccounts? _remote;
    private Task _following = Task.CompletedTask;

    /// <param name="keeps">The node has the role, hence a replica.</param>
    public NodeAccounts(bool keeps)
    {
        _keeps = keeps;
        _hasAccounts = () => keeps;
        Book = new StandingBook(() => _hasAccounts());
    }

    /// <summary>What is known of all accounts.</summary>
    public StandingBook Book { get; }

    /// <summary>The accounts; null on a node without a replica.</summary>
    public AccountsService? Service { get; private set; }

    /// <summary>Starts the replica, on a node that has the role.</summary>
    public void Host(Node node, GroupOrigin origin, KeyId community)
    {
        if (_keeps)
        {
            Service = new AccountsService(node.Host(AccountsService.Name, new AccountsMachine(community), origin), _hasher, TimeProvider.System, community);
        }
    }

    /// <summary>Follows them from now on.</summary>
    /// <param name="fabric">To nodes that keep them.</param>
    /// <param name="nodes">Who does.</param>
    /// <param name="isKept">Whether any node of the community is to keep them.</param>
    public void Follow(IFabric fabric, Func<IReadOnlyList<KeyId>> nodes, Func<bool> isKept)
    {
        _hasAccounts = () => _keeps || isKept();
        _remote = new RemoteAccounts(fabric, nodes);
        _following = Service is { } service
            ? Book.FollowAsync(
                (since, stop) => service.StandingsAsync(since, stop), stop => WaitAsync(service, stop), _stopping.Token)
            : FollowOthersAsync(_remote);
    }

    /// <summary>Whose a session is. One that was opened elsewhere a moment ago may not have come here yet.</summary>
    public async Task<Outcome<SessionFacts>> FindSessionAsync(string secret, CancellationToken cancellation)
    {
        if (Service is not { } service)
        {
            return _remote is { } remote ? await remote.SessionAsync(secret, cancellation)
                : new Failure(FailureKind.Unavailable, "this node is starting; try again in a moment");
        }

        var here = await service.SessionAsync(secret, cancellation);
        return here.Failure is { Kind: FailureKind.Unauthenticated } && SessionSecret.HashOf(secret) is not null
            ? await service.SessionAsync(secret, cancellation, ReadLevel.Linearizable)
            : here;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _following;
        _hasher.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Until something was applied, but never for long: a look that failed is to be made again, whether anything happens or not.</summary>
    private static async Task WaitAsync(AccountsService service, CancellationToken stop)
    {
        if (service.Status is not { IsOpen: true, Level: > 0, Applied: > 0 } status)
        {
            await Task.Delay(Pause / 10, TimeProvider.System, stop);
            return;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(WaitMax);
        try
        {
            await service.WaitForAppliedAsync(status.Applied, patience.Token);
        }
        catch (Exception error) when (error is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            // Its time is up, or the group took no question just now: it is looked at again, after a moment where that failed at once.
            await Task.Delay(Pause / 10, TimeProvider.System, stop);
        }
    }

    private async Task FollowOthersAsync(RemoteAccounts remote)
    {
        try
        {
            // A community without accounts is not asked for them; it may have some later.
            while (!_hasAccounts())
            {
                await Task.Delay(Pause, TimeProvider.System, _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }

        // Whoever is asked waits for news itself; the pause is for when nobody answers.
        await Book.FollowAsync(
            remote.StandingsAsync,
            stop => Task.Delay(Book.IsKnown ? Pause / 4 : Pause / 2, TimeProvider.System, stop),
            _stopping.Token);
    }
}
