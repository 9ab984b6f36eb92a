using System.Buffers.Binary;
using Cete.Core;
using Cete.Net;
using Cete.Net.Fabric;
using Cete.Net.Fabric.Proto;
using Cete.Net.Fabric.Reach;
using Cete.Net.Fabric.Tunnels;
using Cete.Ports;
using Google.Protobuf;

namespace Cete.Fuzzing.Targets;

/// <summary>What comes over a connection between nodes, and the field of HTTP that says which part is wanted.</summary>
internal static class FabricTargets
{
    private static readonly Envelope[] Envelopes =
    [
        new() { Topic = (uint)FabricTopic.Hello, Body = new Hello { ProtocolMin = 1, ProtocolMax = 1, Version = "1", Lane = 1 }.ToByteString() },
        new() { Topic = (uint)FabricTopic.Hello, Body = new Hello { ProtocolMin = 9, ProtocolMax = 12 }.ToByteString() },
        new() { Kind = Envelope.Types.Kind.Goodbye, Text = "enough" },
        new() { Topic = 7, Kind = Envelope.Types.Kind.Request, Call = 5, Body = ByteString.CopyFrom(1, 2, 3) },
    ];

    public static (string Name, Func<FuzzTarget> Make)[] All { get; } =
    [
        ("frames", Frames), ("hello", Hellos), ("tunnel-frame", TunnelFrameBytes), ("reach-question", ReachQuestions), ("reach-answer", ReachAnswers),
        ("byte-range", Ranges),
    ];

    private static FuzzTarget Frames() => new(
        "frames",
        input =>
        {
            using var reader = new FrameReader();
            using var stream = new Dribble(input);
            var count = 0;
            while (true)
            {
                var failure = reader.FillAsync(stream, FabricLimits.AnonymousFrameMax, CancellationToken.None).AsTask().GetAwaiter().GetResult();
                while (failure is null && reader.TryTake(out _))
                {
                    count++;
                }

                if (failure is not null)
                {
                    return $"{(count > 0 ? FuzzTarget.Taken : string.Empty)} {Math.Min(count, 5)} {Oracle.Of(failure)}";
                }

                Oracle.That(count <= input.Length, "frames come out of nothing");
            }
        },
        () => [.. Envelopes.Select(Framed), [.. Envelopes.SelectMany(Framed)]]);

    private static FuzzTarget Hellos() => new(
        "hello",
        input =>
        {
            using var stream = new Dribble(input);
            var peer = new FabricPeer(KeyId.Of("p"u8), RoleSet.Empty);
            var greeted = FabricHandshake.GreetAsync(stream, peer, null, null, new FabricRouter(), TimeProvider.System, "1", CancellationToken.None)
                .GetAwaiter().GetResult();
            if (greeted.Succeeded)
            {
                greeted.Value.Reader.Dispose();
                greeted.Value.Connection.DisposeAsync().AsTask().GetAwaiter().GetResult();
            }

            return Oracle.Of(greeted);
        },
        () => Envelopes.Select(Framed));

    private static FuzzTarget TunnelFrameBytes() => new(
        "tunnel-frame", input => Oracle.Of(TunnelFrames.Read(input), frame => _ = Oracle.Of(TunnelFrames.FailureOf(frame))),
        () => new[]
        {
            TunnelFrames.Open(1, KeyId.Of("n"u8)), TunnelFrames.Call(2, KeyId.Of("n"u8)), TunnelFrames.Opened(1), TunnelFrames.Credit(1, 4096),
            TunnelFrames.Data(1, ByteString.CopyFrom(1, 2, 3)), TunnelFrames.Keep(), TunnelFrames.Close(1, new Failure(FailureKind.Forbidden, "no")),
        }.Select(frame => frame.ToByteArray()));

    private static FuzzTarget ReachQuestions() => new(
        "reach-question",
        input => Oracle.Again(bytes => ReachMessages.ReadQuestion(bytes), addresses => ReachMessages.Ask(addresses), input),
        () => [ReachMessages.Ask(["192.0.2.1:7400", "a.example:1"])]);

    private static FuzzTarget ReachAnswers() => new(
        "reach-answer", input => Oracle.Again(bytes => ReachMessages.ReadAnswer(bytes, 2), reached => ReachMessages.Answer(reached), input),
        () => [ReachMessages.Answer([true, false])]);

    private static FuzzTarget Ranges() => FuzzTarget.OfText(
        "byte-range",
        text =>
        {
            foreach (var total in new[] { 0L, 1, 1_000, long.MaxValue })
            {
                var range = ByteRange.Read(text, total);
                Oracle.That(!range.IsSatisfiable || (range.Offset >= 0 && range.Length >= 0 && range.Offset <= total - range.Length),
                    "a range beyond the content");
                Oracle.That(range.IsPart || range.Offset == 0, "the whole of a content begins at its beginning");
            }

            var read = ByteRange.Read(text, 1_000);
            return read is { IsPart: true } ? FuzzTarget.Taken : $"refused {read.IsSatisfiable}";
        },
        ["bytes=0-99", "bytes=5-", "bytes=-7", "bytes=0-0,5-9", "Bytes = 3 - 4"],
        "bytes=", "-", ",", "9223372036854775807", "--", ";");

    private static byte[] Framed(Envelope envelope)
    {
        var bytes = envelope.ToByteArray();
        var frame = new byte[sizeof(int) + bytes.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, bytes.Length);
        bytes.CopyTo(frame, sizeof(int));
        return frame;
    }

    /// <summary>A connection on which bytes come a few at a time, and what is sent goes nowhere.</summary>
    private sealed class Dribble(byte[] bytes) : Stream
    {
        private int _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var taken = Math.Min(Math.Min(count, 7), bytes.Length - _at);
            bytes.AsSpan(_at, taken).CopyTo(buffer.AsSpan(offset));
            _at += taken;
            return taken;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var taken = Math.Min(Math.Min(buffer.Length, 7), bytes.Length - _at);
            bytes.AsMemory(_at, taken).CopyTo(buffer);
            _at += taken;
            return ValueTask.FromResult(taken);
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
