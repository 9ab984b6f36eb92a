using System.Net.Sockets;
using Cete.Core;
using Cete.Ports;

namespace Cete.Net.Fabric.Reach;

/// <summary>
/// Tells members whether they are reached at addresses of theirs, by dialing those afresh. A member might name addresses of others, to look
/// around or to have them flooded: so there are few dials, each ends before a message is said, and the answer is yes or no.
/// </summary>
/// <param name="options">The fabric's.</param>
public sealed class ReachDesk(FabricOptions options)
{
    /// <summary>Questions that are answered at once.</summary>
    private const int AtOnceMax = 8;

    /// <summary>Questions answered in <see cref="Span"/>: a community of 1,000 asks about 200 times in that.</summary>
    private const int InSpanMax = 60;

    private static readonly TimeSpan Span = TimeSpan.FromMinutes(1);

    /// <summary>Time from one question of a member to the next.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>How long the dialing for one question may take.</summary>
    private static readonly TimeSpan DialingMax = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Queue<(long At, KeyId Asker)> _recent = new();
    private int _atOnce;

    /// <summary>Answers a request of the topic <see cref="FabricTopic.Reachability"/>.</summary>
    public async ValueTask<Outcome<ReadOnlyMemory<byte>>> AnswerAsync(FabricRequest request, CancellationToken cancellation)
    {
        var addresses = ReachMessages.ReadQuestion(request.Body);
        if (!addresses.Succeeded)
        {
            return addresses.Failure;
        }

        var asker = request.Peer!.Id;
        if (!TryBegin(asker))
        {
            return new Failure(FailureKind.Unavailable, "this node was asked too often just now; ask again later, or another");
        }

        try
        {
            using var limit = new CancellationTokenSource(DialingMax, options.Clock);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            var reached = await Task.WhenAll(addresses.Value.Select(address => ReachesAsync(asker, address, both.Token)));
            return Outcome.Of<ReadOnlyMemory<byte>>(ReachMessages.Answer(reached));
        }
        finally
        {
            lock (_gate)
            {
                _atOnce--;
            }
        }
    }

    private bool TryBegin(KeyId asker)
    {
        lock (_gate)
        {
            while (_recent.TryPeek(out var oldest) && options.Clock.GetElapsedTime(oldest.At) >= Span)
            {
                _recent.Dequeue();
            }

            if (_atOnce >= AtOnceMax || _recent.Count >= InSpanMax
                || _recent.Any(recent => recent.Asker == asker && options.Clock.GetElapsedTime(recent.At) < Pause))
            {
                return false;
            }

            _recent.Enqueue((options.Clock.GetTimestamp(), asker));
            _atOnce++;
            return true;
        }
    }

    private async Task<bool> ReachesAsync(KeyId asker, string address, CancellationToken cancellation)
    {
        try
        {
            var socket = await FabricSockets.ConnectAsync(address, options.DialMax, options.UserTimeout, options.Clock, cancellation);
            return socket.Succeeded
                && await FabricHandshake.TryAsync(new NetworkStream(socket.Value, ownsSocket: true), asker, options, cancellation) is null;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
