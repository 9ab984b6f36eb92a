using Cete.Core;
using Cete.Net.Fabric.Proto;
using Cete.Ports;
using Google.Protobuf;

namespace Cete.Net.Fabric.Tunnels;

/// <summary>The frames of tunnels, made and read.</summary>
internal static class TunnelFrames
{
    public static TunnelFrame Open(ulong id, KeyId target) =>
        new() { Kind = TunnelFrame.Types.Kind.Open, Id = id, Node = ByteString.CopyFrom(target.ToArray()) };

    public static TunnelFrame Call(ulong id, KeyId opener) =>
        new() { Kind = TunnelFrame.Types.Kind.Call, Id = id, Node = ByteString.CopyFrom(opener.ToArray()) };

    public static TunnelFrame Opened(ulong id) => new() { Kind = TunnelFrame.Types.Kind.Opened, Id = id };

    public static TunnelFrame Data(ulong id, ByteString bytes) => new() { Kind = TunnelFrame.Types.Kind.Data, Id = id, Data = bytes };

    public static TunnelFrame Credit(ulong id, int bytes) => new() { Kind = TunnelFrame.Types.Kind.Credit, Id = id, Credit = (uint)bytes };

    public static TunnelFrame Keep() => new() { Kind = TunnelFrame.Types.Kind.Keep };

    /// <summary>The end of a tunnel; without a failure where an end had enough of it.</summary>
    public static TunnelFrame Close(ulong id, Failure? failure) => new()
    {
        Kind = TunnelFrame.Types.Kind.Close,
        Id = id,
        Failure = failure is null ? 0 : (uint)failure.Kind + 1,
        Text = failure is null ? string.Empty : Cut(failure.Message),
    };

    /// <summary>Why a tunnel ended.</summary>
    public static Failure? FailureOf(TunnelFrame close)
    {
        var kind = (FailureKind)((int)close.Failure - 1);
        return close.Failure == 0 ? null : new Failure(Enum.IsDefined(kind) ? kind : FailureKind.Unavailable, EntryName.Show(Cut(close.Text)));
    }

    /// <summary>Queues a frame on a connection.</summary>
    public static bool TrySend(FabricConnection leg, TunnelFrame frame) =>
        leg.TrySend(new Envelope { Topic = (uint)FabricTopic.Tunnel, Body = frame.ToByteString() });

    public static Outcome<TunnelFrame> Read(ReadOnlySpan<byte> body)
    {
        if (body.Length > TunnelLimits.FrameMax)
        {
            return new Failure(FailureKind.TooLarge, $"a message of a tunnel has at most {TunnelLimits.FrameMax} bytes");
        }

        try
        {
            return ProtobufBytes.Read(TunnelFrame.Parser, body);
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return new Failure(FailureKind.Invalid, "it is no message of a tunnel");
        }
    }

    private static string Cut(string text) => text.Length > TunnelLimits.TextMax ? text[..TunnelLimits.TextMax] : text;
}
