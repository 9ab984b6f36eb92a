using Cete.Core;
using Cete.Net.Fabric.Tunnels;
using Cete.Ports;

namespace Cete.Net.Fabric;

/// <summary>Who hears which messages. Filled before the fabric starts.</summary>
public sealed class FabricRouter
{
    private readonly Dictionary<FabricTopic, Action<FabricPeer, ReadOnlyMemory<byte>>> _messages = [];
    private readonly Dictionary<FabricTopic, Func<FabricRequest, CancellationToken, ValueTask<Outcome<ReadOnlyMemory<byte>>>>> _requests = [];

    /// <summary>Whoever hears what happens to the ways to others.</summary>
    public IFabricWatcher? Watcher { get; set; }

    /// <summary>The fabric's own: it needs to know over which connection a message came.</summary>
    internal TunnelHub? Tunnels { get; set; }

    /// <summary>Hands messages of a topic to <paramref name="take"/>, which must neither block nor throw.</summary>
    public void OnMessage(FabricTopic topic, Action<FabricPeer, ReadOnlyMemory<byte>> take) => _messages.Add(topic, take);

    /// <summary>Has requests of a topic answered by <paramref name="answer"/>.</summary>
    public void OnRequest(FabricTopic topic, Func<FabricRequest, CancellationToken, ValueTask<Outcome<ReadOnlyMemory<byte>>>> answer) =>
        _requests.Add(topic, answer);

    internal void Take(FabricTopic topic, FabricPeer peer, ReadOnlyMemory<byte> body)
    {
        // An unknown topic is that of a newer node, which does without an answer.
        if (_messages.TryGetValue(topic, out var take))
        {
            take(peer, body);
        }
    }

    internal ValueTask<Outcome<ReadOnlyMemory<byte>>> AnswerAsync(FabricTopic topic, FabricRequest request, CancellationToken cancellation)
    {
        if (request.Peer is null && topic is not (FabricTopic.Join or FabricTopic.Renewal))
        {
            return new(new Failure(FailureKind.Forbidden, "without a certificate of the community only a certificate can be asked for"));
        }

        return _requests.TryGetValue(topic, out var answer)
            ? answer(request, cancellation)
            : new(new Failure(FailureKind.Invalid, $"this node does not know requests of topic {(int)topic}; it may be older or newer than yours"));
    }
}
