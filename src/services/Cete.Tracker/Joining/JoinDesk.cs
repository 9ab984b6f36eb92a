using Cete.Core;
using Cete.Groups;
using Cete.Ports;
using Cete.Tracker.Proto;
using Cete.Trust;
using Google.Protobuf;

namespace Cete.Tracker.Joining;

/// <summary>
/// Lets nodes in and renews their certificates, on a node that keeps the roster and holds an issuing key. The roster decides, then the key
/// signs, then the roster notes what was signed.
/// </summary>
/// <param name="tracker">The roster.</param>
/// <param name="authority">The issuing key.</param>
/// <param name="self">Acts for this node.</param>
/// <param name="signedRoster">The newest roster with its signature.</param>
/// <param name="clock">What time it is.</param>
public sealed class JoinDesk(
    TrackerService tracker, IssuingAuthority authority, Asker self, Func<ReadOnlyMemory<byte>> signedRoster, TimeProvider clock)
{
    /// <summary>Answers a request to join.</summary>
    public async Task<Outcome<ReadOnlyMemory<byte>>> AdmitAsync(ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        JoinRequest request;
        try
        {
            request = ProtobufBytes.Read(JoinRequest.Parser, body.Span);
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return new Failure(FailureKind.Invalid, "it is no request to join");
        }

        if (request.Token.Length != JoinToken.IdSize || request.Secret.Length != JoinToken.SecretSize)
        {
            return new Failure(FailureKind.Invalid, "the request to join names no token");
        }

        // The key is looked at before a use of the token is spent on it.
        var node = NodeKey.IdOf(request.SigningRequest.Span);
        if (!node.Succeeded)
        {
            return node.Failure;
        }

        var admitted = await tracker.AdmitAsync(
            new TokenId(request.Token.Span), Hash256.Of(request.Secret.Span), node.Value, request.Name, self, null, cancellation);
        if (!admitted.Succeeded)
        {
            return admitted.Failure;
        }

        var issued = await IssueAsync(node.Value, request.SigningRequest.Memory, admitted.Value.Roles, cancellation);
        if (!issued.Succeeded)
        {
            return issued.Failure;
        }

        var community = await tracker.CommunityAsync(cancellation);
        return community.Then(known => (ReadOnlyMemory<byte>)new JoinAnswer
        {
            Certificate = UnsafeByteOperations.UnsafeWrap(issued.Value.Node),
            Issuing = UnsafeByteOperations.UnsafeWrap(issued.Value.Issuing),
            Roster = UnsafeByteOperations.UnsafeWrap(signedRoster()),
            Community = known.Name,
            Owner = admitted.Value.Owner,
        }.ToByteArray());
    }

    /// <summary>
    /// Answers a member that asks for a new certificate: with the roles that the roster gives it by now. The signing request shows that it has the
    /// node's key; whoever replays one gets a certificate for a key that he has not.
    /// </summary>
    public async Task<Outcome<ReadOnlyMemory<byte>>> RenewAsync(FabricPeer? peer, ReadOnlyMemory<byte> signingRequest, CancellationToken cancellation)
    {
        var key = NodeKey.IdOf(signingRequest.Span);
        if (!key.Succeeded)
        {
            return key.Failure;
        }

        if (peer is not null && key.Value != peer.Id)
        {
            return new Failure(FailureKind.Forbidden, "a node can ask for a certificate for its own key alone");
        }

        var node = await tracker.NodeAsync(key.Value, cancellation);
        if (!node.Succeeded)
        {
            return node.Failure;
        }

        if (node.Value.Node.IsRemoved)
        {
            return new Failure(FailureKind.Forbidden, $"node {key.Value} was removed from the community; an administrator can readmit it");
        }

        var issued = await IssueAsync(key.Value, signingRequest, node.Value.Node.Roles, cancellation);
        return issued.Then(certificate => (ReadOnlyMemory<byte>)new JoinAnswer
        {
            Certificate = UnsafeByteOperations.UnsafeWrap(certificate.Node),
            Issuing = UnsafeByteOperations.UnsafeWrap(certificate.Issuing),
        }.ToByteArray());
    }

    private async Task<Outcome<IssuedCertificate>> IssueAsync(
        KeyId node, ReadOnlyMemory<byte> signingRequest, IReadOnlyList<string> roles, CancellationToken cancellation)
    {
        var set = RoleSet.From(roles);
        var issued = set.Succeeded ? authority.Issue(signingRequest.Span, set.Value, Instant.From(clock.GetUtcNow())) : set.Failure;
        if (!issued.Succeeded)
        {
            return issued.Failure;
        }

        var facts = new CertificateVerifier(authority.Community, clock).Verify(issued.Value);
        if (!facts.Succeeded)
        {
            return facts.Failure;
        }

        var noted = await tracker.RecordCertificateAsync(
            node, new CertificateRecord(Convert.FromHexString(facts.Value.Serial), facts.Value.Issuer, facts.Value.NotAfter), self, null, cancellation);
        return noted.Succeeded ? issued : noted.Failure;
    }
}
