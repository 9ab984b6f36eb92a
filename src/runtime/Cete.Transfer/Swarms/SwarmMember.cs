using Cete.Core;
using Cete.Ports.Swarms;
using Cete.Swarm;

namespace Cete.Transfer.Swarms;

/// <summary>What a peer says of itself in every swarm.</summary>
/// <param name="Key">The key that it shows.</param>
/// <param name="Addresses">Where it thinks that it is reached, <c>HOST:PORT</c>.</param>
/// <param name="Uplink">Bytes a second that it can give; 0 where that is not known.</param>
public sealed record SwarmSelf(KeyId Key, IReadOnlyList<string> Addresses, long Uplink)
{
    /// <summary>It gives nothing of this content: the planner is told that it has none of it and serves nobody.</summary>
    public bool GivesNothing { get; init; }
}

/// <summary>
/// A peer's part in the swarm of one content: it reports to the planner, listens to the neighbours that it is given, and tells its download, if there is
/// one, who has what. Without the planner it goes on with those it knows.
/// </summary>
public sealed partial class SwarmMember : INeighbourhood, IAsyncDisposable
{
    /// <summary>Neighbours that are asked for.</summary>
    public const int NeighboursMax = 20;

    /// <summary>
    /// Newcomers that a peer serves at a time before they are handed to those who are still downloading: the first one alone. With more, each would get
    /// a part of the uplink, and a swarm of four would take as long as four downloads one after the other.
    /// </summary>
    public const int Slots = 1;

    private const int LiarsMax = 32;
    private static readonly TimeSpan NextMin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan NextMax = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LeaveMax = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TellInterval = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly Manifest _manifest;
    private readonly Func<PieceMap?> _have;
    private readonly Func<SwarmSelf> _self;
    private readonly ISwarmDesk _desk;
    private readonly INeighbourClient _client;
    private readonly IUploadRooms _rooms;
    private readonly IReadOnlyList<Uri> _origins;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stop = new();
    /// <summary>By their whole address: addresses as such are equal whatever key they name.</summary>
    private readonly Dictionary<string, Neighbour> _neighbours = new(StringComparer.Ordinal);
    private readonly HashSet<KeyId> _liars = [];
    private readonly SemaphoreSlim _wake = new(0);
    private Task _running = Task.CompletedTask;
    private INeighbourNews? _news;
    private IReadOnlyList<int> _rarest = [];
    private bool _areOriginsTold;

    /// <param name="manifest">The content.</param>
    /// <param name="have">What this peer has of it now; null when it has lost it.</param>
    /// <param name="self">This peer, as it is now.</param>
    /// <param name="origins">Who has it as far as its ID file says: they are asked until the planner names others.</param>
    /// <param name="desk">The planner.</param>
    /// <param name="client">Speaks with neighbours.</param>
    /// <param name="rooms">Those who listen to this peer.</param>
    /// <param name="clock">The time here.</param>
    public SwarmMember(
        Manifest manifest, Func<PieceMap?> have, Func<SwarmSelf> self, IReadOnlyList<Uri> origins, ISwarmDesk desk, INeighbourClient client,
        IUploadRooms rooms, TimeProvider clock) =>
        (_manifest, _have, _self, _origins, _desk, _client, _rooms, _clock) = (manifest, have, self, origins, desk, client, rooms, clock);

    /// <summary>What the planner said last; null before it said anything.</summary>
    public SwarmAdvice? Advice { get; private set; }

    /// <summary>Those it listens to now, and how much of the content each has.</summary>
    public IReadOnlyList<(Uri Peer, int Have)> Neighbours
    {
        get
        {
            lock (_gate)
            {
                return [.. _neighbours.Values.Where(known => known.Map is not null).Select(known => (known.Peer, known.Map!.Have))];
            }
        }
    }

    /// <summary>Begins to report.</summary>
    public void Start() => _running = Task.WhenAll(RunAsync(_stop.Token), TellNewsAsync(_stop.Token));

    /// <inheritdoc/>
    public IDisposable Attach(INeighbourNews news)
    {
        lock (_gate)
        {
            _news = news;
            _areOriginsTold = false;
            foreach (var known in _neighbours.Values.Where(known => known.Map is not null))
            {
                news.Found(known.Peer, known.Map!.Copy());
            }

            if (_rarest.Count > 0)
            {
                news.Rarest(_rarest);
            }

            TellOrigins();
        }

        _wake.Release();
        return new Attachment(this, news);
    }

    /// <inheritdoc/>
    public void Accuse(Uri peer)
    {
        if (PeerAddress.Of(peer) is not { } liar)
        {
            return;
        }

        lock (_gate)
        {
            if (_liars.Count < LiarsMax)
            {
                _liars.Add(liar.Key);
            }
        }
    }

