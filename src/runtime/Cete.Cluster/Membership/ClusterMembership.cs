using Cete.Actors;
using Cete.Core;
using Cete.Membership;
using Cete.Ports;

namespace Cete.Cluster.Membership;

/// <summary>Who is in the community now: the membership of this node, driven by an actor over the fabric. For several callers at once.</summary>
public sealed class ClusterMembership : IFabricWatcher
{
    private const int MailboxCapacity = 65_536;
    private readonly Lock _gate = new();
    private readonly List<Action<ClusterView>> _watchers = [];
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RecordCodec _records;
    private readonly ActorRef<MembershipCommand> _actor;
    private volatile ClusterView _view;

    /// <summary>Starts it; the fabric's messages of its topic are to be handed to <see cref="Take"/>.</summary>
    public ClusterMembership(ActorSystem system, MembershipParts parts)
    {
        _records = parts.Records;
        _view = new ClusterView(parts.Signer.Id, []);
        var own = parts with
        {
            OnLeft = () =>
            {
                _left.TrySetResult();
                parts.OnLeft();
            },
        };
        _actor = system.Spawn("membership", () => new MembershipActor(own, Publish), new ActorOptions { MailboxCapacity = MailboxCapacity });
    }

    /// <summary>The newest view.</summary>
    public ClusterView View => _view;

    /// <summary>Calls <paramref name="watcher"/> with each new view, in order, beginning with this one; it must neither block nor throw.</summary>
    public void Watch(Action<ClusterView> watcher)
    {
        lock (_gate)
        {
            _watchers.Add(watcher);
            watcher(_view);
        }
    }

    /// <summary>Takes a message that came over the fabric.</summary>
    public void Take(FabricPeer peer, ReadOnlyMemory<byte> body)
    {
        if (MembershipCodec.Read(body.Span, _records) is { Succeeded: true } message)
        {
            Tell(new MembershipInput.Received(peer.Id, message.Value));
        }
    }

    /// <summary>A node of the community was found at an address: what it knows is asked for.</summary>
    public void Join(KeyId peer) => Tell(new MembershipInput.Join(peer));

    /// <summary>The nodes that the community removed, all of them.</summary>
    public void Remove(IReadOnlySet<KeyId> nodes) => Tell(new MembershipInput.Removed(nodes));

    /// <summary>Changes what this node says of itself.</summary>
    public void Change(Func<NodeFacts, NodeFacts> with) => _actor.Tell(new MembershipCommand.Change(with));

    /// <summary>Says it anew, with the certificate of now.</summary>
    public void AnnounceAgain() => _actor.Tell(new MembershipCommand.Again());

    /// <summary>Tells the others that this node goes; completes when enough of them were told.</summary>
    public Task LeaveAsync(TimeSpan deadline, TimeProvider clock)
    {
        Tell(MembershipInput.Leave.Instance);
        return Task.WhenAny(_left.Task, Task.Delay(deadline, clock));
    }

    public void OnConnected(FabricPeer peer) => Tell(new MembershipInput.Connected(peer.Id));

    public void OnDisconnected(KeyId peer, Failure? failure) =>
        Tell(failure is null ? new MembershipInput.Disconnected(peer) : new MembershipInput.Unreachable(peer));

    public void OnUnreachable(KeyId peer, Failure failure) => Tell(new MembershipInput.Unreachable(peer));

    private void Tell(MembershipInput input) => _actor.Tell(new MembershipCommand.Input(input));

    private void Publish(ClusterView view)
    {
        lock (_gate)
        {
            _view = view;
            foreach (var watcher in _watchers)
            {
                watcher(view);
            }
        }
    }
}
