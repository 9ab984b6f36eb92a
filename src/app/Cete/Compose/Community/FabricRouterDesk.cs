using Cete.Accounts;
using Cete.App.Compose.Caching;
using Cete.Bank;
using Cete.Cluster.Membership;
using Cete.Core;
using Cete.Index.Moderation;
using Cete.Index.Swarms;
using Cete.Net.Fabric;
using Cete.Ports;
using Cete.Tracker;
using Cete.Tracker.Joining;

namespace Cete.App.Compose.Community;

/// <summary>Answers those who want to join, and members that want a new certificate; a node that cannot tells who can.</summary>
internal sealed class FabricRouterDesk
{
    private volatile JoinDesk? _desk;
    private volatile IssuingKeys? _keys;
    private volatile GroupDesk? _groups;
    private volatile AccountsDesk? _accounts;
    private volatile BankDesk? _bank;
    private volatile SwarmService? _swarms;
    private volatile TakenDownDesk? _takenDown;
    private volatile WantedDesk? _wanted;
    private volatile TicketDesk? _tickets;

    /// <summary>Set once the roster is at hand, on a node that keeps it.</summary>
    public JoinDesk? Desk
    {
        get => _desk;
        set => _desk = value;
    }

    /// <summary>Set once the roster is at hand, on a node that keeps it.</summary>
    public IssuingKeys? Keys
    {
        get => _keys;
        set => _keys = value;
    }

    /// <summary>Set once the roster is at hand, on a node that keeps it.</summary>
    public GroupDesk? Groups
    {
        get => _groups;
        set => _groups = value;
    }

    /// <summary>Set on a node that keeps the accounts.</summary>
    public AccountsDesk? Accounts
    {
        get => _accounts;
        set => _accounts = value;
    }

    /// <summary>Set on a node that keeps the bank.</summary>
    public BankDesk? Bank
    {
        get => _bank;
        set => _bank = value;
    }

    /// <summary>Set on a node that keeps the index.</summary>
    public SwarmService? Swarms
    {
        get => _swarms;
        set => _swarms = value;
    }

    /// <summary>Set on a node that keeps the index.</summary>
    public TakenDownDesk? TakenDown
    {
        get => _takenDown;
        set => _takenDown = value;
    }

    /// <summary>Set on a node that keeps the index.</summary>
    public WantedDesk? Wanted
    {
        get => _wanted;
        set => _wanted = value;
    }

    /// <summary>Set on a node that keeps the accounts.</summary>
    public TicketDesk? Tickets
    {
        get => _tickets;
        set => _tickets = value;
    }

    public void Map(FabricRouter router, Func<ClusterView> view)
    {
        router.OnRequest(FabricTopic.Join, async (request, stop) =>
        {
            if (!JoinMessages.AsksWhere(request.Body))
            {
                return _desk is { } desk
                    ? await desk.AdmitAsync(request.Body, stop)
                    : new Failure(FailureKind.NotFound, "this node issues no certificates; another one with the role tracker may");
            }

            var trackers = view().Present.Where(member => member.Certificate.Roles.Contains("tracker")).SelectMany(member => member.Facts.Fabric);
            return Outcome.Of<ReadOnlyMemory<byte>>(JoinMessages.TellWhere(trackers));
        });
        router.OnRequest(FabricTopic.IssuingKey, async (request, stop) =>
            _keys is { } keys ? await keys.TakeAsync(request, stop) : new Failure(FailureKind.Unavailable, "this node does not keep the roster, or not yet"));
        router.OnRequest(FabricTopic.Founding, async (request, stop) =>
            _groups is { } groups
                ? await groups.AnswerAsync(request, stop)
                : new Failure(FailureKind.Unavailable, "this node does not keep the roster, or not yet"));
        router.OnRequest(FabricTopic.Accounts, async (request, stop) =>
            _accounts is { } accounts
                ? await accounts.AnswerAsync(request, stop)
                : new Failure(FailureKind.NotFound, "this node does not keep the accounts"));
        router.OnRequest(FabricTopic.Bank, async (request, stop) =>
            _bank is { } bank
                ? await bank.AnswerAsync(request, stop)
                : new Failure(FailureKind.Unavailable, "this node does not keep the bank"));
        router.OnRequest(FabricTopic.Swarm, async (request, stop) =>
            _swarms is { } swarms
                ? await swarms.AnswerAsync(request, stop)
                : new Failure(FailureKind.NotFound, "this node does not keep the index"));
        router.OnRequest(FabricTopic.Holdings, (request, _) => new(
            _swarms is { } swarms
                ? swarms.AnswerHoldings(request)
                : new Failure(FailureKind.NotFound, "this node does not keep the index")));
        router.OnRequest(FabricTopic.TakenDown, async (request, stop) =>
            _takenDown is { } desk
                ? await desk.AnswerAsync(request, stop)
                : new Failure(FailureKind.NotFound, "this node does not keep the index"));
        router.OnRequest(FabricTopic.Wanted, async (request, stop) =>
            _wanted is { } wanted
                ? await wanted.AnswerAsync(request, stop)
                : new Failure(FailureKind.NotFound, "this node does not keep the index"));
        router.OnRequest(FabricTopic.Ticket, (request, _) => new(
            _tickets is { } tickets ? tickets.Answer(request) : new Failure(FailureKind.NotFound, "this node does not keep the accounts")));
        router.OnRequest(FabricTopic.Renewal, async (request, stop) =>
            _desk is { } desk
                ? await desk.RenewAsync(request.Peer, request.Body, stop)
                : new Failure(FailureKind.Unavailable, "this node issues no certificates; ask one with the role tracker"));
    }
}
