using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Cete.Swarm;

namespace Cete.Benchmarks.Transfer;

/// <summary>
/// What getting a file cannot do without: a socket from end to end, SHA-256 over all of it, and a file in memory written. Each is measured by itself,
/// in seconds of processors, in this process.
/// </summary>
internal static class Ceiling
{
    private const int BlockSize = 256 * 1024;

    /// <summary>Seconds of processors for all three.</summary>
    public static async Task<double> MeasureAsync(string file, string folder)
    {
        var socket = await CostOfAsync(() => SendAsync(file));
        var hash = await CostOfAsync(() => Task.Run(() => Hash(new FileInfo(file).Length)));
        var write = await CostOfAsync(() => Task.Run(() => Write(Path.Combine(folder, "ceiling"), new FileInfo(file).Length)));
        return socket + hash + write;
    }

    private static async Task<double> CostOfAsync(Func<Task> work)
    {
        using var self = Process.GetCurrentProcess();
        var before = self.TotalProcessorTime;
        await work();
        self.Refresh();
        return (self.TotalProcessorTime - before).TotalSeconds;
    }

    private static async Task SendAsync(string file)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var sending = Task.Run(async () =>
        {
            using var to = await listener.AcceptSocketAsync();
            to.SendFile(file);
        });
        using var from = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await from.ConnectAsync(listener.LocalEndpoint);
        await Task.Run(() =>
        {
            var buffer = new byte[BlockSize];
            while (from.Receive(buffer) > 0)
            {
            }
        });
        await sending;
    }

    private static void Hash(long length)
    {
        var block = new byte[Merkle.LeafSize];
        Span<byte> hash = stackalloc byte[32];
        for (long done = 0; done < length; done += block.Length)
        {
            SHA256.HashData(block, hash);
        }
    }

    private static void Write(string path, long length)
    {
        using (var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
        {
            var block = new byte[BlockSize];
            for (long done = 0; done < length; done += block.Length)
            {
                RandomAccess.Write(file, block, done);
            }
        }

        File.Delete(path);
    }
}
