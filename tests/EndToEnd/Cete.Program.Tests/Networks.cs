using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Cete.Program.Tests;

/// <summary>
/// Networks of their own for nodes, joined by a router, all in network namespaces of this machine: packets between any two can be cut off or lost.
/// The nodes' loopback addresses are their own too.
/// </summary>
internal sealed partial class Networks : IDisposable
{
    /// <summary>CLONE_NEWNET of setns(2).</summary>
    private const int CloneNewNet = 0x40000000;
    private static int _made;
    private readonly string _prefix = $"cete-{Environment.ProcessId}-{Interlocked.Increment(ref _made)}";
    private readonly int _count;

    private Networks(int count) => _count = count;

    /// <summary>Why there can be none here; null where they can be made.</summary>
    public static string? Missing { get; } = FindMissing();

    public static Networks Make(int count)
    {
        var networks = new Networks(count);
        var hub = networks.Hub;
        Run($"netns add {hub}");
        Exec(hub, "sysctl -q -w net.ipv4.ip_forward=1");
        Exec(hub, "nft add table inet cut");
        Exec(hub, "nft add chain inet cut forward { type filter hook forward priority 0 ; }");
        for (var i = 0; i < count; i++)
        {
            var (name, link) = (networks.NameOf(i), $"v{i}");
            Run($"netns add {name}");
            Run($"link add {link} netns {hub} type veth peer name eth0 netns {name}");
            Run($"-n {hub} addr add 10.77.{i}.1/24 dev {link}");
            Run($"-n {hub} link set {link} up");
            Run($"-n {name} addr add {AddressOf(i)}/24 dev eth0");
            Run($"-n {name} link set eth0 up");
            Run($"-n {name} link set lo up");
            Run($"-n {name} route add default via 10.77.{i}.1");
        }

        return networks;
    }

    public static string AddressOf(int node) => $"10.77.{node}.2";

    public string NameOf(int node) => $"{_prefix}-{node}";

    /// <summary>A client in the network of a node: what it calls its loopback address is the node's.</summary>
    public HttpClient ClientIn(int node) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, stop) =>
        {
            var socket = SocketIn(NameOf(node));
            try
            {
                await socket.ConnectAsync(context.DnsEndPoint, stop);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    });

    /// <summary>Loses so many of a hundred packets, whoever's they are.</summary>
    public void Lose(int percent) => Exec(Hub, $"nft add rule inet cut forward numgen random mod 100 < {percent} drop");

    /// <summary>Lets nothing pass between two groups of nodes.</summary>
    public void Cut(IEnumerable<int> some, IReadOnlyList<int> others)
    {
        foreach (var (a, b) in some.SelectMany(a => others.Select(b => (a, b))))
        {
            Exec(Hub, $"nft add rule inet cut forward ip saddr {AddressOf(a)} ip daddr {AddressOf(b)} drop");
            Exec(Hub, $"nft add rule inet cut forward ip saddr {AddressOf(b)} ip daddr {AddressOf(a)} drop");
        }
    }

    /// <summary>Lets everything pass again.</summary>
    public void Heal() => Exec(Hub, "nft flush chain inet cut forward");

    public void Dispose()
    {
        for (var i = 0; i < _count; i++)
        {
            Run($"netns del {NameOf(i)}");
        }

        Run($"netns del {Hub}");
    }

    private string Hub => _prefix + "-hub";

    private static string? FindMissing()
    {
        try
        {
            var probe = $"cete-{Environment.ProcessId}-probe";
            Run($"netns add {probe}");
            try
            {
                Exec(probe, "nft list ruleset");
            }
            finally
            {
                Run($"netns del {probe}");
            }

            return null;
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return $"network namespaces with nftables cannot be made here, they need root, iproute2 and nftables ({error.Message.Trim()}); .ci/run installs them";
        }
    }

    /// <summary>A socket stays in the network in which its thread made it; the thread is one of its own and ends with that.</summary>
    private static Socket SocketIn(string network)
    {
        Socket? made = null;
        var thread = new Thread(() =>
        {
            using var handle = File.OpenHandle($"/run/netns/{network}");
            made = SetNetwork(handle, CloneNewNet) == 0 ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) : null;
        });
        thread.Start();
        thread.Join();
        return made ?? throw new InvalidOperationException($"no way into the network {network}");
    }

    [LibraryImport("libc", EntryPoint = "setns")]
    private static partial int SetNetwork(Microsoft.Win32.SafeHandles.SafeFileHandle network, int kind);

    private static void Exec(string network, string command) => Run($"netns exec {network} {command}");

    private static void Run(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", command.Split(' ')) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"ip {command}: {said}");
        }
    }
}
