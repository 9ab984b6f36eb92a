using Cete.Cluster.Proto;
using Cete.Core;
using Cete.Membership;
using Cete.Ports;
using Google.Protobuf;

namespace Cete.Cluster.Membership;

/// <summary>Messages of the membership as bytes.</summary>
public static class MembershipCodec
{
    /// <summary>Writes one.</summary>
    public static byte[] Write(MembershipMessage message)
    {
        var frame = message switch
        {
            MembershipMessage.Ping ping => new MembershipFrame { Kind = MembershipFrame.Types.Kind.Ping, Sequence = ping.Sequence },
            MembershipMessage.PingRequest request => new MembershipFrame
            {
                Kind = MembershipFrame.Types.Kind.PingRequest,
                Sequence = request.Sequence,
                Target = ByteString.CopyFrom(request.Target.ToArray()),
            },
            MembershipMessage.Ack ack => new MembershipFrame { Kind = MembershipFrame.Types.Kind.Ack, Sequence = ack.Sequence },
            MembershipMessage.Nack nack => new MembershipFrame { Kind = MembershipFrame.Types.Kind.Nack, Sequence = nack.Sequence },
            MembershipMessage.Sync sync => new MembershipFrame
            {
                Kind = MembershipFrame.Types.Kind.Sync,
                Digest = sync.Digest,
                AnswerWanted = sync.IsAnswerWanted,
            },
            _ => new MembershipFrame(),
        };
        foreach (var update in message.Updates)
        {
            frame.Updates.Add(new Update
            {
                Record = ProtobufBytes.Read(SignedRecord.Parser, update.Record.Payload.Span),
                State = (uint)update.State,
                Accuser = ByteString.CopyFrom(update.Accuser.ToArray()),
            });
        }

        return frame.ToByteArray();
    }

    /// <summary>
    /// Reads one. News that do not hold are left out, since the one who passes them on need not be the one who made them; a failure says that
    /// the message is none.
    /// </summary>
    public static Outcome<MembershipMessage> Read(ReadOnlySpan<byte> bytes, RecordCodec records)
    {
        MembershipFrame frame;
        try
        {
            frame = ProtobufBytes.Read(MembershipFrame.Parser, bytes);
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return new Failure(FailureKind.Invalid, "it is no message of a member");
        }

        if (frame.Updates.Count > MembershipLimits.UpdatesMax || frame.Target.Length is not (0 or KeyId.Size))
        {
            return new Failure(FailureKind.TooLarge, "a message of a member says more than it may");
        }

        var news = new List<MemberUpdate>(frame.Updates.Count);
        foreach (var update in frame.Updates)
        {
            if (update.Record is not null && update.State <= (uint)MemberState.Left && update.Accuser.Length == KeyId.Size
                && records.Read(update.Record) is { Succeeded: true } record)
            {
                news.Add(new MemberUpdate(record.Value, (MemberState)update.State, new KeyId(update.Accuser.Span)));
            }
        }

        return Outcome.Of<MembershipMessage>(frame.Kind switch
        {
            MembershipFrame.Types.Kind.Ping => new MembershipMessage.Ping(frame.Sequence, news),
            MembershipFrame.Types.Kind.PingRequest when frame.Target.Length == KeyId.Size =>
                new MembershipMessage.PingRequest(frame.Sequence, new KeyId(frame.Target.Span), news),
            MembershipFrame.Types.Kind.Ack => new MembershipMessage.Ack(frame.Sequence, news),
            MembershipFrame.Types.Kind.Nack => new MembershipMessage.Nack(frame.Sequence, news),
            MembershipFrame.Types.Kind.Sync => new MembershipMessage.Sync(frame.Digest, frame.AnswerWanted, news),
            _ => new MembershipMessage.Gossip(news),
        });
    }
}