    /// <inheritdoc/>
    public void Pass(Uri peer)
    {
        lock (_gate)
        {
            if (_neighbours.TryGetValue(peer.AbsoluteUri, out var neighbour))
            {
                neighbour.Pass();
                Tell(neighbour);
            }
        }
    }

    /// <summary>What a neighbour has; null where that is not known.</summary>
    public PieceMap? MapOf(KeyId key)
    {
        lock (_gate)
        {
            return _neighbours.Values.FirstOrDefault(known => known.Key == key)?.Map?.Copy();
        }
    }

    /// <summary>Says goodbye, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        await _running;
        Task[] listening;
        lock (_gate)
        {
            listening = [.. _neighbours.Values.Select(known => known.Listening)];
        }

        await Task.WhenAll(listening);
        using var brief = new CancellationTokenSource(LeaveMax, _clock);
        if (Advice is not null && _have() is { } have)
        {
            await AnnounceAsync(have, isLeaving: true, brief.Token);
        }

        _wake.Dispose();
    }

    private async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (_have() is { } have)
            {
                var answer = await AnnounceAsync(have, isLeaving: false, stop);
                var next = RetryAfter;
                if (answer.Succeeded)
                {
                    Take(answer.Value);
                    next = answer.Value.Next;
                }

                TellOriginsIfAlone();
                await _wake.WaitAsync(next < NextMin ? NextMin : next > NextMax ? NextMax : next, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // It ends.
        }
    }

    private async Task<Outcome<SwarmAdvice>> AnnounceAsync(PieceMap have, bool isLeaving, CancellationToken stop)
    {
        var self = _self();
        SwarmReport report;
        lock (_gate)
        {
            report = new SwarmReport(self.Key, self.GivesNothing ? new PieceMap(have.Count) : have)
            {
                Addresses = self.Addresses,
                Uplink = self.GivesNothing ? 0 : self.Uplink,
                Slots = self.GivesNothing ? 0 : Slots,
                IsLeaving = isLeaving,
                NeighboursMax = NeighboursMax,
                Neighbours = [.. _neighbours.Values.Where(known => known.Map is not null).Select(known => known.Key)],
                Liars = [.. _liars],
            };
        }

        try
        {
            return await _desk.AnnounceAsync(_manifest, report, stop);
        }
        catch (OperationCanceledException) when (isLeaving)
        {
            return new Failure(FailureKind.Unavailable, "no time to say goodbye");
        }
    }

    private void Take(SwarmAdvice advice)
    {
        Advice = advice;
        _rooms.SuperSeed(_manifest.Root, advice.IsSuperSeeding);
        lock (_gate)
        {
            var wanted = advice.Neighbours.Where(peer => !_liars.Contains(peer.Key)).Select(peer => peer.ToUri().AbsoluteUri).ToHashSet();
            foreach (var gone in _neighbours.Values.Where(known => !wanted.Contains(known.Peer.AbsoluteUri)).ToList())
            {
                // What listens ends by itself, and not within this lock.
                _ = gone.Stop.CancelAsync();
            }

            foreach (var peer in advice.Neighbours)
            {
                var address = peer.ToUri();
                if (wanted.Contains(address.AbsoluteUri) && !_neighbours.ContainsKey(address.AbsoluteUri))
                {
                    var neighbour = new Neighbour(address, peer.Key, CancellationTokenSource.CreateLinkedTokenSource(_stop.Token));
                    _neighbours.Add(address.AbsoluteUri, neighbour);
                    neighbour.Listening = ListenAsync(neighbour);
                }
            }

            _rarest = advice.Rarest;
            if (_rarest.Count > 0)
            {
                _news?.Rarest(_rarest);
            }
        }
    }

    /// <summary>Whom the ID file names is asked where the planner names nobody who has everything.</summary>
    private void TellOriginsIfAlone()
    {
        lock (_gate)
        {
            if (Advice is not { HasSource: true })
            {
                TellOrigins();
            }
        }
    }

    private void TellOrigins()
    {
        if (_news is null || _areOriginsTold || Advice is { HasSource: true })
        {
            return;
        }

        _areOriginsTold = true;
        foreach (var origin in _origins.Where(origin => !_neighbours.ContainsKey(origin.AbsoluteUri)))
        {
            _news.Found(origin, null);
        }
    }

    private void Detach(INeighbourNews news)
    {
        lock (_gate)
        {
            if (ReferenceEquals(_news, news))
            {
                _news = null;
            }
        }

        // That everything is here now, others are to know at once.
        if (!_stop.IsCancellationRequested)
        {
            _wake.Release();
        }
    }

    private sealed class Attachment(SwarmMember member, INeighbourNews news) : IDisposable
    {
        public void Dispose() => member.Detach(news);
    }
}
