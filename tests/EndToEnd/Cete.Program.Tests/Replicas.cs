using Cete.Api;
using Cete.Testing;
using static Cete.Program.Tests.Community;

namespace Cete.Program.Tests;

/// <summary>Communities of nodes that all have replicas of all services, and how these stand.</summary>
internal sealed class Replicas : IAsyncDisposable
{
    public const string AllRoles = "accounts,bank,cache,index,services,share,tracker";

    /// <summary>Waiting for a group to settle takes elections, and on a busy machine time.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan AnswerBound = TimeSpan.FromSeconds(10);
    private readonly List<HttpClient> _clients = [];
    private readonly string[] _settings;
    private readonly TempFolder _folder;
    private int _named = 1;

    private readonly Networks? _networks;

    private Replicas(TempFolder folder, string[] settings, Networks? networks) => (_folder, _settings, _networks) = (folder, settings, networks);

    public List<TestNode> Nodes { get; } = [];

    public List<NodeApi> Apis { get; } = [];

    public TestNode First => Nodes[0];

    /// <summary>Starts a community of so many nodes and waits until each service has its voters.</summary>
    public static async Task<Replicas> StartAsync(TempFolder folder, int count, params string[] settings) =>
        await GrowAsync(folder, await TestNode.CreateAsync(folder.At("n0"), ["--name", "n0", .. Local, .. settings]), count, settings);

    /// <summary>The same in networks of their own.</summary>
    public static async Task<Replicas> StartInAsync(Networks networks, TempFolder folder, int count, params string[] settings)
    {
        string[] first = ["--create", "cooks", "--name", "n0", .. FabricOf(0), .. settings];
        return await GrowAsync(new Replicas(folder, settings, networks), await TestNode.StartAsync(folder.At("n0"), first, network: networks.NameOf(0)), count);
    }

    /// <summary>Has as many nodes join the first one as are missing, and waits until each service has its voters.</summary>
    public static Task<Replicas> GrowAsync(TempFolder folder, TestNode first, int count, params string[] settings) =>
        GrowAsync(new Replicas(folder, [.. Local, .. settings], null), first, count);

    /// <summary>Has one more node join.</summary>
    /// <param name="by">Makes the token.</param>
    /// <param name="folder">Where its data are to be; a folder of its name otherwise.</param>
    /// <remarks>It is of the same build as the one that makes the token.</remarks>
    public async Task<TestNode> JoinAsync(TestNode by, string? folder = null)
    {
        var name = $"n{_named++}";
        string[] fabric = _networks is null ? [] : FabricOf(Nodes.Count);
        var token = (await CeteProcess.RunAsync(
            ["token", "create", "--roles", AllRoles, "--json", "--node", by.Address.AbsoluteUri, "--key", KeyOf(by)],
            network: _networks?.NameOf(Nodes.IndexOf(by)))).Ended(0).Json.GetProperty("token").GetString()!;
        var node = await TestNode.StartAsync(
            folder ?? _folder.At(name), ["--token", token, "--name", name, .. fabric, .. _settings], network: _networks?.NameOf(Nodes.Count),
            program: by.Program);
        Take(node);
        return node;
    }

    public Task RestartAsync(TestNode node) => node.RestartAsync(_settings);

    /// <summary>Leaves out nodes that have been ended for ever. Names count on, so those that join later get others.</summary>
    public void Forget(params int[] nodes)
    {
        foreach (var gone in nodes.OrderDescending())
        {
            Nodes.RemoveAt(gone);
            Apis.RemoveAt(gone);
        }
    }

    public NodeApi ApiOf(TestNode node) => Apis[Nodes.IndexOf(node)];

    /// <summary>The node that is the root of a group, as others of them say that answer; null when none of them knows.</summary>
    public async Task<TestNode?> RootAsync(string group, params TestNode[] asked)
    {
        foreach (var node in asked.Length > 0 ? asked : [.. Nodes])
        {
            var known = node.Process.HasExited ? default : await ApiOf(node).GroupAsync(group);
            if (known is { Succeeded: true, Value.Replicas: var all } && all.FirstOrDefault(replica => replica.IsRoot) is { } root)
            {
                return Nodes.Find(of => of.Data.EndsWith(root.Name, StringComparison.Ordinal));
            }
        }

        return null;
    }

    /// <summary>Waits until a group has a root that those who are asked agree on; tells it.</summary>
    public async Task<TestNode> RootedAsync(string group, params TestNode[] asked)
    {
        TestNode? root = null;
        await Eventually.TrueAsync(async () => (root = await RootAsync(group, asked)) is { Process.HasExited: false }, $"'{group}' has a root", Bound);
        return root!;
    }

    /// <summary>Waits until these nodes agree that every group has so many replicas and bears so many losses, and all have applied the same.</summary>
    public async Task SettledAsync(int failures, int replicas, IReadOnlyList<TestNode> nodes)
    {
        foreach (var group in (string[])["index", "tracker"])
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    var known = new List<GroupInfo>();
                    foreach (var node in nodes)
                    {
                        var info = await ApiOf(node).GroupAsync(group);
                        if (info.Succeeded)
                        {
                            known.Add(info.Value);
                        }
                    }

                    return known.Count == nodes.Count
                        && known.All(info => info.Root is not null && info.FailuresTolerated == failures && info.Replicas.Count == replicas)
                        && known.Select(info => (info.Root, info.Applied)).Distinct().Count() == 1;
                },
                $"{nodes.Count} nodes agree on {replicas} replicas of '{group}' that bear {failures} losses",
                Bound);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }

        _clients.ForEach(client => client.Dispose());
    }

    private static async Task<Replicas> GrowAsync(Replicas replicas, TestNode first, int count)
    {
        replicas.Take(first);
        try
        {
            while (replicas.Nodes.Count < count)
            {
                await replicas.JoinAsync(replicas.First);
            }

            await replicas.SettledAsync(count >= 3 ? 1 : 0, count, replicas.Nodes);
            return replicas;
        }
        catch
        {
            await replicas.DisposeAsync();
            throw;
        }
    }

    private static string[] FabricOf(int network) => ["--fabric", $"{Networks.AddressOf(network)}:2384"];

    private void Take(TestNode node)
    {
        var client = _networks?.ClientIn(Nodes.Count) ?? new HttpClient();
        client.Timeout = AnswerBound;
        _clients.Add(client);
        Nodes.Add(node);
        Apis.Add(new NodeApi(client, () => node.Address, TestContext.Current.CancellationToken));
    }
}
