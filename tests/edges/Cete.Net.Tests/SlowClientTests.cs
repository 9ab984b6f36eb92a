using System.Net;
using System.Net.Sockets;
using System.Text;
using Cete.Api;

namespace Cete.Net.Tests;

/// <summary>
/// Clients that hold a connection and hardly use it: others are served, and Kestrel's limits end them. Which limits a program must set is
/// said by the names in <see cref="The_limits_that_a_program_sets_end_slow_clients"/>.
/// </summary>
public sealed class SlowClientTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clients_that_hardly_send_or_read_do_not_hold_up_others()
    {
        await using var node = await TestNode.StartAsync();
        var content = node.Put(20_000_000);
        List<TcpClient> slow = [];
        for (var i = 0; i < 40; i++)
        {
            var client = new TcpClient { ReceiveBufferSize = 4_096 };
            await client.ConnectAsync(IPAddress.Loopback, node.Address.Port, Cancel);
            var text = (i % 4) switch
            {
                0 => "GET ",
                1 => $"POST {Routes.Folders} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{",
                2 => $"PUT /content/{content.Root} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\na",
                _ => $"GET {content.Path} HTTP/1.1\r\nHost: x\r\n\r\n",
            };
            foreach (var one in Encoding.Latin1.GetBytes(text).Chunk(7))
            {
                await client.GetStream().WriteAsync(one, Cancel);
            }

            slow.Add(client);
        }

        // Those that asked for content have their first byte, and read one more whenever another is served.
        for (var i = 0; i < 3; i++)
        {
            foreach (var client in slow.Where((_, n) => n % 4 == 3))
            {
                Assert.Equal(1, await client.GetStream().ReadAsync(new byte[1], Cancel));
            }

            Assert.Equal(content.Bytes, await node.Http.GetByteArrayAsync(content.Path, Cancel));
            using var made = await node.SendAsync(HttpMethod.Post, Routes.Folders, $$"""{"path":"/{{i}}"}""");
            Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        }

        slow.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task The_limits_that_a_program_sets_end_slow_clients()
    {
        await using var node = await TestNode.StartAsync(limits: options =>
        {
            options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(1);
            options.Limits.MinRequestBodyDataRate = new(bytesPerSecond: 100_000, gracePeriod: TimeSpan.FromSeconds(1.5));
            options.Limits.MinResponseDataRate = new(bytesPerSecond: 100_000_000, gracePeriod: TimeSpan.FromSeconds(1.5));
            options.Limits.MaxConcurrentConnections = 8;
        });
        var content = node.Put(20_000_000);
        var header = RawHttp.AskAsync(node.Address, "GET / HTTP/1.1\r\nHost:");
        var body = RawHttp.AskAsync(
            node.Address, $"POST {Routes.Folders} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{");
        using var reader = new TcpClient { ReceiveBufferSize = 4_096 };
        await reader.ConnectAsync(IPAddress.Loopback, node.Address.Port, Cancel);
        await reader.GetStream().WriteAsync(Encoding.Latin1.GetBytes($"GET {content.Path} HTTP/1.1\r\nHost: x\r\n\r\n"), Cancel);
        Assert.Contains(" 408 ", await header, StringComparison.Ordinal);
        Assert.DoesNotContain(" 200 ", await body, StringComparison.Ordinal);

        await node.ContentAborted.WaitAsync(Cancel);

        // Cut off with most of it unread: what is left in the buffers is far from the whole.
        long total = 0;
        try
        {
            var buffer = new byte[65_536];
            while (await reader.GetStream().ReadAsync(buffer, Cancel) is > 0 and var count)
            {
                total += count;
            }
        }
        catch (IOException)
        {
            total = Math.Min(total, content.Bytes.Length - 1);
        }

        Assert.True(total < content.Bytes.Length);
    }

    [Fact]
    public async Task More_connections_than_are_allowed_are_closed_and_the_others_live()
    {
        await using var node = await TestNode.StartAsync(limits: options => options.Limits.MaxConcurrentConnections = 3);
        Assert.NotEmpty(await node.Http.GetStringAsync(Routes.Status, Cancel));
        List<TcpClient> idle = [];
        for (var i = 0; i < 2; i++)
        {
            var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, node.Address.Port, Cancel);
            await client.GetStream().WriteAsync("GET /api/status HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), Cancel);
            Assert.Equal(1, await client.GetStream().ReadAsync(new byte[1], Cancel));
            idle.Add(client);
        }

        Assert.Equal(string.Empty, await RawHttp.AskAsync(node.Address, "GET /api/status HTTP/1.1\r\nHost: x\r\n\r\n"));
        Assert.NotEmpty(await node.Http.GetStringAsync(Routes.Status, Cancel));
        idle.ForEach(client => client.Dispose());
    }
}
