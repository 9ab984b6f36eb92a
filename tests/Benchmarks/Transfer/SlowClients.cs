using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Cete.Benchmarks.Transfer;

/// <summary>
/// A thousand who download slowly from one server at once: what each costs in memory that nobody else can use, and whether the slowest comes along. Both sides
/// are in this process, so what they cost together is what the server costs at most.
/// </summary>
internal static class SlowClients
{
    private const int Clients = 1_000;
    private const int ReadSize = 4 * 1024;
    private const int Rounds = 150;

    public static async Task RunAsync(Report report)
    {
        var work = Memory.NewFolder();
        try
        {
            await using var pair = await PeerPair.StartAsync(Path.Combine(work, "node"), () => true);
            var manifest = LeafFigures.Fill(pair, 64 * 1024 * 1024);
            var request = Encoding.ASCII.GetBytes($"GET /content/{manifest.Root} HTTP/1.1\r\nHost: localhost\r\n\r\n");
            using (await BeginAsync(pair.Address.Port, request))
            {
                // What the first one costs, the server's code for one, is no client's.
            }

            var before = PrivateBytes();
            var sockets = new List<Socket>();
            for (var i = 0; i < Clients; i++)
            {
                sockets.Add(await BeginAsync(pair.Address.Port, request));
            }

            var read = new long[Clients];
            var most = 0L;
            var buffer = new byte[ReadSize];
            for (var round = 0; round < Rounds; round++)
            {
                for (var client = 0; client < Clients; client++)
                {
                    read[client] += sockets[client].Available > 0 ? await sockets[client].ReceiveAsync(buffer) : 0;
                }

                most = Math.Max(most, round % 10 == 9 ? PrivateBytes() : 0);
            }

            report.AtMost("1,000 slow downloads: private memory of each, KiB", (most - before) / 1024.0 / Clients, 96);
            report.AtLeast("1,000 slow downloads: the slowest / the median", read.Min() / Report.Median(read.Select(bytes => (double)bytes)), 0.8);
            sockets.ForEach(socket => socket.Dispose());
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task<Socket> BeginAsync(int port, byte[] request)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 2 * ReadSize, NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", port);
        await socket.SendAsync(request);
        await socket.ReceiveAsync(new byte[64]);
        return socket;
    }

    /// <summary>Memory of this process that no file stands behind.</summary>
    private static long PrivateBytes()
    {
        GC.Collect();
        var line = File.ReadLines("/proc/self/status").First(text => text.StartsWith("RssAnon:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
    }
}
