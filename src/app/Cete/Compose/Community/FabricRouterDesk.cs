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

/// <summary>
/// Answers those who want to join, and members; a node that does not keep what is asked for says so. What answers is set once it is at hand, a whole
/// object at once: who asks a moment before is told that it is not there.
/// </summary>
internal sealed class FabricRouterDesk
{
    private static readonly Failure NoRoster = new(FailureKind.Unavailable, "this node does not keep the roster, or not yet");
    private static readonly Failure NoAccounts = new(FailureKind.NotFound, "this node does not keep the accounts");
    private static readonly Failure NoBank = new(FailureKind.Unavailable, "this node does not keep the bank");
    private static readonly Failure NoIndex = new(FailureKind.NotFound, "this node does not keep the index");

    /// <summary>Set once the roster is at hand, on a node that keeps it.</summary>
    public JoinDesk? Desk { get; set; }

    /// <summary>Set once the roster is at hand, on a node that keeps it.</summary>
    public IssuingKeys? Keys { get; set; }

    /// <summary>Set once the roster is at hand, on a node that keeps it.</summary>
    public GroupDesk? Groups { get; set; }

    /// <summary>Set on a node that keeps the accounts.</summary>
    public AccountsDesk? Accounts { get; set; }

    /// <summary>Set on a node that keeps the bank.</summary>
    public BankDesk? Bank { get; set; }

    /// <summary>Set on a node that keeps the index.</summary>
    public SwarmService? Swarms { get; set; }

    /// <summary>Set on a node that keeps the index.</summary>
    public TakenDownDesk? TakenDown { get; set; }

    /// <summary>Set on a node that keeps the index.</summary>
    public WantedDesk? Wanted { get; set; }

    /// <summary>Set on a node that keeps the accounts.</summary>
    public TicketDesk? Tickets { get; set; }

    public void Map(FabricRouter router, Func<ClusterView> view)
    {
        router.OnRequest(FabricTopic.Join, async (request, stop) =>
        {
            if (!JoinMessages.AsksWhere(request.Body))
            {
                return Desk is { } desk
                    ? await desk.AdmitAsync(request.Body, stop)
                    : new Failure(FailureKind.NotFound, "this node issues no certificates; another one with the role tracker may");
            }

            var trackers = view().Present.Where(member => member.Certificate.Roles.Contains("tracker")).SelectMany(member => member.Facts.Fabric);
            return Outcome.Of<ReadOnlyMemory<byte>>(JoinMessages.TellWhere(trackers));
        });
        On(FabricTopic.IssuingKey, () => Keys, NoRoster, (keys, request, stop) => keys.TakeAsync(request, stop));
        On(FabricTopic.Founding, () => Groups, NoRoster, (groups, request, stop) => groups.AnswerAsync(request, stop));
        On(FabricTopic.Accounts, () => Accounts, NoAccounts, (accounts, request, stop) => accounts.AnswerAsync(request, stop));
        On(FabricTopic.Bank, () => Bank, NoBank, (bank, request, stop) => bank.AnswerAsync(request, stop));
        On(FabricTopic.Swarm, () => Swarms, NoIndex, (swarms, request, stop) => swarms.AnswerAsync(request, stop));
        On(FabricTopic.Holdings, () => Swarms, NoIndex, (swarms, request, _) => new(swarms.AnswerHoldings(request)));
        On(FabricTopic.TakenDown, () => TakenDown, NoIndex, (desk, request, stop) => desk.AnswerAsync(request, stop));
        On(FabricTopic.Wanted, () => Wanted, NoIndex, (wanted, request, stop) => wanted.AnswerAsync(request, stop));
        On(FabricTopic.Ticket, () => Tickets, NoAccounts, (tickets, request, _) => new(tickets.Answer(request)));
        router.OnRequest(FabricTopic.Renewal, async (request, stop) =>
            Desk is { } desk
                ? await desk.RenewAsync(request.Peer, request.Body, stop)
                : new Failure(FailureKind.Unavailable, "this node issues no certificates; ask one with the role tracker"));

        void On<T>(
            FabricTopic topic, Func<T?> keeper, Failure without, Func<T, FabricRequest, CancellationToken, ValueTask<Outcome<ReadOnlyMemory<byte>>>> answer)
            where T : class =>
            router.OnRequest(topic, (request, stop) => keeper() is { } here ? answer(here, request, stop) : new(without));
    }
}
