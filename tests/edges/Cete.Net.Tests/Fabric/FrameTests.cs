using System.Buffers.Binary;
using Cete.Core;
using Cete.Net.Fabric;
using Cete.Net.Fabric.Proto;
using Google.Protobuf;

namespace Cete.Net.Tests.Fabric;

public sealed class FrameTests
{
    private const int FrameMax = 200_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(40_000)]
    [InlineData(1_000_000)]
    public async Task Frames_come_out_whole_however_they_came_in(int readMax)
    {
        var (buffer, sent, prng) = (new FrameBuffer(), new List<byte[]>(), new Prng(8));
        for (var i = 0; i < 60; i++)
        {
            var body = new byte[i % 20 == 19 ? 100_000 : prng.Next(300)];
            prng.Fill(body);
            sent.Add(body);
            Append(buffer, body);
        }

        using var reader = new FrameReader();
        await using var stream = new Dripping(buffer.Written.ToArray(), readMax, prng);
        List<byte[]> came = [];
        Failure? end;
        while ((end = await reader.FillAsync(stream, FrameMax, Cancel)) is null)
        {
            while (reader.TryTake(out var envelope))
            {
                came.Add(envelope.Body.ToByteArray());
            }

            Assert.False(reader.HasMore);
        }

        Assert.Equal(sent, came);
        Assert.Equal("the other side closed it", end.Message);
    }

    [Fact]
    public async Task A_frame_that_is_cut_off_is_told_as_such()
    {
        var buffer = new FrameBuffer();
        Append(buffer, new byte[100]);
        using var reader = new FrameReader();
        await using var stream = new Dripping(buffer.Written[..^1].ToArray(), 1_000, new Prng(9));
        Assert.Equal("it was cut off within a message", (await reader.FillAsync(stream, FrameMax, Cancel))!.Message);
    }

    [Fact]
    public void An_emptied_buffer_begins_anew()
    {
        var buffer = new FrameBuffer();
        for (var round = 1; round <= 3; round++)
        {
            for (var i = 0; i < 3_000; i++)
            {
                buffer.Append(5).Fill((byte)(round + i));
            }

            Assert.Equal(15_000, buffer.Length);
            Assert.All(Enumerable.Range(0, 15_000), at => Assert.Equal((byte)(round + (at / 5)), buffer.Written.Span[at]));
            buffer.Clear();
            Assert.Equal(0, buffer.Written.Length);
        }
    }

    private static void Append(FrameBuffer buffer, byte[] body)
    {
        var envelope = new Envelope { Topic = 8, Body = UnsafeByteOperations.UnsafeWrap(body) };
        var size = envelope.CalculateSize();
        var frame = buffer.Append(sizeof(int) + size);
        BinaryPrimitives.WriteInt32LittleEndian(frame, size);
        envelope.WriteTo(frame[sizeof(int)..]);
    }

    /// <summary>Gives as many bytes at a time as chance wants.</summary>
    private sealed class Dripping(byte[] bytes, int readMax, Prng prng) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            new(Read(buffer.Span[..Math.Min(buffer.Length, 1 + prng.Next(readMax))]));
    }
}
