using Cete.Core;
using Cete.Ports;
using Cete.Ports.Swarms;
using Cete.Swarm;

namespace Cete.Transfer.Swarms;

/// <summary>What a peer says of itself in every swarm.</summary>
/// <param name="Key">The key that it shows.</param>
/// <param name="Addresses">Where it thinks that it is reached, <c>HOST:PORT</c>.</param>
/// <param name="Uplink">Bytes a second that it can give; 0 where that is not known.</param>
/// <param name="FreeSlots">Uploads that it could begin now.</param>
public sealed record SwarmSelf(KeyId Key, IReadOnlyList<string> Addresses, long Uplink, int FreeSlots);

/// <summary>
/// A peer's part in the swarm of one content: it reports to the planner, listens to the neighbours that it is given, and tells its download, if there is
/// one, who has what. Without the planner it goes on with those it knows.
/// </summary>
public sealed class SwarmMember : INeighbourhood, IAsyncDisposable
{
    /// <summary>Neighbours that are asked for.</summary>
    public const int NeighboursMax = 20;

    private const int LiarsMax = 32;
    private static readonly TimeSpan NextMin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan NextMax = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LeaveMax = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Manifest _manifest;
    private readonly Func<PieceMap?> _have;
    private readonly Func<SwarmSelf> _self;
    private readonly ISwarmDesk _desk;
    private readonly IHaveWatcher _watcher;
    private readonly IReadOnlyList<Uri> _origins;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<Uri, Neighbour> _neighbours = [];
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
    /// <param name="watcher">Hears from neighbours.</param>
    /// <param name="clock">The time here.</param>
    public SwarmMember(
        Manifest manifest, Func<PieceMap?> have, Func<SwarmSelf> self, IReadOnlyList<Uri> origins, ISwarmDesk desk, IHaveWatcher watcher, TimeProvider clock) =>
        (_manifest, _have, _self, _origins, _desk, _watcher, _clock) = (manifest, have, self, origins, desk, watcher, clock);

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
    public void Start() => _running = RunAsync(_stop.Token);

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

    /// <summary>Says goodbye, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await Task.WhenAll(_neighbours.Values.Select(known => known.Listening));
        using var brief = new CancellationTokenSource(LeaveMax, _clock);
        if (Advice is not null && _have() is { } have)
        {
            await AnnounceAsync(have, isLeaving: true, brief.Token);
        }

        _stop.Dispose();
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
            report = new SwarmReport(self.Key, have)
            {
                Addresses = self.Addresses,
                Uplink = self.Uplink,
                FreeSlots = self.FreeSlots,
                IsLeaving = isLeaving,
                NeighboursMax = have.IsFull || isLeaving ? 0 : NeighboursMax,
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
        lock (_gate)
        {
            var wanted = advice.Neighbours.Where(peer => !_liars.Contains(peer.Key)).Select(peer => peer.ToUri()).ToHashSet();
            foreach (var gone in _neighbours.Values.Where(known => !wanted.Contains(known.Peer)).ToList())
            {
                // What listens ends by itself, and not within this lock.
                _ = gone.Stop.CancelAsync();
            }

            foreach (var peer in advice.Neighbours)
            {
                var address = peer.ToUri();
                if (wanted.Contains(address) && !_neighbours.ContainsKey(address))
                {
                    var neighbour = new Neighbour(address, peer.Key, CancellationTokenSource.CreateLinkedTokenSource(_stop.Token));
                    _neighbours.Add(address, neighbour);
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

    /// <summary>Listens to one neighbour as long as it is one; one that breaks off is tried again when the planner names it again.</summary>
    private async Task ListenAsync(Neighbour neighbour)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await _watcher.WatchAsync(
            neighbour.Peer,
            _manifest,
            map =>
            {
                lock (_gate)
                {
                    neighbour.Map = map;
                    _news?.Found(neighbour.Peer, map.Copy());
                }
            },
            pieces =>
            {
                lock (_gate)
                {
                    foreach (var piece in pieces)
                    {
                        neighbour.Map!.Set(piece);
                    }

                    _news?.Has(neighbour.Peer, pieces);
                }
            },
            neighbour.Stop.Token);
        lock (_gate)
        {
            _neighbours.Remove(neighbour.Peer);
            if (neighbour.Map is not null)
            {
                _news?.Lost(neighbour.Peer);
            }

            neighbour.Stop.Dispose();
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
        foreach (var origin in _origins.Where(origin => !_neighbours.ContainsKey(origin)))
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

    private sealed class Neighbour(Uri peer, KeyId key, CancellationTokenSource stop)
    {
        public Uri Peer { get; } = peer;

        public KeyId Key { get; } = key;

        public CancellationTokenSource Stop { get; } = stop;

        /// <summary>What it has; null before it said so.</summary>
        public PieceMap? Map { get; set; }

        public Task Listening { get; set; } = Task.CompletedTask;
    }
}
