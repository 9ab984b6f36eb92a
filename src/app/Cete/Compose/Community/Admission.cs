using Cete.Core;
using Cete.Net.Fabric;
using Cete.Ports;
using Cete.Storage;
using Cete.Tracker.Joining;
using Cete.Trust;

namespace Cete.App.Compose.Community;

/// <summary>How a new node is let into a community by a token.</summary>
internal static class Admission
{
    /// <summary>How long nodes are asked again of which one answered, and none could let this one in just then.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Asks at the addresses in turn, lays down what comes, and says what the node is. Stopped halfway it can be tried again with the same token: the
    /// key is kept, and the roster knows it. The identity is the caller's to dispose.
    /// </summary>
    public static async Task<Outcome<(DataFolderFacts Facts, NodeIdentity Identity)>> JoinAsync(
        string data, JoinToken token, IReadOnlyList<string> addresses, string name, CancellationToken cancellation)
    {
        var clock = TimeProvider.System;
        if (token.CheckTime(Instant.From(clock.GetUtcNow())) is { } late)
        {
            return late;
        }

        var folder = new TrustFolder(data);
        var key = OpenKey(folder);
        if (!key.Succeeded)
        {
            return key.Failure;
        }

        using var own = key.Value;
        var joined = await AskPatientlyAsync(token, JoinMessages.Ask(token, own.CreateSigningRequest(), name), addresses, clock, cancellation);
        if (!joined.Succeeded)
        {
            return joined.Failure;
        }

        var identity = NodeIdentity.Accept(own, token.Community, joined.Value.Issued, Instant.From(clock.GetUtcNow()));
        if (!identity.Succeeded)
        {
            return identity.Failure;
        }

        var failure = folder.Write(TrustFolder.Roster, joined.Value.SignedRoster.Span)
            ?? folder.Write(TrustFolder.Peers, string.Join('\n', addresses))
            ?? folder.Write(TrustFolder.Node, identity.Value.ToPem());
        if (failure is not null)
        {
            identity.Value.Dispose();
            return failure;
        }

        folder.Remove(TrustFolder.Joining);
        return (new DataFolderFacts(DataFolder.Format, joined.Value.Community, own.Id.ToString(), token.Community.ToString(), name), identity.Value);
    }

    private static Outcome<NodeKey> OpenKey(TrustFolder folder)
    {
        var begun = folder.ReadText(TrustFolder.Joining);
        if (!begun.Succeeded)
        {
            return begun.Failure;
        }

        if (begun.Value is { } text)
        {
            return NodeKey.FromPem(text);
        }

        var key = NodeKey.Create();
        return folder.Write(TrustFolder.Joining, key.ToPem()) is { } failure ? failure : key;
    }

    private static async Task<Outcome<JoinedNode>> AskPatientlyAsync(
        JoinToken token, byte[] request, IReadOnlyList<string> addresses, TimeProvider clock, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            var (joined, isThere) = await AskAsync(token, request, addresses, clock, cancellation);
            if (joined.Succeeded || !isThere || joined.Failure.Kind is not (FailureKind.Unavailable or FailureKind.NotFound)
                || clock.GetElapsedTime(began) > Patience)
            {
                return joined;
            }

            await Task.Delay(Pause, clock, cancellation);
        }
    }

    /// <summary>The token is shown to nodes alone that can let one in; others tell where those are. Tells too whether any node answered.</summary>
    private static async Task<(Outcome<JoinedNode> Joined, bool IsThere)> AskAsync(
        JoinToken token, byte[] request, IReadOnlyList<string> addresses, TimeProvider clock, CancellationToken cancellation)
    {
        const int addressesMax = 32;
        var verifier = new CertificateVerifier(token.Community, clock);
        var waiting = new Queue<string>(addresses);
        var tried = new HashSet<string>(StringComparer.Ordinal);
        var isThere = false;
        Failure? last = null;
        while (waiting.TryDequeue(out var address) && tried.Count < addressesMax)
        {
            if (!tried.Add(address))
            {
                continue;
            }

            var connected = await StrangerCall.ConnectAsync(address, verifier, clock, cancellation);
            if (!connected.Succeeded)
            {
                last = connected.Failure;
                continue;
            }

            using var call = connected.Value;
            isThere = true;
            var isTracker = call.Peer.Roles.Contains("tracker");
            var answer = await call.AskAsync(FabricTopic.Join, isTracker ? request : JoinMessages.AskWhere(), cancellation);
            var read = answer.Succeeded ? JoinMessages.Read(answer.Value) : answer.Failure;
            if (isTracker && (read.Succeeded || read.Failure.Kind is not (FailureKind.Unavailable or FailureKind.NotFound)))
            {
                return (read.Succeeded ? read : new Failure(read.Failure.Kind, $"{address} did not let this node in: {read.Failure.Message}"), isThere);
            }

            // Why one that issues could not says more than that another one does not.
            last = read.Failure is { Kind: FailureKind.NotFound } ? last ?? read.Failure
                : read.Failure ?? new Failure(FailureKind.Unavailable, $"{address} cannot let nodes in, and those that can did not answer");
            foreach (var tracker in read.Succeeded ? read.Value.Trackers : [])
            {
                waiting.Enqueue(tracker);
            }
        }

        return (last ?? new Failure(FailureKind.Invalid, "no address of a node of the community is known; name one with --join HOST:PORT"), isThere);
    }
}
