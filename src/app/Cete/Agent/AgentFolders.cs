using Cete.App.Verbs;
using Cete.Core;
using Cete.Net;
using Cete.Net.Agent;
using Cete.Net.Tls;
using Cete.Ports.Folders;
using Cete.Storage.Local;
using Cete.Transfer.Jobs;
using Cete.Transfer.Subscriptions;
using Microsoft.AspNetCore.Routing;

namespace Cete.App.Agent;

/// <summary>What an agent does for its user's folders: it follows those of communities.</summary>
internal sealed class AgentFolders : IAsyncDisposable
{
    private readonly SubscriptionBook _subscriptions;
    private readonly SubscriptionKeeper _keeper;

    /// <param name="place">Where the agent lives.</param>
    /// <param name="queue">Its downloads.</param>
    public AgentFolders(AgentPlace place, JobQueue queue)
    {
        _subscriptions = new SubscriptionBook(place.Subscriptions);
        _keeper = new SubscriptionKeeper(new SubscriptionParts(
            _subscriptions, new SubscriberDisk(TimeProvider.System), Open, queue, new ThenRunner(), TimeProvider.System));
    }

    /// <summary>Nothing keeps the agent from ending.</summary>
    public bool IsIdle => _keeper.Active == 0;

    /// <summary>Adds what is known here to what the agent tells of itself.</summary>
    public AgentInfo Tell(AgentInfo info) => info with { Subscriptions = _keeper.Active };

    /// <summary>Answers on the agent's socket.</summary>
    public void Map(IEndpointRouteBuilder routes) => SubscriptionServer.Map(routes, new Subscriptions(_keeper));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _keeper.DisposeAsync();
        _subscriptions.Dispose();
    }

    private static Outcome<IFolderNews> Open(SubscriptionRequest request)
    {
        var trust = request.Trust is { } text ? TlsTrust.Read(text) : TlsTrust.OfSystem;
        return trust.Succeeded ? new NodeFolderNews(Common.Connect(new Uri(request.Node), trust.Value)) : trust.Failure;
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
