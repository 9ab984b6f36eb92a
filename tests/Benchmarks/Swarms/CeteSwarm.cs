using System.Diagnostics;
using System.Text.Json;
using Cete.Net.Agent;
using Cete.Ports;

namespace Cete.Benchmarks.Swarms;

/// <summary>A node that has the file, and an agent for each that wants it, running and warm, as the daemons of others are.</summary>
internal sealed class CeteSwarm(string folder) : ISwarmProgram
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>As the program itself starts its agents.</summary>
    private static readonly Dictionary<string, string> Runtime = new()
    {
        ["DOTNET_TieredCompilation"] = "0",
        ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0",
        ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1",
    };

    private readonly List<Process> _processes = [];
    private string _name = string.Empty;
    private string _address = string.Empty;
    private string _trust = string.Empty;
    private int _downloaders;

    public string Name => "cete";

    public async Task PrepareAsync(string file, int sources, int downloaders)
    {
        (_downloaders, _name) = (downloaders, Path.GetFileName(file));
        var admin = new Dictionary<string, string> { ["CETE_SETTINGS"] = Path.Combine(folder, "admin") };
        var node = ShapedHosts.Start(0, Published.Make(),
        [
            "node", "--create", "bench", "--data", Path.Combine(folder, "node"), "--http", $"{ShapedHosts.AddressOf(0)}:2383", "--fabric",
            $"{ShapedHosts.AddressOf(0)}:0", "--json", "-D", "cete.http.tls.certificate=generated", "-D", "cete.http.requests-per-second=0",
        ], admin);
        _processes.Add(node);
        var line = await node.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the node ended before it was ready");
        using var ready = JsonDocument.Parse(line);
        (_address, _trust) = (ready.RootElement.GetProperty("address").GetString()!, ready.RootElement.GetProperty("certificate").GetString()!);
        var warm = Path.Combine(folder, "warm");
        await File.WriteAllBytesAsync(warm, System.Security.Cryptography.RandomNumberGenerator.GetBytes(3_000_000));
        foreach (var path in (string[])[warm, file])
        {
            using var put = ShapedHosts.Start(0, Published.Make(), ["put", path, "--node", _address, "--ca", _trust, "--json"], admin);
            await put.WaitForExitAsync();
        }

        for (var i = 1; i <= downloaders; i++)
        {
            var own = new Dictionary<string, string>(Runtime) { ["CETE_SETTINGS"] = SettingsOf(i) };
            _processes.Add(ShapedHosts.Start(i, Published.Make(), ["agent", "run"], own));
        }

        for (var i = 1; i <= downloaders; i++)
        {
            await WaitAsync(() => File.Exists(SocketOf(i)));
            await AskAsync(i, "/warm", Path.Combine(folder, $"warm-{i}"));
        }

        for (var i = 1; i <= downloaders; i++)
        {
            await WaitAsync(() => File.Exists(Path.Combine(folder, $"warm-{i}", "warm")));
        }
    }

    public Task BeginAsync() => Task.WhenAll(Enumerable.Range(1, _downloaders).Select(i => AskAsync(i, $"/{_name}", Path.Combine(folder, $"cete-{i}"))));

    public string DoneOf(int host) => ResultOf(host);

    public string ResultOf(int host) => Path.Combine(folder, $"cete-{host}", _name);

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }
    }

    private string SettingsOf(int host) => Path.Combine(folder, $"settings-{host}");

    private string SocketOf(int host) => Path.Combine(SettingsOf(host), "agent", "socket");

    private async Task AskAsync(int host, string what, string to)
    {
        using var agent = new AgentClient(SocketOf(host));
        var request = new JobRequest([what], to, Overwrite: false, AtOnce: 4, PatienceSeconds: 60, _address, _trust);
        var added = await agent.AddAsync(request, CancellationToken.None);
        if (!added.Succeeded)
        {
            throw new InvalidOperationException(added.Failure.Message);
        }
    }

    private static async Task WaitAsync(Func<bool> isReached)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!isReached())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Bound)
            {
                throw new InvalidOperationException("the agents did not become ready");
            }

            await Pause.ForAsync(Look);
        }
    }
}
