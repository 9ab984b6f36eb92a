using Cete.App.Agent;
using Cete.Core;
using Cete.Ports;
using Cete.Storage.Contents;
using Cete.Swarm;
using Cete.Transfer;

namespace Cete.App.Verbs.Get;

/// <summary>Knows of a download that runs which files it is about, how far each is, and who gives and gets what. For several callers at once.</summary>
/// <param name="clock">The time here.</param>
/// <param name="swarms">Knows of neighbours; null where nobody does.</param>
internal sealed class FetchWatch(TimeProvider clock, CommunityPeers? swarms)
{
    /// <summary>Files that are remembered; of a folder with a million the first are forgotten when they are there.</summary>
    private const int FilesKept = 1_000;

    /// <summary>Contents whose takers are looked for: those that come, and those that came last.</summary>
    private const int ContentsLooked = 16;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, FetchedFile> _files = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Uri Source, RateMeter Meter)> _gave = new(StringComparer.Ordinal);
    private readonly RateMeter _down = new(clock);
    private int _count;

    /// <summary>Who gave how much, those that gave most first.</summary>
    public IReadOnlyList<JobSource> Sources =>
    [
        .. Gave().OrderByDescending(one => one.Meter.Total).Take(JobSource.Max)
            .Select(one => new JobSource(one.Source.AbsoluteUri.TrimEnd('/'), one.Meter.Total) { Kind = KindOf(one.Source) }),
    ];

    /// <summary>Who gave how much, by what they are.</summary>
    public JobOrigins From => Gave().Aggregate(default(JobOrigins), (sum, one) => sum.Plus(KindOf(one.Source) switch
    {
        JobSourceKind.Cache => new JobOrigins(0, 0, one.Meter.Total),
        JobSourceKind.Peer => new JobOrigins(0, one.Meter.Total, 0),
        _ => new JobOrigins(one.Meter.Total, 0, 0),
    }));

    /// <summary>A file is wanted.</summary>
    public void Begin(Wanted wanted)
    {
        lock (_gate)
        {
            var number = ++_count;
            (_files[number], _numbers[wanted.Path]) = (new FetchedFile(number, wanted), number);
            if (_files.Count > FilesKept && _files.Values.FirstOrDefault(file => file.State == JobFileState.Done) is { } old)
            {
                _files.Remove(old.Number);
                _numbers.Remove(old.Wanted.Path);
            }
        }
    }

    /// <summary>It is being fetched, into a file that stays open until <see cref="End"/> or <see cref="Close"/>.</summary>
    public void Open(Wanted wanted, IContentFile file) => Find(wanted)?.Set(JobFileState.Running, file);

    /// <summary>Its file is about to be closed.</summary>
    public void Close(Wanted wanted) => Find(wanted)?.Set(JobFileState.Running, null);

    /// <summary>It is there, or is not going to be.</summary>
    public void End(Wanted wanted, bool isThere) => Find(wanted)?.Set(isThere ? JobFileState.Done : JobFileState.Failed, null);

    /// <summary>Somebody gave so much.</summary>
    public void Came(Uri source, int bytes)
    {
        RateMeter meter;
        lock (_gate)
        {
            meter = _gave.TryGetValue(source.AbsoluteUri, out var known) ? known.Meter : new RateMeter(clock);
            _gave[source.AbsoluteUri] = (source, meter);
        }

        meter.Add(bytes);
        _down.Add(bytes);
    }

    /// <summary>A file by its number; null where it is not known, or forgotten.</summary>
    public FetchedFile? Find(int number)
    {
        lock (_gate)
        {
            return _files.GetValueOrDefault(number);
        }
    }

    /// <summary>All that is known, of a download of so many bytes of which so many are there.</summary>
    public JobDetails Look(long done, long? total)
    {
        List<FetchedFile> files;
        lock (_gate)
        {
            files = [.. _files.Values.OrderBy(file => OrderOf(file.State)).ThenBy(file => file.Number)];
        }

        var contents = files.Where(file => file.State == JobFileState.Running)
            .Concat(files.Where(file => file.State == JobFileState.Done).Reverse()).Take(ContentsLooked).ToList();
        var peers = PeersOf(contents);
        var down = _down.PerSecond;
        return new JobDetails(
            [.. files.Take(JobDetails.FilesMax).Select(file => file.Look())],
            [.. peers.OrderByDescending(peer => peer.Received).ThenByDescending(peer => peer.Sent).Take(JobDetails.PeersMax)],
            down, peers.Sum(peer => peer.Up), total > done && down > 0 ? (total - done) / (double)down : null)
        {
            FileCount = _count,
        };
    }

    private static int OrderOf(JobFileState state) => state switch
    {
        JobFileState.Running => 0,
        JobFileState.Failed => 1,
        JobFileState.Waiting => 2,
        _ => 3,
    };

    private List<JobPeer> PeersOf(IReadOnlyList<FetchedFile> contents)
    {
        Dictionary<string, Known> known = new(StringComparer.Ordinal);
        Known Of(Uri? address, KeyId? key)
        {
            var id = key?.ToString() ?? address!.AbsoluteUri;
            if (!known.TryGetValue(id, out var one))
            {
                known[id] = one = new Known { Key = key };
            }

            one.Address ??= address?.Authority;
            one.Kind = address is null ? one.Kind : KindOf(address);
            return one;
        }

        foreach (var (source, meter) in Gave())
        {
            var one = Of(source, PeerAddress.Of(source)?.Key);
            (one.Received, one.Down) = (one.Received + meter.Total, one.Down + meter.PerSecond);
        }

        foreach (var manifest in contents.Select(file => file.Wanted.Manifest))
        {
            foreach (var (peer, have) in swarms?.NeighboursOf(manifest.Root) ?? [])
            {
                var one = Of(peer, PeerAddress.Of(peer)?.Key);
                (one.IsNeighbour, one.Share) = (true, (int)(1_000L * have / manifest.PieceCount));
            }

            foreach (var taker in swarms?.TakersOf(manifest.Root) ?? [])
            {
                var one = Of(null, taker.Key);
                (one.Sent, one.Up, one.Address) = (one.Sent + taker.Sent, one.Up + taker.PerSecond, one.Address ?? taker.Address?.ToString());
            }
        }

        return [.. known.Values.Select(one => one.ToPeer())];
    }

    private JobSourceKind KindOf(Uri source) => swarms?.KindOf(source)
        ?? (source.Scheme == PeerAddress.Scheme ? JobSourceKind.Peer : JobSourceKind.Node);

    private List<(Uri Source, RateMeter Meter)> Gave()
    {
        lock (_gate)
        {
            return [.. _gave.Values];
        }
    }

    /// <summary>The file that is to be there; null where it is not known, or forgotten.</summary>
    public FetchedFile? Find(Wanted wanted)
    {
        lock (_gate)
        {
            return _numbers.TryGetValue(wanted.Path, out var number) ? _files.GetValueOrDefault(number) : null;
        }
    }

    /// <summary>What is known of somebody.</summary>
    private sealed class Known
    {
        public KeyId? Key { get; init; }

        public string? Address { get; set; }

        public JobSourceKind Kind { get; set; } = JobSourceKind.Peer;

        public bool IsNeighbour { get; set; }

        public long Received { get; set; }

        public long Sent { get; set; }

        public long Down { get; set; }

        public long Up { get; set; }

        public int? Share { get; set; }

        public JobPeer ToPeer()
        {
            var role = Received > 0 && (Share ?? 1_000) == 1_000 ? JobPeerRole.Source
                : Received > 0 ? JobPeerRole.Upstream
                : Sent > 0 ? JobPeerRole.Downstream
                : JobPeerRole.Neighbour;
            return new JobPeer(Address ?? "unknown", Key?.ToString(), Kind, role, Received, Sent, Down, Up, Share);
        }
    }
}

