using System.Text.Json;

namespace Cete.Program.Tests;

/// <summary>A node of its own folder.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly string _data;
    private CeteProcess _process;

    private TestNode(string data, CeteProcess process, Uri address) => (_data, _process, Address) = (data, process, address);

    public Uri Address { get; private set; }

    public string Data => _data;

    public CeteProcess Process => _process;

    /// <summary>Which build of the program it is started with; null for this one.</summary>
    public string? Program { get; set; }

    public static async Task<TestNode> CreateAsync(string data, params string[] more)
    {
        var (process, address) = await StartAsync(["node", "--create", "cooks", "--data", data, "--http", "127.0.0.1:0", "--json", .. more]);
        return new TestNode(data, process, address);
    }

    /// <summary>Starts a node as its arguments say.</summary>
    public static async Task<TestNode> StartAsync(
        string data, string[] more, IReadOnlyDictionary<string, string>? variables = null, string? network = null, string? program = null)
    {
        var (process, address) = await StartAsync(["node", "--data", data, "--http", "127.0.0.1:0", "--json", .. more], variables, network, program);
        return new TestNode(data, process, address) { Program = program };
    }

    public Task<Ran> CeteAsync(params string[] arguments) => CeteProcess.RunAsync([arguments[0], "--node", Address.AbsoluteUri, .. arguments[1..]]);

    public CeteProcess Start(params string[] arguments) => CeteProcess.Start([arguments[0], "--node", Address.AbsoluteUri, .. arguments[1..]]);

    /// <summary>Ends it by a signal; tells how it ended.</summary>
    public async Task<Ran> EndAsync(int signal)
    {
        _process.Signal(signal);
        return await _process.EndAsync();
    }

    /// <summary>Starts it again on the same port.</summary>
    public async Task RestartAsync(params string[] more)
    {
        await _process.DisposeAsync();
        (_process, Address) = await StartAsync(["node", "--data", _data, "--http", $"127.0.0.1:{Address.Port}", "--json", .. more], program: Program);
    }

    /// <summary>The files of contents that it holds, without what stands beside them.</summary>
    public IReadOnlyList<string> ContentFiles() =>
        [.. Directory.EnumerateFiles(Path.Combine(_data, "content"), "*", SearchOption.AllDirectories)
            .Where(path => !path.EndsWith(".have", StringComparison.Ordinal))];

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<(CeteProcess Process, Uri Address)> StartAsync(
        string[] arguments, IReadOnlyDictionary<string, string>? variables = null, string? network = null, string? program = null)
    {
        var process = CeteProcess.Start(arguments, variables: variables, network: network, program: program);
        var line = await process.FirstLine;
        if (line.Length == 0)
        {
            var ran = await process.EndAsync();
            Assert.Fail($"the node ended with {ran.Code}: {ran.Error}");
        }

        return (process, new Uri(JsonDocument.Parse(line).RootElement.GetProperty("address").GetString()!));
    }
}

/// <summary>One node for all tests that leave it as it is.</summary>
public sealed class SharedNode : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private TestNode? _node;

    internal TestNode Node => _node!;

    public async ValueTask InitializeAsync() => _node = await TestNode.CreateAsync(_folder.At("node"));

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }

        _folder.Dispose();
    }
}

/// <summary>The tests that share one node, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class NodeCollection : ICollectionFixture<SharedNode>
{
    public const string Name = "node";
}
