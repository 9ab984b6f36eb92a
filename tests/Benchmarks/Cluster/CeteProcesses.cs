using System.Diagnostics;
using System.Text.Json;
using Cete.Api;
using Cete.Net;
using Cete.Net.Tls;

namespace Cete.Benchmarks.Cluster;

/// <summary>Nodes of the published program, each watched over the live stream of its server list.</summary>
internal sealed class CeteProcesses(string preset, string folder) : IManyProcesses
{
    private readonly Dictionary<string, PublishedNode> _nodes = [];
    private readonly CancellationTokenSource _stopping = new();
    private string _token = string.Empty;

    public Sightings Sightings { get; } = new();

    /// <summary>Seconds from the start of each node's process until it said that it is ready.</summary>
    public Dictionary<string, double> Ready { get; } = [];

    public async Task<long> StartAsync(string name)
    {
        string[] more =
        [
            "--name", name, "--fabric", "127.0.0.1:0", "-D", $"cete.fabric.preset={preset}", .. _nodes.Count > 0 ? ["--token", _token] : Array.Empty<string>(),
        ];
        var start = Stopwatch.GetTimestamp();
        var node = await PublishedNode.StartAsync(Path.Combine(folder, name), create: _nodes.Count == 0, more);
        Ready[name] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        _nodes.Add(name, node);
        _ = WatchAsync(name, new Uri(node.Address));
        if (_token.Length == 0)
        {
            var key = Path.Combine(folder, name, "trust", "administrator.pem");
            var made = Published.Call(
                Published.Make(), "token", "create", "--node", node.Address, "--key", key, "--roles", "share", "--uses", "1000", "--json");
            _token = JsonDocument.Parse(made).RootElement.GetProperty("token").GetString()!;
        }

        return start;
    }

    public void Kill(string name)
    {
        if (_nodes.Remove(name, out var node))
        {
            node.Dispose();
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        foreach (var name in _nodes.Keys.ToList())
        {
            Kill(name);
        }

        _stopping.Dispose();
    }

    private async Task WatchAsync(string observer, Uri node)
    {
        await using var client = new NodeClient(node, "bench", TlsTrust.OfSystem);
        await client.WatchAsync(
            Routes.ServersLive,
            ApiJson.Default.ServersAnswer,
            servers =>
            {
                foreach (var known in servers.Nodes)
                {
                    Sightings.Saw(observer, known.Name, known.State);
                }
            },
            _stopping.Token);
    }
}
