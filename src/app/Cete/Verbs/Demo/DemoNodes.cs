using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Cete.Core;
using Cete.Storage;

namespace Cete.App.Verbs.Demo;

/// <summary>The nodes of the demo: processes of their own, so that one of them can be killed like any other.</summary>
internal sealed class DemoNodes(string folder, IReadOnlyList<string> settings) : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(10);
    private static readonly string[] Names = ["first", "second", "third"];

    private readonly Dictionary<string, (Process Process, Uri Address, string Id)> _running = [];

    /// <summary>Address of the first node that runs.</summary>
    public Uri Address => Names.Where(_running.ContainsKey).Select(name => _running[name].Address).First();

    /// <summary>The administrator's key.</summary>
    public string Key => new TrustFolder(FolderOf("first")).PathOf(TrustFolder.Administrator);

    /// <summary>Starts the first node, where people expect one to listen if that is free.</summary>
    public async Task<Failure?> StartFirstAsync(CancellationToken stop)
    {
        string[] create = ["--create", "demo"];
        return await StartAsync("first", [.. create, "--http", Common.DefaultListen], stop) is null
            ? null
            : await StartAsync("first", Directory.Exists(FolderOf("first")) ? AnyPort : [.. create, .. AnyPort], stop);
    }

    /// <summary>Starts the others, by tokens.</summary>
    public async Task<Failure?> StartOthersAsync(Func<Task<Outcome<string>>> token, CancellationToken stop)
    {
        foreach (var name in Names.Skip(1))
        {
            var made = await token();
            if (!made.Succeeded)
            {
                return made.Failure;
            }

            if (await StartAsync(name, ["--token", made.Value, .. AnyPort], stop) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    /// <summary>Kills a node at once, as a loss of power would; tells what it was called.</summary>
    public string? Kill(string id)
    {
        var name = _running.Where(node => node.Value.Id == id).Select(node => node.Key).FirstOrDefault();
        if (name is not null && _running.Remove(name, out var node))
        {
            node.Process.Kill();
            node.Process.Dispose();
        }

        return name;
    }

    /// <summary>Starts a node again that was killed.</summary>
    public Task<Failure?> StartAgainAsync(string name, CancellationToken stop) => StartAsync(name, AnyPort, stop);

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(StopDeadline, TimeProvider.System);
        foreach (var (process, _, _) in _running.Values)
        {
            try
            {
                process.Kill();
                await process.WaitForExitAsync(patience.Token);
            }
            catch (Exception error) when (error is OperationCanceledException or InvalidOperationException)
            {
                // It is gone already, or the system ends it with this process.
                continue;
            }
            finally
            {
                process.Dispose();
            }
        }
    }

    private static string[] AnyPort => ["--http", "127.0.0.1:0", "--fabric", "127.0.0.1:0"];

    private string FolderOf(string name) => Path.Combine(folder, name);

    private async Task<Failure?> StartAsync(string name, string[] arguments, CancellationToken stop)
    {
        var process = OwnProgram.Start([
            "node", "--data", FolderOf(name), .. arguments, "--json", "-D", "cete.fabric.preset=local",
            .. arguments.Contains("--token") || arguments.Contains("--create") ? ["--name", name] : Array.Empty<string>(),
            .. settings.SelectMany(setting => (string[])["-D", setting])]);
        var errors = new StringBuilder();
        process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        process.BeginErrorReadLine();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(StartDeadline);
        var line = await process.StandardOutput.ReadLineAsync(patience.Token);
        if (line is null)
        {
            await process.WaitForExitAsync(patience.Token);
            process.Dispose();
            return new Failure(FailureKind.Unavailable, $"the {name} node did not start: {errors.ToString().Trim()}");
        }

        using var ready = JsonDocument.Parse(line);
        _running[name] = (process, new Uri(ready.RootElement.GetProperty("address").GetString()!), ready.RootElement.GetProperty("node").GetString()!);
        return null;
    }
}
