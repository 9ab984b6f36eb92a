using System.Net;
using Cete.Core;

namespace Cete.Formats.Tracking;

/// <summary>Where a peer takes connections.</summary>
public sealed record TrackedPeer(IPAddress Address, int Port, byte[] Id);

/// <summary>What a tracker says of a swarm.</summary>
/// <param name="Seeds">Peers that have all of it.</param>
/// <param name="Downloaders">Peers that do not.</param>
/// <param name="Completed">Downloads that ended since the swarm is known here.</param>
public sealed record SwarmCounts(int Seeds, int Downloaders, long Completed);

/// <summary>
/// Who is in which swarm, of clients that announce themselves over HTTP (BEP 3). All of it is soft state: a client that does not come back
/// in time is forgotten, and after a restart everybody comes back by themselves. One caller at a time.
/// </summary>
/// <param name="seed">Of the generator that chooses which peers are told.</param>
public sealed class TrackerSwarms(ulong seed)
{
    /// <summary>How often clients come back.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    /// <summary>How soon they may.</summary>
    public static readonly TimeSpan IntervalMin = TimeSpan.FromSeconds(30);

    /// <summary>Swarms that are kept; beyond it new ones are refused until others empty.</summary>
    public const int SwarmsMax = 20_000;

    /// <summary>Peers of one swarm; beyond it the one that was heard of longest ago goes.</summary>
    public const int PeersMax = 5_000;

    /// <summary>Peers of one swarm behind one address, so that one host cannot fill a swarm.</summary>
    public const int PeersOfAddressMax = 64;

    /// <summary>Info hashes under one announce address: those of version 1 and 2, misread ones, and a few more.</summary>
    public const int HashesMax = 6;

    private readonly Prng _prng = new(seed);
    private readonly Dictionary<string, Swarm> _swarms = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _hashesOf = new(StringComparer.Ordinal);
    private readonly Queue<string> _sweep = new();

    /// <summary>Swarms that are known.</summary>
    public int Count => _swarms.Count;

    /// <summary>Notes a client and tells it others: downloaders hear of all, seeds of those who need something.</summary>
    /// <param name="torrent">What the announce address is of: swarms of others have nothing to do with it.</param>
    /// <param name="request">What it said.</param>
    /// <param name="from">The address it came from.</param>
    /// <param name="now">The time.</param>
    public Outcome<(SwarmCounts Counts, IReadOnlyList<TrackedPeer> Peers)> Announce(
        string torrent, AnnounceRequest request, IPAddress from, Instant now)
    {
        Sweep(now);
        var key = KeyOf(torrent, request.InfoHash);
        if (!_swarms.TryGetValue(key, out var swarm))
        {
            // Who goes without having been here takes no place.
            if (request.Event == AnnounceEvent.Stopped)
            {
                return (new SwarmCounts(0, 0, 0), []);
            }

            if (_swarms.Count >= SwarmsMax || _hashesOf.GetValueOrDefault(torrent) >= HashesMax)
            {
                return new Failure(FailureKind.Unavailable, "this tracker has all the swarms it can keep; try again later");
            }

            swarm = new Swarm(torrent);
            _swarms.Add(key, swarm);
            _hashesOf[torrent] = _hashesOf.GetValueOrDefault(torrent) + 1;
            _sweep.Enqueue(key);
        }

        swarm.Forget(now);
        var place = new IPEndPoint(from.IsIPv4MappedToIPv6 ? from.MapToIPv4() : from, request.Port);
        if (request.Event == AnnounceEvent.Stopped)
        {
            swarm.Peers.Remove(place);
            return (swarm.Counts, []);
        }

        if (!swarm.Note(place, request, now))
        {
            return new Failure(FailureKind.Unavailable, $"{PeersOfAddressMax} clients behind one address are the most in a swarm");
        }

        return (swarm.Counts, Choose(swarm, place, request));
    }

    /// <summary>What is known of a swarm.</summary>
    public SwarmCounts Scrape(string torrent, byte[] infoHash, Instant now)
    {
        if (!_swarms.TryGetValue(KeyOf(torrent, infoHash), out var swarm))
        {
            return new SwarmCounts(0, 0, 0);
        }

        swarm.Forget(now);
        return swarm.Counts;
    }

    /// <summary>A fair choice without order: reservoir sampling (Vitter 1985, algorithm R).</summary>
    private List<TrackedPeer> Choose(Swarm swarm, IPEndPoint self, AnnounceRequest request)
    {
        List<TrackedPeer> chosen = [];
        var seen = 0;
        foreach (var peer in swarm.Peers.All)
        {
            if (peer.Place.Equals(self) || (request.Left == 0 && peer.IsSeed) || peer.Place.AddressFamily != self.AddressFamily)
            {
                continue;
            }

            seen++;
            var at = chosen.Count < request.PeersWanted ? chosen.Count : _prng.Next(seen);
            var told = new TrackedPeer(peer.Place.Address, peer.Place.Port, peer.Id);
            if (at < chosen.Count)
            {
                chosen[at] = told;
            }
            else if (at < request.PeersWanted)
            {
                chosen.Add(told);
            }
        }

        return chosen;
    }

    /// <summary>Looks at one swarm in turn, so that those nobody asks about do not stay for ever.</summary>
    private void Sweep(Instant now)
    {
        if (_sweep.TryDequeue(out var key) && _swarms.TryGetValue(key, out var swarm))
        {
            swarm.Forget(now);
            if (swarm.Peers.Count == 0)
            {
                _swarms.Remove(key);
                if (--_hashesOf[swarm.Torrent] == 0)
                {
                    _hashesOf.Remove(swarm.Torrent);
                }
            }
            else
            {
                _sweep.Enqueue(key);
            }
        }
    }

    private static string KeyOf(string torrent, byte[] infoHash) => Convert.ToHexStringLower(infoHash) + torrent;

    private sealed class Swarm(string torrent)
    {
        private long _completed;

        public string Torrent { get; } = torrent;

        public PeerTable Peers { get; } = new();

        public SwarmCounts Counts => new(Peers.Seeds, Peers.Count - Peers.Seeds, _completed);

        public bool Note(IPEndPoint place, AnnounceRequest request, Instant now)
        {
            var known = Peers.Find(place);
            if (known is null && Peers.CountOf(place.Address) >= PeersOfAddressMax)
            {
                return false;
            }

            // Said twice, or by a seed of old, it is no download that ended.
            if (request.Event == AnnounceEvent.Completed && known is { IsSeed: false })
            {
                _completed++;
            }

            Peers.Put(new KnownPeer(place, request.PeerId, request.Left == 0, now));
            if (Peers.Count > PeersMax)
            {
                Peers.Remove(Peers.Oldest!.Place);
            }

            return true;
        }

        public void Forget(Instant now)
        {
            while (Peers.Oldest is { } oldest && now - oldest.Heard > 2 * Interval)
            {
                Peers.Remove(oldest.Place);
            }
        }
    }
}
