using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Cete.Api;
using Cete.App.Compose.Community;
using Cete.App.Verbs;
using Cete.Core;
using Cete.Net.Rates;
using Cete.Net.Swarms;
using Cete.Net.Tls;
using Cete.Ports.Folders;
using Cete.Storage;
using Cete.Storage.Contents;
using Cete.Storage.Local;
using Cete.Transfer.Swarms;
using Cete.Trust;

namespace Cete.App.Agent;

/// <summary>An agent as a peer: its key, its port, what it gives back, and the communities in whose swarms it takes part.</summary>
internal sealed class AgentPeers : IAsyncDisposable
{
    private const string KeyFile = "key.pem";

    private readonly NodeKey _key;
    private readonly OwnKey _shown;
    private readonly AgentContents _contents;
    private readonly UploadRooms _rooms;
    private readonly GivenBack _given;
    private readonly GivenBook _book;
    private readonly AgentOffers _offers;
    private PeerHost? _host;
    private readonly ConcurrentDictionary<string, CommunityPeers> _communities = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _opening = new(1);
    private readonly AgentSettings _settings;
    private readonly AgentLimiter _limits;

    private AgentPeers(AgentSettings settings, AgentLimiter limits, NodeKey key, OwnKey shown, GivenBook book)
    {
        (_settings, _limits, _key, _shown, _book) = (settings, limits, key, shown, book);
        _given = new GivenBack(book) { IsOffered = limits.Share };
        limits.Shared = ShareAsync;
        _contents = new AgentContents(_given, node => _communities.TryGetValue(node, out var known) ? known.Community : null);
        _offers = new AgentOffers(_given, _contents, FindAsync);
        _rooms = new UploadRooms(_contents, TimeProvider.System)
        {
            Opened = _offers.Heard,
            Known = (root, key) => _communities.Values.Select(community => community.MapOf(root, key)).FirstOrDefault(map => map is not null),
        };
    }

    /// <summary>Its name among peers.</summary>
    public KeyId Key => _key.Id;

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address => _host!.Address;

    /// <summary>Contents that it gives back.</summary>
    public int Given => _given.Count;

    /// <summary>Somebody is being sent something.</summary>
    public bool IsBusy => _limits.Slots.IsUsed;

    /// <summary>Everything that downloads fetch passes it.</summary>
    public Pacer Down => _limits.Down;

    /// <summary>The address of this machine that connections of downloads come from; null for any.</summary>
    public IPAddress? From => _settings.From;

    /// <summary>Opens or makes its key, and starts to listen.</summary>
    /// <param name="place">Where the agent lives.</param>
    /// <param name="settings">Where it listens.</param>
    /// <param name="limits">What it may use; stays the caller's.</param>
    public static async Task<Outcome<AgentPeers>> OpenAsync(AgentPlace place, AgentSettings settings, AgentLimiter limits)
    {
        var key = OpenKey(Path.Combine(place.Folder, KeyFile));
        if (!key.Succeeded)
        {
            return key.Failure;
        }

        var peers = new AgentPeers(
            settings, limits, key.Value, OwnKey.Of(key.Value, TimeProvider.System), new GivenBook(place.Given, GivenBack.CountMax));
        var host = await PeerHost.StartAsync(
            settings.Listen, peers._shown, peers._contents, limits.Slots, peers._rooms, TimeProvider.System, limits.Up);
        if (!host.Succeeded)
        {
            await peers.DisposeAsync();
            return host.Failure;
        }

        peers._host = host.Value;
        return peers;
    }

    /// <summary>Offers what the user shares, and what he downloaded, to the communities that it is for.</summary>
    public void Offer(ISharedFiles shared)
    {
        _contents.Shared = shared;
        _offers.Start(shared);
    }

    /// <summary>Its part in the community of a node; null where that has no accounts, hence no tickets, or is not to be reached now.</summary>
    public async Task<CommunityPeers?> FindAsync(string node, TlsTrust trust, CancellationToken stop)
    {
        if (_communities.TryGetValue(node, out var known))
        {
            return known;
        }

        await _opening.WaitAsync(stop);
        try
        {
            if (_communities.TryGetValue(node, out known))
            {
                return known;
            }

            var client = Common.Connect(new Uri(node), trust);
            var servers = await client.GetAsync(Routes.Servers, ApiJson.Default.ServersAnswer, stop);
            if (servers is { Succeeded: true, Value: { CommunityId: var id, Services: { } services } } && KeyId.TryParse(id, out var community)
                && services.Any(service => service?.Service == "accounts"))
            {
                var origin = new ContentOrigin(community, node, trust.Text);
                return _communities[node] = new CommunityPeers(
                    client, origin, OwnKey.Of(_key, TimeProvider.System), _given, _rooms, _contents, Self, () => _limits.Share, From,
                    servers.Value, root => _host!.Uploads.Of(root));
            }

            await client.DisposeAsync();
            return null;
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _offers.DisposeAsync();
        foreach (var community in _communities.Values)
        {
            await community.DisposeAsync();
        }

        if (_host is { } host)
        {
            await host.DisposeAsync();
        }

        _shown.Dispose();
        _key.Dispose();
        _opening.Dispose();
        _book.Dispose();
    }

    private Task ShareAsync(bool isShared)
    {
        _given.IsOffered = isShared;
        return Task.WhenAll(_communities.Values.Select(community => community.ShareAsync(isShared)));
    }

    private SwarmSelf Self()
    {
        var port = Address.Port;
        IEnumerable<IPAddress> addresses = Address.Address.Equals(IPAddress.Any) ? [IPAddress.Loopback, .. LocalAddresses.All()]
            : Address.Address.Equals(IPAddress.IPv6Any) ? [IPAddress.IPv6Loopback, .. LocalAddresses.All()]
            : [Address.Address];
        return new SwarmSelf(
            _key.Id,
            [
                .. addresses.Where(address => address.AddressFamily == Address.AddressFamily).Take(Ports.Swarms.SwarmReport.AddressesMax)
                    .Select(address => new IPEndPoint(address, port).ToString()),
            ],
            Uplink: _limits.Up.PerSecond);
    }

    private static Outcome<NodeKey> OpenKey(string path)
    {
        var read = PrivateFile.Read(path);
        if (!read.Succeeded)
        {
            return read.Failure;
        }

        if (read.Value is { } bytes)
        {
            return NodeKey.FromPem(Encoding.UTF8.GetString(bytes));
        }

        var made = NodeKey.Create();
        if (PrivateFile.Write(path, Encoding.UTF8.GetBytes(made.ToPem())) is not { } failure)
        {
            return made;
        }

        made.Dispose();
        return failure;
    }
}
