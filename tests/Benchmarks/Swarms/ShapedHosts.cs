using System.Diagnostics;

namespace Cete.Benchmarks.Swarms;

/// <summary>
/// Machines on one switch, each a network namespace of its own whose links carry only so much: 100 ms of it wait in a queue, as in a home router.
/// </summary>
internal sealed class ShapedHosts : IDisposable
{
    private const string Hub = "cete-bench-hub";
    private readonly int _count;

    private ShapedHosts(int count) => _count = count;

    /// <summary>Where the tracker is, which is on no link of theirs.</summary>
    public static string HubAddress => "10.79.0.254";

    /// <summary>Makes them.</summary>
    /// <param name="uplinks">Of each, in Mbit/s.</param>
    /// <param name="down">Of all, in Mbit/s.</param>
    public static ShapedHosts Make(IReadOnlyList<int> uplinks, int down)
    {
        var hosts = new ShapedHosts(uplinks.Count);
        hosts.Remove();
        Ip($"netns add {Hub}");
        Ip($"-n {Hub} link add br0 type bridge");
        Ip($"-n {Hub} addr add {HubAddress}/24 dev br0");
        Ip($"-n {Hub} link set br0 up");
        for (var i = 0; i < uplinks.Count; i++)
        {
            Ip($"netns add {NameOf(i)}");
            Ip($"link add p{i} netns {Hub} type veth peer name eth0 netns {NameOf(i)}");
            Ip($"-n {Hub} link set p{i} master br0 up");
            Ip($"-n {NameOf(i)} addr add {AddressOf(i)}/24 dev eth0");
            Ip($"-n {NameOf(i)} link set eth0 up");
            Ip($"-n {NameOf(i)} link set lo up");
            Ip($"netns exec {NameOf(i)} tc qdisc add dev eth0 root tbf rate {uplinks[i]}mbit burst 64kb latency 100ms");
            Ip($"netns exec {Hub} tc qdisc add dev p{i} root tbf rate {down}mbit burst 64kb latency 100ms");
        }

        return hosts;
    }

    public static string AddressOf(int host) => $"10.79.0.{host + 1}";

    /// <summary>Starts a program on a host; -1 for the switch itself.</summary>
    public static Process Start(int host, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? variables = null)
    {
        var start = new ProcessStartInfo("ip", ["netns", "exec", host < 0 ? Hub : NameOf(host), program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Bytes that a host sent so far.</summary>
    public static long Sent(int host) => long.Parse(
        Published.Call("ip", "netns", "exec", NameOf(host), "cat", "/sys/class/net/eth0/statistics/tx_bytes"),
        System.Globalization.CultureInfo.InvariantCulture);

    public void Dispose() => Remove();

    private void Remove()
    {
        foreach (var name in Enumerable.Range(0, _count).Select(NameOf).Append(Hub).Where(name => File.Exists($"/run/netns/{name}")))
        {
            Ip($"netns del {name}");
        }
    }

    private static string NameOf(int host) => $"cete-bench-{host}";

    private static void Ip(string arguments) => Published.Call("ip", arguments.Split(' '));
}
