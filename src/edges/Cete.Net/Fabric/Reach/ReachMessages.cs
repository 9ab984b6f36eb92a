using Cete.Core;
using Cete.Net.Fabric.Proto;
using Cete.Ports;
using Google.Protobuf;

namespace Cete.Net.Fabric.Reach;

/// <summary>"Do you reach me at these addresses of mine?", and the answer.</summary>
internal static class ReachMessages
{
    /// <summary>As many as a node's record has.</summary>
    public const int AddressesMax = 4;

    private const int AddressMax = 260;

    /// <summary>Bytes of an answer with room to spare: in so few no length can be told for which the parser would take gigabytes before it looks.</summary>
    private const int AnswerBytesMax = 32;

    public static byte[] Ask(IReadOnlyList<string> addresses) => new ReachQuestion { Addresses = { addresses } }.ToByteArray();

    public static Outcome<IReadOnlyList<string>> ReadQuestion(ReadOnlyMemory<byte> body)
    {
        try
        {
            var addresses = ProtobufBytes.Read(ReachQuestion.Parser, body.Span).Addresses;
            return addresses.Count is 0 or > AddressesMax || addresses.Any(address => address.Length > AddressMax)
                ? new Failure(FailureKind.Invalid, $"a node asks for 1 to {AddressesMax} addresses of its own")
                : addresses;
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return new Failure(FailureKind.Invalid, "it is no question about addresses");
        }
    }

    public static byte[] Answer(IEnumerable<bool> reached) => new ReachAnswer { Reached = { reached } }.ToByteArray();

    /// <summary>For each address asked for whether it was reached.</summary>
    public static Outcome<IReadOnlyList<bool>> ReadAnswer(ReadOnlyMemory<byte> body, int asked)
    {
        if (body.Length > AnswerBytesMax)
        {
            return new Failure(FailureKind.TooLarge, $"an answer about addresses has at most {AnswerBytesMax} bytes");
        }

        try
        {
            var reached = ProtobufBytes.Read(ReachAnswer.Parser, body.Span).Reached;
            return reached.Count == asked ? reached : new Failure(FailureKind.Invalid, "it answered about other addresses");
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return new Failure(FailureKind.Invalid, "it answered with nothing that a node says");
        }
    }
}
