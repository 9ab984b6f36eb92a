using Cete.Core;
using Cete.Tracker.Proto;
using Cete.Trust;
using Google.Protobuf;

namespace Cete.Tracker.Joining;

/// <summary>What a node that was let in is given.</summary>
/// <param name="Issued">Its certificate.</param>
/// <param name="SignedRoster">The roster with its signature.</param>
/// <param name="Community">Name of the community.</param>
/// <param name="Owner">The account that the node belongs to; may be empty.</param>
public sealed record JoinedNode(IssuedCertificate Issued, ReadOnlyMemory<byte> SignedRoster, string Community, string Owner);

/// <summary>What is said when a node joins, as bytes.</summary>
public static class JoinMessages
{
    /// <summary>The request of a node.</summary>
    public static byte[] Ask(JoinToken token, ReadOnlyMemory<byte> signingRequest, string name) => new JoinRequest
    {
        Token = ByteString.CopyFrom(Convert.FromHexString(token.Id)),
        Secret = ByteString.CopyFrom(token.Secret),
        SigningRequest = UnsafeByteOperations.UnsafeWrap(signingRequest),
        Name = name,
    }.ToByteArray();

    /// <summary>Reads the answer; nothing in it is verified yet.</summary>
    public static Outcome<JoinedNode> Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var answer = JoinAnswer.Parser.ParseFrom(bytes.Span);
            return new JoinedNode(
                new IssuedCertificate(answer.Certificate.Memory, answer.Issuing.Memory), answer.Roster.Memory, EntryName.Show(answer.Community),
                EntryName.Show(answer.Owner));
        }
        catch (InvalidProtocolBufferException)
        {
            return new Failure(FailureKind.Invalid, "the node's answer to joining is none");
        }
    }
}
