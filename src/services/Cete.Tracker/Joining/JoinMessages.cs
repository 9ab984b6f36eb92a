using Cete.Core;
using Cete.Ports;
using Cete.Tracker.Proto;
using Cete.Trust;
using Google.Protobuf;

namespace Cete.Tracker.Joining;

/// <summary>What a node that was let in is given.</summary>
/// <param name="Issued">Its certificate.</param>
/// <param name="SignedRoster">The roster with its signature.</param>
/// <param name="Community">Name of the community.</param>
/// <param name="Owner">The account that the node belongs to; may be empty.</param>
/// <param name="Trackers">Where nodes are that can let one in; only in the answer of one that cannot.</param>
public sealed record JoinedNode(
    IssuedCertificate Issued, ReadOnlyMemory<byte> SignedRoster, string Community, string Owner, IReadOnlyList<string> Trackers);

/// <summary>What is said when a node joins, as bytes.</summary>
public static class JoinMessages
{
    private const int TrackersMax = 16;

    /// <summary>The request of a node.</summary>
    public static byte[] Ask(JoinToken token, ReadOnlyMemory<byte> signingRequest, string name) => new JoinRequest
    {
        Token = ByteString.CopyFrom(Convert.FromHexString(token.Id)),
        Secret = ByteString.CopyFrom(token.Secret),
        SigningRequest = UnsafeByteOperations.UnsafeWrap(signingRequest),
        Name = name,
    }.ToByteArray();

    /// <summary>"Who can let me in?" To a node that cannot do it itself no token is shown.</summary>
    public static byte[] AskWhere() => new JoinRequest().ToByteArray();

    /// <summary>Whether somebody asks no more than that.</summary>
    public static bool AsksWhere(ReadOnlyMemory<byte> request) => request.Length == 0;

    /// <summary>Tells where.</summary>
    public static byte[] TellWhere(IEnumerable<string> trackers) => new JoinAnswer { Trackers = { trackers.Take(TrackersMax) } }.ToByteArray();

    /// <summary>Reads the answer; nothing in it is verified yet.</summary>
    public static Outcome<JoinedNode> Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var answer = ProtobufBytes.Read(JoinAnswer.Parser, bytes.Span);
            return new JoinedNode(
                new IssuedCertificate(answer.Certificate.Memory, answer.Issuing.Memory), answer.Roster.Memory, EntryName.Show(answer.Community),
                EntryName.Show(answer.Owner), [.. answer.Trackers.Take(TrackersMax)]);
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return new Failure(FailureKind.Invalid, "the node's answer to joining is none");
        }
    }
}
