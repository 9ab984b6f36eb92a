using Cete.Core;
using Cete.Membership;
using Cete.Simulation.World;

namespace Cete.Simulation.Membership;

/// <summary>
/// The control connections of a process, by the rules of the product's fabric: one a pair, opened when there is something to say; of two that both
/// sides began at once the one of the smaller; a pause after a failed try; idle ones of its own making beyond some are closed.
/// </summary>
internal sealed class ControlConnections(SimHost host, KeyId self, Func<KeyId, int?> addressOf, Func<int, KeyId> idAt, Action<MembershipInput> tell)
{
    private const int OwnKept = 128;
    private const int WaitingMax = 256;
    private static readonly TimeSpan IdleMax = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Housekeeping = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RetryMax = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetiredLife = TimeSpan.FromSeconds(2);
    private readonly Dictionary<KeyId, Link> _links = [];
    private readonly List<Link> _inOrder = [];

    public void Start() => host.After(Housekeeping, CloseIdle);

    public bool IsConnected(KeyId peer) => _links.TryGetValue(peer, out var link) && link.Current is not null;

    public void Send(KeyId to, in SimMessage message)
    {
        var link = LinkTo(to);
        link.UsedAt = host.Clock.Monotonic;
        if (link.Current is not null)
        {
            link.Current.Send(message);
        }
        else if (link.Dialing is not null)
        {
            Wait(link, message);
        }
        else if (link.RestUntil <= link.UsedAt && addressOf(to) is { } address)
        {
            Wait(link, message);
            link.Dialing = host.Connect(address);
            link.Dialing.Tag = link;
        }
    }

    public void OnOpened(SimConnection connection)
    {
        var link = connection.IsInitiator ? (Link)connection.Tag! : LinkTo(idAt(connection.Peer));
        var before = link.Current;
        connection.Tag = link;
        (link.Dialing, link.RestUntil, link.Retry) = (null, default, RetryMin);
        link.UsedAt = host.Clock.Monotonic;
        if (before is not null && before.IsInitiator != connection.IsInitiator && before.IsInitiator == self < link.Peer)
        {
            host.After(RetiredLife, connection.Close);
            return;
        }

        link.Current = connection;
        while (link.Waiting.TryDequeue(out var message))
        {
            connection.Send(message);
        }

        if (before is null)
        {
            tell(new MembershipInput.Connected(link.Peer));
        }
        else
        {
            host.After(RetiredLife, before.Close);
        }
    }

    public void OnClosed(SimConnection connection, CloseReason reason)
    {
        if (connection.Tag is not Link link)
        {
            return;
        }

        if (link.Dialing == connection)
        {
            link.Waiting.Clear();
            (link.Dialing, link.RestUntil) = (null, host.Clock.Monotonic + link.Retry);
            link.Retry = link.Retry * 2 > RetryMax ? RetryMax : link.Retry * 2;
            tell(new MembershipInput.Unreachable(link.Peer));
        }
        else if (link.Current == connection)
        {
            link.Current = null;
            tell(reason == CloseReason.Ended ? new MembershipInput.Disconnected(link.Peer) : new MembershipInput.Unreachable(link.Peer));
        }
    }

    private static void Wait(Link link, in SimMessage message)
    {
        if (link.Waiting.Count < WaitingMax)
        {
            link.Waiting.Enqueue(message);
        }
    }

    private void CloseIdle()
    {
        host.After(Housekeeping, CloseIdle);
        var own = _inOrder.Where(link => link.Current is { IsInitiator: true }).ToList();
        var now = host.Clock.Monotonic;
        foreach (var link in own.OrderBy(link => link.UsedAt).Take(own.Count - OwnKept).Where(link => now - link.UsedAt >= IdleMax))
        {
            link.Current!.Close();
            link.Current = null;
            tell(new MembershipInput.Disconnected(link.Peer));
        }
    }

    private Link LinkTo(KeyId peer)
    {
        if (!_links.TryGetValue(peer, out var link))
        {
            _links.Add(peer, link = new Link(peer) { Retry = RetryMin });
            _inOrder.Add(link);
        }

        return link;
    }

    private sealed class Link(KeyId peer)
    {
        public KeyId Peer { get; } = peer;

        public SimConnection? Current { get; set; }

        public SimConnection? Dialing { get; set; }

        public Queue<SimMessage> Waiting { get; } = new();

        public Instant UsedAt { get; set; }

        public Instant RestUntil { get; set; }

        public TimeSpan Retry { get; set; }
    }
}
