using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Cete.Benchmarks.Cluster;

/// <summary>
/// Agents of Serf (https://www.serf.io). What they see is read from what they log: their event handlers hold events back for one to three seconds.
/// </summary>
internal sealed partial class SerfProcesses(string profile) : IManyProcesses
{
    private const string Program = "/usr/bin/serf";

    /// <summary>Addresses of loopback that nobody else uses.</summary>
    private readonly string _network = $"127.{1 + (Environment.ProcessId % 254)}.{Environment.ProcessId / 254 % 256}";

    private readonly Dictionary<string, Process> _agents = [];
    private int _count;

    public static bool IsThere => File.Exists(Program);

    public Sightings Sightings { get; } = new();

    public Task<long> StartAsync(string name)
    {
        var address = $"{_network}.{++_count}";
        string[] join = _agents.Count > 0 ? [$"-retry-join={_network}.1:7946"] : [];
        var start = Stopwatch.GetTimestamp();
        var agent = Process.Start(new ProcessStartInfo(
            Program, ["agent", $"-node={name}", $"-bind={address}:7946", $"-rpc-addr={address}:7373", $"-profile={profile}", .. join])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        agent.OutputDataReceived += (_, line) => Read(name, line.Data);
        agent.ErrorDataReceived += (_, line) => Read(name, line.Data);
        agent.BeginOutputReadLine();
        agent.BeginErrorReadLine();
        _agents.Add(name, agent);
        return Task.FromResult(start);
    }

    public void Kill(string name)
    {
        if (_agents.Remove(name, out var agent))
        {
            agent.Kill();
            agent.WaitForExit();
            agent.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var name in _agents.Keys.ToList())
        {
            Kill(name);
        }
    }

    private void Read(string observer, string? line)
    {
        if (line is not null && EventPattern().Match(line) is { Success: true } told)
        {
            Sightings.Saw(observer, told.Groups[2].Value, told.Groups[1].Value == "Join" ? "alive" : "dead");
        }
    }

    [GeneratedRegex(@"EventMember(Join|Failed): (\S+) ")]
    private static partial Regex EventPattern();
}
