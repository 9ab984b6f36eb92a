using Cete.Core;
using Cete.Index.Proto;
using Cete.Ports;
using Cete.Ports.Swarms;
using Google.Protobuf;

namespace Cete.Index.Swarms;

/// <summary>What peers have, between nodes, as bytes.</summary>
internal static class HoldingsCodec
{
    public static ReadOnlyMemory<byte> Write(HoldingReport report, SwarmAsker asker) => new SwarmHoldings
    {
        Key = ByteString.CopyFrom(report.Key.ToArray()),
        Contents = UnsafeByteOperations.UnsafeWrap(HoldingReport.BytesOf(report.Contents)),
        Gone = UnsafeByteOperations.UnsafeWrap(HoldingReport.BytesOf(report.Gone)),
        Addresses = { report.Addresses },
        Uplink = report.Uplink,
        IsLeaving = report.IsLeaving,
        Host = asker.Host,
        Reporter = asker.Reporter,
    }.ToByteArray();

    public static Outcome<(HoldingReport Report, SwarmAsker Asker)> Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            var wire = ProtobufBytes.Read(SwarmHoldings.Parser, body.Span);
            var isSound = wire.Key.Length == KeyId.Size && wire.Host.Length <= SwarmCodec.HostLengthMax
                && wire.Reporter.Length <= SwarmCodec.ReporterLengthMax && wire.Addresses.Count <= SwarmReport.AddressesMax;
            return isSound && HoldingReport.RootsOf(wire.Contents.Memory) is { } contents && HoldingReport.RootsOf(wire.Gone.Memory) is { } gone
                ? (new HoldingReport(new KeyId(wire.Key.Span), contents)
                {
                    Gone = gone,
                    Addresses = [.. wire.Addresses],
                    Uplink = Math.Max(0, wire.Uplink),
                    IsLeaving = wire.IsLeaving,
                }, new SwarmAsker(wire.Host, wire.Reporter))
                : Malformed;
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return Malformed;
        }
    }

    private static Failure Malformed { get; } = new(FailureKind.Damaged, "another node told of contents in a way that cannot be read");
}
