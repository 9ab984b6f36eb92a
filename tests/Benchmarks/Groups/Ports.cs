using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Cete.Benchmarks.Groups;

/// <summary>Processes that must know each other's ports before they start.</summary>
internal static class Ports
{
    /// <summary>Ports of loopback that nobody listens at; all different.</summary>
    public static int[] Free(int count)
    {
        var sockets = Enumerable.Range(0, count).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)).ToArray();
        Array.ForEach(sockets, socket => socket.Bind(new IPEndPoint(IPAddress.Loopback, 0)));
        var ports = Array.ConvertAll(sockets, socket => ((IPEndPoint)socket.LocalEndPoint!).Port);
        Array.ForEach(sockets, socket => socket.Dispose());
        return ports;
    }

    /// <summary>Processor time of those that run.</summary>
    public static TimeSpan Used(IEnumerable<Process?> processes)
    {
        var used = TimeSpan.Zero;
        foreach (var process in processes)
        {
            process?.Refresh();
            used += process?.TotalProcessorTime ?? TimeSpan.Zero;
        }

        return used;
    }

    /// <summary>Ends a process without a warning, if it runs.</summary>
    public static void Kill(ref Process? process)
    {
        if (process is { } running)
        {
            running.Kill();
            running.WaitForExit();
            running.Dispose();
            process = null;
        }
    }
}