/// <summary>A file of a download that runs. For several callers at once.</summary>
/// <param name="number">Of the download's.</param>
/// <param name="wanted">What it is to be.</param>
internal sealed class FetchedFile(int number, Wanted wanted)
{
    private readonly Lock _gate = new();
    private IContentFile? _file;

    /// <summary>By which it is asked for.</summary>
    public int Number { get; } = number;

    /// <summary>What it is to be.</summary>
    public Wanted Wanted { get; } = wanted;

    /// <summary>How it stands.</summary>
    public JobFileState State { get; private set; }

    /// <summary>It stands so now.</summary>
    /// <param name="state">How.</param>
    /// <param name="file">While it comes, where to; stays the caller's.</param>
    public void Set(JobFileState state, IContentFile? file)
    {
        lock (_gate)
        {
            (State, _file) = (state, file);
        }
    }

    /// <summary>Tells its download which pieces somebody waits for.</summary>
    public UrgentPieces Urgent { get; } = new();

    /// <summary>What came of it, to be read; null where nothing is open. To be disposed.</summary>
    public IContentFile? Read()
    {
        lock (_gate)
        {
            return Preview.Share(_file);
        }
    }

    /// <summary>As it is told of.</summary>
    public JobFile Look()
    {
        var manifest = Wanted.Manifest;
        var (state, pieces) = Now();
        List<PieceSpan> here = [];
        for (var first = pieces.NextPresent(0); first < pieces.Count && here.Count < JobFile.RunsMax;)
        {
            var end = pieces.NextMissing(first);
            here.Add(new PieceSpan(first, end - first));
            first = pieces.NextPresent(end);
        }

        return new JobFile(Number, Wanted.Path, manifest.Root.ToString(), manifest.Length, state, manifest.PieceLength, manifest.PieceCount, here)
        {
            PiecesHere = pieces.Have,
        };
    }

    private (JobFileState State, PieceMap Pieces) Now()
    {
        lock (_gate)
        {
            var count = Wanted.Manifest.PieceCount;
            return (State, State == JobFileState.Done ? PieceMap.Full(count) : _file?.Pieces ?? new PieceMap(count));
        }
    }
}
