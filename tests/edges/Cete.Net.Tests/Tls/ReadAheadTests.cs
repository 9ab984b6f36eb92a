using System.Net;
using System.Net.Sockets;
using Cete.Core;
using Cete.Net.Tls;
using Cete.Testing;

namespace Cete.Net.Tests.Tls;

/// <summary>Records of TLS as they come out of a socket.</summary>
public sealed class ReadAheadTests : IAsyncLifetime
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private Socket _sender = null!;
    private Socket _receiver = null!;
    private ReadAhead _reader = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _listener.Start();
        _sender = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await _sender.ConnectAsync(_listener.LocalEndpoint, Cancel);
        _receiver = await _listener.AcceptSocketAsync(Cancel);
        _reader = new ReadAhead(new NetworkStream(_receiver, ownsSocket: true));
    }

    public async ValueTask DisposeAsync()
    {
        _sender.Dispose();
        await _reader.DisposeAsync();
        _listener.Stop();
    }

    [Fact]
    public async Task A_reader_sleeps_until_the_record_that_began_is_whole()
    {
        var record = Record(10_000);
        var buffer = new byte[100_000];
        await SendAsync(record.AsMemory(0, 700));
        Assert.Equal(700, await _reader.ReadAsync(buffer, Cancel));
        var next = _reader.ReadAsync(buffer.AsMemory(700), Cancel).AsTask();
        await SendAsync(record.AsMemory(700, 5_000));
        if (OperatingSystem.IsLinux())
        {
            await Eventually.TrueAsync(() => _receiver.Available == 5_000, "they are here");
            Assert.False(next.IsCompleted);
        }

        await SendAsync(record.AsMemory(5_700));
        for (var count = 700 + await next; count < record.Length; count += await _reader.ReadAsync(buffer.AsMemory(count), Cancel))
        {
        }

        Assert.Equal(record, buffer[..record.Length]);

        // Where none has begun, any byte is news.
        next = _reader.ReadAsync(buffer, Cancel).AsTask();
        await SendAsync(record.AsMemory(0, 1));
        Assert.Equal(1, await next);
    }

    [Fact]
    public async Task Records_of_every_length_come_whole_however_they_are_cut()
    {
        var prng = new Prng(8);
        var all = new List<byte>();
        for (var i = 0; i < 200; i++)
        {
            all.AddRange(Record(prng.Chance(1, 3) ? prng.Next(30) : prng.Next(16_640)));
        }

        // And one that is no record: its length is a lie, and nothing hangs on it.
        all.AddRange([23, 3, 3, 255, 255, 1]);
        var sent = all.ToArray();
        var sending = Task.Run(
            async () =>
            {
                for (var at = 0; at < sent.Length;)
                {
                    var count = Math.Min(sent.Length - at, prng.Chance(1, 2) ? 1 + prng.Next(8) : 1 + prng.Next(40_000));
                    await SendAsync(sent.AsMemory(at, count));
                    at += count;
                }

                _sender.Shutdown(SocketShutdown.Send);
            },
            Cancel);
        var read = new byte[sent.Length];
        await _reader.ReadExactlyAsync(read, Cancel);
        Assert.Equal(0, await _reader.ReadAsync(new byte[10], Cancel));
        Assert.Equal(sent, read);
        await sending;
    }

    private static byte[] Record(int length)
    {
        var body = new byte[length];
        new Prng((ulong)length).Fill(body);
        return [23, 3, 3, (byte)(length >> 8), (byte)length, .. body];
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _sender.SendAsync(bytes, Cancel)..];
        }
    }
}
