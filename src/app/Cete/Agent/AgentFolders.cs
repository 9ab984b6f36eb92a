using Cete.App.Verbs;
using Cete.Core;
using Cete.Net;
using Cete.Net.Agent;
using Cete.Net.Tls;
using Cete.Ports.Folders;
using Cete.Storage.Local;
using Cete.Transfer.Jobs;
using Cete.Transfer.Shares;
using Cete.Transfer.Subscriptions;
using Microsoft.AspNetCore.Routing;

namespace Cete.App.Agent;

/// <summary>What an agent does for its user's folders: it follows those of communities, and shares his own.</summary>
internal sealed class AgentFolders : IAsyncDisposable
{
    private readonly SubscriptionBook _subscriptions;
    private readonly SubscriptionKeeper _keeper;
    private readonly ShareBook _shares;
    private readonly ShareKeeper _sharer;

    /// <param name="place">Where the agent lives.</param>
    /// <param name="queue">Its downloads.</param>
    /// <param name="key">The agent's key.</param>
    public AgentFolders(AgentPlace place, JobQueue queue, Func<KeyId> key)
    {
        _shares = new ShareBook(place.Shares);
        _sharer = new ShareKeeper(new ShareParts(_shares, new SharerDisk(), OpenTarget, key, TimeProvider.System));
        _subscriptions = new SubscriptionBook(place.Subscriptions);
        _keeper = new SubscriptionKeeper(new SubscriptionParts(
            _subscriptions, new SubscriberDisk(TimeProvider.System), Open, queue, new ThenRunner(), TimeProvider.System));
    }

    /// <summary>Nothing keeps the agent from ending.</summary>
    public bool IsIdle => _keeper.Active == 0 && _sharer.Active == 0;

    /// <summary>What the user shares, to be served.</summary>
    public ISharedFiles Shared => _sharer;

    /// <summary>Adds what is known here to what the agent tells of itself.</summary>
    public AgentInfo Tell(AgentInfo info) => info with { Subscriptions = _keeper.Active, Shares = _sharer.Active };

    /// <summary>Answers on the agent's socket.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        SubscriptionServer.Map(routes, new Subscriptions(_keeper));
        ShareServer.Map(routes, new Shares(_sharer));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _sharer.DisposeAsync();
        await _keeper.DisposeAsync();
        _shares.Dispose();
        _subscriptions.Dispose();
    }

    private static Outcome<IFolderNews> Open(SubscriptionRequest request) =>
        Connect(request.Node, request.Trust).Then<IFolderNews>(node => new NodeFolderNews(node));

    private static Outcome<IShareTarget> OpenTarget(ShareRequest request) =>
        Connect(request.Node, request.Trust).Then<IShareTarget>(node => new NodeShareTarget(node));

    private static Outcome<NodeClient> Connect(string node, string? trust)
    {
        var read = trust is null ? TlsTrust.OfSystem : TlsTrust.Read(trust);
        return read.Then(known => Common.Connect(new Uri(node), known));
    }

    /// <summary>The sharer, as clients of the agent see it.</summary>
    private sealed class Shares(ShareKeeper keeper) : IShares
    {
        public Outcome<IReadOnlyList<ShareInfo>> All() => keeper.All().Then<IReadOnlyList<ShareInfo>>(all => [.. all.Select(ToInfo)]);

        public async Task<Outcome<ShareInfo>> AddAsync(ShareRequest request) => (await keeper.AddAsync(request)).Then(ToInfo);

        public async Task<Outcome<ShareInfo>> PauseAsync(long id, bool isPaused) => (await keeper.PauseAsync(id, isPaused)).Then(ToInfo);

        public async Task<Outcome<ShareInfo>> RemoveAsync(long id) => (await keeper.RemoveAsync(id)).Then(ToInfo);

        public Outcome<IReadOnlyList<SharedFile>> Newest(long id, int countMax) => keeper.Newest(id, countMax);

        private static ShareInfo ToInfo(ShareStatus status)
        {
            var (now, counts) = (status.Share, status.Counts);
            var state = now.IsLeaving ? "leaving" : now.IsPaused ? "paused" : now.Problem is null ? "active" : "waiting";
            long Count(SharedState shared) => counts.Files.GetValueOrDefault(shared);
            return new ShareInfo(
                now.Id, state, now.Request.Folder, now.Request.To, Count(SharedState.Filed), counts.Bytes,
                Count(SharedState.Found) + Count(SharedState.Hashed) + Count(SharedState.Gone), Count(SharedState.Failed), now.Added, now.Walked, now.Problem);
        }
    }

    /// <summary>The keeper, as clients of the agent see it.</summary>
    private sealed class Subscriptions(SubscriptionKeeper keeper) : ISubscriptions
    {
        public Outcome<IReadOnlyList<SubscriptionInfo>> All() =>
            keeper.All().Then<IReadOnlyList<SubscriptionInfo>>(all => [.. all.Select(ToInfo)]);

        public async Task<Outcome<SubscriptionInfo>> AddAsync(SubscriptionRequest request) => (await keeper.AddAsync(request)).Then(ToInfo);

        public async Task<Outcome<SubscriptionInfo>> PauseAsync(long id, bool isPaused) => (await keeper.PauseAsync(id, isPaused)).Then(ToInfo);

        public async Task<Outcome<SubscriptionInfo>> RemoveAsync(long id) => (await keeper.RemoveAsync(id)).Then(ToInfo);

        public Outcome<IReadOnlyList<SubscribedFile>> Newest(long id, int countMax) => keeper.Newest(id, countMax);

        private static SubscriptionInfo ToInfo(SubscriptionStatus status)
        {
            var (now, files) = (status.Subscription, status.Files);
            var state = now.IsPaused ? "paused" : now.Problem?.StartsWith("it waits", StringComparison.Ordinal) == true ? "waiting"
                : now.HasListed ? "active" : "listing";
            long Count(WantedState wanted) => files.GetValueOrDefault(wanted);
            return new SubscriptionInfo(
                now.Id, state, now.Folder, now.Request.To, now.Request.Words, Count(WantedState.There), Count(WantedState.Wanted) + Count(WantedState.Queued),
                Count(WantedState.Failed), Count(WantedState.Noted), Count(WantedState.Gone), now.Added, now.Heard, now.Problem, now.Request);
        }
    }
}
