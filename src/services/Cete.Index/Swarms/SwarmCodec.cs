using Cete.Core;
using Cete.Index.Proto;
using Cete.Ports;
using Cete.Ports.Swarms;
using Cete.Swarm;
using Google.Protobuf;

namespace Cete.Index.Swarms;

/// <summary>Announces between nodes, as bytes.</summary>
internal static class SwarmCodec
{
    internal const int HostLengthMax = 64;
    internal const int ReporterLengthMax = 128;
    private static readonly TimeSpan NextMax = TimeSpan.FromHours(1);

    public static ReadOnlyMemory<byte> Write(Hash256 content, SwarmReport report, SwarmAsker asker) => new SwarmAnnounce
    {
        Root = ByteString.CopyFrom(content.ToArray()),
        Key = ByteString.CopyFrom(report.Key.ToArray()),
        Have = UnsafeByteOperations.UnsafeWrap(report.Have.ToBytes()),
        Addresses = { report.Addresses },
        Uplink = report.Uplink,
        Slots = report.Slots,
        IsLeaving = report.IsLeaving,
        NeighboursMax = report.NeighboursMax,
        Neighbours = { report.Neighbours.Select(key => ByteString.CopyFrom(key.ToArray())) },
        Liars = { report.Liars.Select(key => ByteString.CopyFrom(key.ToArray())) },
        Host = asker.Host,
        Reporter = asker.Reporter,
    }.ToByteArray();

    /// <summary>What is announced; how many pieces the content has, the reader knows.</summary>
    public static Outcome<(Hash256 Root, SwarmAsker Asker, Func<int, Outcome<SwarmReport>> Report)> Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            var wire = ProtobufBytes.Read(SwarmAnnounce.Parser, body.Span);
            return wire.Root.Length == Hash256.Size && wire.Host.Length <= HostLengthMax && wire.Reporter.Length <= ReporterLengthMax
                ? (new Hash256(wire.Root.Span), new SwarmAsker(wire.Host, wire.Reporter), pieces => ToReport(wire, pieces))
                : Malformed;
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return Malformed;
        }
    }

    public static ReadOnlyMemory<byte> Write(Outcome<SwarmAdvice> advice) => (advice.Failure is { } failure
        ? new SwarmAnswer { Failure = (int)failure.Kind + 1, Message = failure.Message }
        : new SwarmAnswer
        {
            Neighbours =
            {
                advice.Value.Neighbours.Select(peer => new SwarmNeighbour
                {
                    Key = ByteString.CopyFrom(peer.Key.ToArray()),
                    Address = $"{peer.Host}:{peer.Port}",
                }),
            },
            NextMicroseconds = (long)advice.Value.Next.TotalMicroseconds,
            Rarest = { advice.Value.Rarest },
            IsAskedToStay = advice.Value.IsAskedToStay,
            IsSuperSeeding = advice.Value.IsSuperSeeding,
            HasSource = advice.Value.HasSource,
            Peers = advice.Value.Peers,
        }).ToByteArray();

    public static Outcome<SwarmAdvice> ReadAdvice(ReadOnlyMemory<byte> body, KeyId community)
    {
        try
        {
            var wire = ProtobufBytes.Read(SwarmAnswer.Parser, body.Span);
            if (wire.Failure != 0)
            {
                var kind = (FailureKind)(wire.Failure - 1);
                return new Failure(Enum.IsDefined(kind) ? kind : FailureKind.Unavailable, EntryName.Show(wire.Message));
            }

            var peers = wire.Neighbours.Select(peer => ToAddress(peer, community)).ToList();
            return peers.Count <= SwarmReport.NeighboursLimit && peers.All(peer => peer is not null) && wire.NextMicroseconds >= 0
                && wire.NextMicroseconds <= NextMax.TotalMicroseconds
                ? new SwarmAdvice(peers!, TimeSpan.FromMicroseconds(wire.NextMicroseconds))
                {
                    Rarest = [.. wire.Rarest],
                    IsAskedToStay = wire.IsAskedToStay,
                    IsSuperSeeding = wire.IsSuperSeeding,
                    HasSource = wire.HasSource,
                    Peers = wire.Peers,
                }
                : Malformed;
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return Malformed;
        }
    }

    private static Failure Malformed { get; } = new(FailureKind.Damaged, "another node announced something that cannot be read");

    private static Outcome<SwarmReport> ToReport(SwarmAnnounce wire, int pieces)
    {
        var isSound = wire.Key.Length == KeyId.Size && wire.Have.Length == (pieces + 7) / 8 && wire.Addresses.Count <= SwarmReport.AddressesMax
            && wire.Neighbours.Count <= SwarmReport.NeighboursLimit && wire.Liars.Count <= SwarmReport.NeighboursLimit
            && wire.Neighbours.Concat(wire.Liars).All(key => key.Length == KeyId.Size);
        return isSound
            ? new SwarmReport(new KeyId(wire.Key.Span), PieceMap.FromBytes(pieces, wire.Have.Span))
            {
                Addresses = [.. wire.Addresses],
                Uplink = Math.Max(0, wire.Uplink),
                Slots = Math.Max(0, wire.Slots),
                IsLeaving = wire.IsLeaving,
                NeighboursMax = wire.NeighboursMax,
                Neighbours = [.. wire.Neighbours.Select(key => new KeyId(key.Span))],
                Liars = [.. wire.Liars.Select(key => new KeyId(key.Span))],
            }
            : Malformed;
    }

    private static PeerAddress? ToAddress(SwarmNeighbour peer, KeyId community) =>
        peer.Key.Length == KeyId.Size ? PeerAddress.Parse($"{PeerAddress.Scheme}://{new KeyId(peer.Key.Span)}.{community}@{peer.Address}") : null;
}
