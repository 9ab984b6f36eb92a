using Cete.Cluster.Membership;
using Cete.Cluster.Proto;
using Cete.Core;
using Cete.Ports;
using Cete.Trust;
using Google.Protobuf;

namespace Cete.Cluster.Rosters;

/// <summary>What a keeper of the roster is made of.</summary>
public sealed record RosterParts
{
    /// <summary>The node's identity of now, whose certificate shows whether it may sign a roster.</summary>
    public required Func<NodeIdentity> Identity { get; init; }

    public required CertificateVerifier Verifier { get; init; }

    public required ISignatureCheck Signatures { get; init; }

    /// <summary>Understands the bytes of a roster.</summary>
    public required Func<ReadOnlyMemory<byte>, Outcome<RosterFacts>> Read { get; init; }

    /// <summary>Keeps the newest signed roster for the next start.</summary>
    public required Action<ReadOnlyMemory<byte>> Save { get; init; }
}

/// <summary>
/// The roster on every node: whom the community removed is refused here, whatever certificate it shows. It spreads by itself: each node
/// says which version it knows, and whoever sees a newer one asks for it. For several callers at once.
/// </summary>
public sealed class RosterKeeper(RosterParts parts)
{
    /// <summary>The role of the nodes that keep the roster, hence may sign it.</summary>
    public const string SignerRole = "tracker";

    private const string Purpose = "roster";

    /// <summary>Members that are asked for a newer roster in turn.</summary>
    private const int AskedMax = 5;

    /// <summary>Bytes of a roster, as it was last, that do not hold up probes.</summary>
    private const int ControlBytesMax = 64 * 1024;

    private static readonly TimeSpan AskDeadline = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private volatile Kept? _kept;
    private int _asking;

    private sealed record Kept(RosterFacts Facts, byte[] SignedBytes);

    /// <summary>Called after each newer roster, outside of any lock.</summary>
    public Action<RosterFacts> Changed { get; set; } = _ => { };

    /// <summary>What is known; null before the first.</summary>
    public RosterFacts? Facts => _kept?.Facts;

    /// <summary>The newest roster with its signature; empty before the first.</summary>
    public ReadOnlyMemory<byte> SignedBytes => _kept?.SignedBytes;

    /// <summary>Why a node with a good certificate is refused all the same; null lets it in.</summary>
    public Failure? Refuses(PeerCertificate peer)
    {
        if (_kept?.Facts is not { } roster)
        {
            return null;
        }

        if (roster.Removed.TryGetValue(peer.Node, out var reason))
        {
            return new Failure(
                FailureKind.Forbidden,
                $"node {peer.Node} was removed from the community{(reason.Length > 0 ? $": {reason}" : string.Empty)}; an administrator can readmit it");
        }

        // An issuer that is not listed is one that the root key made since: the chain shows it, and a recovered community begins with one.
        return roster.RemovedIssuers.Contains(peer.Issuer)
            ? new Failure(FailureKind.Forbidden, $"the certificate of node {peer.Node} is by {peer.Issuer}, which may issue none any more; ask for a new one")
            : null;
    }

    /// <summary>Whether certificates by this key count no longer.</summary>
    public bool IsRemovedIssuer(KeyId issuer) => _kept?.Facts.RemovedIssuers.Contains(issuer) == true;

