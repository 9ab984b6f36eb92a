using System.Buffers.Binary;
using Cete.Core;
using Cete.Membership;
using Cete.Simulation.World;

namespace Cete.Simulation.Membership;

/// <summary>Records and messages as the simulated network carries them: objects with the size that the product's codec would give them.</summary>
internal static class MembershipWire
{
    private const int FrameBytes = 24;
    private const int UpdateBytes = 28;

    /// <summary>The name of the node with a number; two processes that get one number have one identity.</summary>
    public static KeyId IdOf(int number)
    {
        Span<byte> bytes = stackalloc byte[KeyId.Size];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Fingerprint.Of(number, 1));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Fingerprint.Of(number, 2));
        BinaryPrimitives.WriteInt32BigEndian(bytes[16..], number);
        return new KeyId(bytes);
    }

    /// <summary>The record of a node, with the address at which its process is reached.</summary>
    public static MemberRecord Record(KeyId id, int address, ulong instance, long incarnation, bool isLeaving, int bytes)
    {
        var payload = new byte[Math.Max(bytes, sizeof(int))];
        BinaryPrimitives.WriteInt32LittleEndian(payload, address);
        return new MemberRecord(id, instance, incarnation, isLeaving, payload);
    }

    public static int AddressOf(MemberRecord record) => BinaryPrimitives.ReadInt32LittleEndian(record.Payload.Span);

    public static SimMessage Pack(MembershipMessage message)
    {
        var (hash, bytes) = (new Fingerprint(0), FrameBytes);
        hash.Add(message switch
        {
            MembershipMessage.Ping ping => ping.Sequence,
            MembershipMessage.PingRequest request => request.Sequence ^ ((long)request.Target.GetHashCode() << 20),
            MembershipMessage.Ack ack => ~ack.Sequence,
            MembershipMessage.Nack nack => nack.Sequence << 32,
            MembershipMessage.Sync sync => (long)sync.Digest ^ (sync.IsAnswerWanted ? 1 : 0),
            _ => -1,
        });
        foreach (var update in message.Updates)
        {
            hash.Add(((long)AddressOf(update.Record) << 32) | (uint)update.Accuser.GetHashCode());
            hash.Add((update.Record.Incarnation << 2) ^ (long)update.State);
            bytes += update.Record.Payload.Length + UpdateBytes;
        }

        return SimMessage.Of(message, bytes, hash.Value);
    }
}
