using System.Collections.Concurrent;
using System.Net;
using Cete.Core;
using Cete.Net.Rates;
using Cete.Net.Swarms;
using Cete.Net.Tests.Fabric;
using Cete.Net.Tickets;
using Cete.Ports;
using Cete.Storage;
using Cete.Storage.Contents;
using Cete.Swarm;
using Cete.Trust;
using Cete.Trust.Tickets;

namespace Cete.Net.Tests.Swarms;

/// <summary>A community that makes tickets, and agents of its members.</summary>
internal sealed class SwarmWorld : ITicketSource, IAsyncDisposable
{
    private readonly NodeIdentity _accounts;
    private readonly List<IAsyncDisposable> _agents = [];

    public SwarmWorld()
    {
        _accounts = Community.NewNode("accounts");
        Issuer = new TicketIssuer(_accounts.Key, () => _accounts.Issued, Community.Id, TimeProvider.System);
        Transport = new PeerTransport(this, TimeProvider.System);
    }

    public TestCommunity Community { get; } = new();

    public TicketIssuer Issuer { get; }

    /// <summary>Who asks, with good tickets.</summary>
    public PeerTransport Transport { get; }

    public async Task<Agent> StartAsync(int slots = 8, TimeProvider? clock = null)
    {
        var agent = await Agent.StartAsync(slots, clock ?? TimeProvider.System);
        _agents.Add(agent);
        return agent;
    }

    public Uri AddressOf(Agent agent, KeyId? key = null) =>
        new PeerAddress("127.0.0.1", agent.Host.Address.Port, key ?? agent.Key.Id, Community.Id).ToUri();

    public Task<Outcome<string>> FindAsync(KeyId community, Hash256 content, KeyId key, CancellationToken cancellation) =>
        Task.FromResult<Outcome<string>>(Issuer.ForKey(content, key).ToString());

    public async ValueTask DisposeAsync()
    {
        Transport.Dispose();
        foreach (var agent in _agents)
        {
            await agent.DisposeAsync();
        }

        _accounts.Dispose();
        await Community.DisposeAsync();
    }
}

/// <summary>The port of somebody's agent, and what is behind it.</summary>
internal sealed class Agent : ICommunityContents, IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cete-agent-").FullName;
    private readonly ConcurrentDictionary<Hash256, KeyId> _of = new();
    private readonly NodeKey _kept = NodeKey.Create();

    private Agent(int slots, TimeProvider clock)
    {
        Store = new ContentStore(new PhysicalFiles(), _folder);
        Key = OwnKey.Of(_kept, TimeProvider.System);
        Slots = new UploadSlots(slots, clock);
        Pace = new Pacer(clock);
        Rooms = new UploadRooms(this, TimeProvider.System);
    }

    public ContentStore Store { get; }

    public OwnKey Key { get; }

    public UploadSlots Slots { get; }

    public Pacer Pace { get; }

    public UploadRooms Rooms { get; }

    public PeerHost Host { get; private set; } = null!;

    public static async Task<Agent> StartAsync(int slots, TimeProvider clock)
    {
        var agent = new Agent(slots, clock);
        agent.Host = (await PeerHost.StartAsync(
            new IPEndPoint(IPAddress.Loopback, 0), agent.Key, agent, agent.Slots, agent.Rooms, TimeProvider.System, agent.Pace)).Value;
        return agent;
    }

    /// <summary>Has a content, or these pieces of it, for members of a community.</summary>
    public IContentFile Has(TestContent content, KeyId community, params IEnumerable<int> pieces)
    {
        var file = Store.Begin(content.Manifest).Value;
        _of[content.Root] = community;
        foreach (var piece in pieces)
        {
            Assert.True(file.Write(piece, content.Piece(piece).Span).Succeeded);
        }

        return file;
    }

    public IContentFile? Find(in Hash256 root) => Store.Find(root);

    public bool IsOf(KeyId community, in Hash256 root) => _of.TryGetValue(root, out var known) && known == community;

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        Slots.Dispose();
        Pace.Dispose();
        Key.Dispose();
        _kept.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