    /// <summary>The roster in what was signed; that the signature counts is not looked at.</summary>
    public static Outcome<ReadOnlyMemory<byte>> Unwrap(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return ProtobufBytes.Read(SignedRoster.Parser, bytes.Span).Roster.Memory;
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return new Failure(FailureKind.Damaged, "it is no signed roster");
        }
    }

    /// <summary>Verifies a certificate that came without its issuer's, and holds it against the roster.</summary>
    public Outcome<PeerCertificate> Verify(ReadOnlyMemory<byte> leaf)
    {
        var own = parts.Identity().Issued.Issuing;
        var verified = parts.Verifier.Verify(leaf, [own]);
        if (!verified.Succeeded && _kept?.Facts is { } roster)
        {
            foreach (var issuer in roster.Issuers.Values)
            {
                verified = parts.Verifier.Verify(leaf, [issuer]);
                if (verified.Succeeded)
                {
                    break;
                }
            }
        }

        return verified.Succeeded && Refuses(verified.Value) is { } refusal ? refusal : verified;
    }

    /// <summary>Signs a roster that this node keeps, and makes it known.</summary>
    public Outcome<bool> Publish(ReadOnlyMemory<byte> roster)
    {
        var identity = parts.Identity();
        var signed = new SignedRoster
        {
            Roster = UnsafeByteOperations.UnsafeWrap(roster),
            Signature = UnsafeByteOperations.UnsafeWrap(identity.Key.Sign(Purpose, identity.Community, roster.Span)),
            Certificate = UnsafeByteOperations.UnsafeWrap(identity.Issued.Node),
            Issuing = UnsafeByteOperations.UnsafeWrap(identity.Issued.Issuing),
        };
        return Take(signed.ToByteArray());
    }

    /// <summary>Takes a signed roster up if it is newer; true if it was.</summary>
    public Outcome<bool> Take(ReadOnlyMemory<byte> bytes)
    {
        SignedRoster signed;
        try
        {
            signed = ProtobufBytes.Read(SignedRoster.Parser, bytes.Span);
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return new Failure(FailureKind.Invalid, "it is no signed roster");
        }

        var read = parts.Read(signed.Roster.Memory);
        if (!read.Succeeded)
        {
            return read.Failure;
        }

        if (read.Value.Version <= (_kept?.Facts.Version ?? 0))
        {
            return false;
        }

        if (CheckSigner(signed, read.Value) is { } failure)
        {
            return failure;
        }

        lock (_gate)
        {
            if (read.Value.Version <= (_kept?.Facts.Version ?? 0))
            {
                return false;
            }

            _kept = new Kept(read.Value, bytes.ToArray());
            parts.Save(bytes);
        }

        Changed(read.Value);
        return true;
    }

    /// <summary>Answers "what is newer than this?".</summary>
    public Outcome<ReadOnlyMemory<byte>> Answer(ReadOnlyMemory<byte> request)
    {
        try
        {
            var asked = ProtobufBytes.Read(RosterRequest.Parser, request.Span);
            return _kept is { } kept && kept.Facts.Version > asked.Version ? kept.SignedBytes : ReadOnlyMemory<byte>.Empty;
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return new Failure(FailureKind.Invalid, "it does not ask for a roster");
        }
    }

    /// <summary>Looks whether members know a newer roster, and asks them then. One question at a time: the next view asks again.</summary>
    public void Watch(ClusterView view, IFabric fabric)
    {
        if (view.Present.Any(member => member.Id != view.Self && IsNewer(member)) && Interlocked.Exchange(ref _asking, 1) == 0)
        {
            // A member that claims the greatest of versions and has none would be the only one asked, for ever; those who keep the roster know it.
            var asked = view.Present.Where(member => member.Id != view.Self && IsNewer(member))
                .OrderByDescending(member => member.Certificate.Roles.Contains(SignerRole)).ThenByDescending(member => member.Facts.RosterVersion);
            _ = AskAsync([.. asked.Take(AskedMax)], fabric);
        }
    }

    private bool IsNewer(ClusterMember member) => member.Facts.RosterVersion > (_kept?.Facts.Version ?? 0);

    private async Task AskAsync(IReadOnlyList<ClusterMember> members, IFabric fabric)
    {
        try
        {
            foreach (var member in members.Where(IsNewer))
            {
                var request = new RosterRequest { Version = _kept?.Facts.Version ?? 0 }.ToByteArray();

                // A connection for bulk costs a handshake, which a small roster is not worth.
                var lane = SignedBytes.Length <= ControlBytesMax ? FabricLane.Control : FabricLane.Bulk;
                var answer = await fabric.AskAsync(member.Id, FabricTopic.Roster, request, AskDeadline, CancellationToken.None, lane);
                if (answer is { Succeeded: true, Value.Length: > 0 })
                {
                    Take(answer.Value);
                }
            }
        }
        finally
        {
            Volatile.Write(ref _asking, 0);
        }
    }

    private Failure? CheckSigner(SignedRoster signed, RosterFacts roster)
    {
        var community = parts.Verifier.Community;
        var signer = parts.Verifier.Verify(signed.Certificate.Memory, [signed.Issuing.Memory]);
        if (!signer.Succeeded)
        {
            return signer.Failure;
        }

        if (roster.Community != community || !signer.Value.Roles.Contains(SignerRole)
            || !parts.Signatures.Verify(signer.Value.PublicKey.Span, Purpose, community, signed.Roster.Span, signed.Signature.Span))
        {
            return new Failure(FailureKind.Forbidden, "the roster was not signed by a node of this community that keeps it");
        }

        return Refuses(signer.Value);
    }
}
