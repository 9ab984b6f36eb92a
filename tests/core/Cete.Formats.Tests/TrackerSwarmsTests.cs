using System.Globalization;
using System.Net;
using System.Text;
using Cete.Core;
using Cete.Formats.Tracking;

namespace Cete.Formats.Tests;

public sealed class TrackerSwarmsTests
{
    private const string Torrent = "/content/a";
    private static readonly byte[] Hash = [.. Enumerable.Range(0, 20).Select(i => (byte)i)];
    private readonly TrackerSwarms _swarms = new(1);
    private Instant _now = new(1_000_000);

    [Fact]
    public void Clients_are_told_of_each_other_and_never_of_themselves()
    {
        Assert.Empty(Announce(1, left: 5).Peers);
        Assert.Equal([1], PortsTold(Announce(2, left: 5)));
        Assert.Equal([1, 2], PortsTold(Announce(3, left: 5)));
        Assert.Equal([2, 3], PortsTold(Announce(1, left: 5)));
    }

    [Fact]
    public void Seeds_hear_of_downloaders_only()
    {
        Announce(1, left: 0);
        Announce(2, left: 5);
        Assert.Equal([2], PortsTold(Announce(3, left: 0)));
        Assert.Equal([1, 3], PortsTold(Announce(2, left: 5)));
        Assert.Equal(new SwarmCounts(2, 1, 0), _swarms.Scrape(Torrent, Hash, _now));
    }

    [Fact]
    public void A_download_counts_once_and_only_of_who_downloaded()
    {
        Announce(1, left: 9, happened: AnnounceEvent.Started);
        Assert.Equal(new SwarmCounts(0, 1, 0), Announce(2, left: 0, happened: AnnounceEvent.Completed).Counts with { Seeds = 0 });
        Assert.Equal(1, Announce(1, left: 0, happened: AnnounceEvent.Completed).Counts.Completed);
        Assert.Equal(new SwarmCounts(2, 0, 1), Announce(1, left: 0, happened: AnnounceEvent.Completed).Counts);
    }

    [Fact]
    public void Who_stops_is_gone_and_told_nobody()
    {
        Announce(1, left: 5);
        Announce(2, left: 0);
        var stopped = Announce(2, left: 0, happened: AnnounceEvent.Stopped);
        Assert.Equal(new SwarmCounts(0, 1, 0), stopped.Counts);
        Assert.Empty(stopped.Peers);
        Assert.Empty(Announce(1, left: 5).Peers);
    }

    [Fact]
    public void Who_stops_without_having_been_here_leaves_nothing()
    {
        Assert.Equal(new SwarmCounts(0, 0, 0), Announce(1, left: 0, happened: AnnounceEvent.Stopped).Counts);
        Assert.Equal(0, _swarms.Count);
    }

    [Fact]
    public void Who_does_not_come_back_is_forgotten()
    {
        Announce(1, left: 5);
        _now += TrackerSwarms.Interval;
        Announce(2, left: 5);
        _now += TrackerSwarms.Interval;
        Assert.Equal(2, _swarms.Scrape(Torrent, Hash, _now).Downloaders);
        _now += TimeSpan.FromSeconds(1);
        Assert.Equal(1, _swarms.Scrape(Torrent, Hash, _now).Downloaders);
        Assert.Equal([2], PortsTold(Announce(3, left: 5)));
    }

    [Fact]
    public void Empty_swarms_do_not_stay()
    {
        for (var i = 0; i < 100; i++)
        {
            Announce(1, left: 5, torrent: "/t" + i);
        }

        Assert.Equal(100, _swarms.Count);
        _now += 3 * TrackerSwarms.Interval;
        for (var i = 0; i < 300; i++)
        {
            Announce(1, left: 5);
        }

        Assert.Equal(1, _swarms.Count);
    }

    [Fact]
    public void Swarms_are_bounded_and_make_room_again()
    {
        for (var i = 0; i < TrackerSwarms.SwarmsMax; i++)
        {
            Announce(1, left: 5, torrent: "/t" + i);
        }

        Assert.Equal(FailureKind.Unavailable, Try(1, left: 5, torrent: "/one more").Failure!.Kind);
        Assert.True(Try(2, left: 5, torrent: "/t7").Succeeded);
        Assert.Equal(TrackerSwarms.SwarmsMax, _swarms.Count);
        _now += 3 * TrackerSwarms.Interval;
        Try(1, left: 5, torrent: "/one more");
        Assert.True(Try(1, left: 5, torrent: "/one more").Succeeded);
    }

    [Fact]
    public void Info_hashes_of_one_torrent_are_bounded()
    {
        for (byte i = 0; i < TrackerSwarms.HashesMax; i++)
        {
            Assert.True(Try(1, left: 5, hash: HashOf(i)).Succeeded);
        }

        Assert.Equal(FailureKind.Unavailable, Try(1, left: 5, hash: HashOf(100)).Failure!.Kind);
        Assert.True(Try(1, left: 5, hash: HashOf(100), torrent: "/other").Succeeded);
        Assert.True(Try(2, left: 5, hash: HashOf(0)).Succeeded);
        _now += 3 * TrackerSwarms.Interval;
        for (var i = 0; i < 2 * TrackerSwarms.HashesMax; i++)
        {
            Try(1, left: 5, hash: HashOf(100));
        }

        Assert.True(Try(1, left: 5, hash: HashOf(100)).Succeeded);
    }

    [Fact]
    public void Of_a_full_swarm_the_one_that_was_heard_of_longest_ago_goes()
    {
        for (var i = 0; i < TrackerSwarms.PeersMax; i++)
        {
            Announce(1 + (i % 50), left: 5, from: AddressOf(i / 50));
        }

        Announce(1, left: 5, from: AddressOf(0));
        var last = Announce(7, left: 5, from: IPAddress.Parse("10.9.9.9"));
        Assert.Equal(TrackerSwarms.PeersMax, last.Counts.Downloaders);
        Announce(2, left: 5, from: AddressOf(0));
        Assert.Equal(TrackerSwarms.PeersMax, _swarms.Scrape(Torrent, Hash, _now).Downloaders);
    }

    [Fact]
    public void One_address_cannot_fill_a_swarm()
    {
        for (var port = 1; port <= TrackerSwarms.PeersOfAddressMax; port++)
        {
            Announce(port, left: 5);
        }

        Assert.Equal(FailureKind.Unavailable, Try(1_000, left: 5).Failure!.Kind);
        Assert.True(Try(1, left: 5).Succeeded);
        Assert.True(Try(1_000, left: 5, from: AddressOf(1)).Succeeded);
        Announce(1, left: 5, happened: AnnounceEvent.Stopped);
        Assert.True(Try(1_000, left: 5).Succeeded);
    }

    [Fact]
    public void The_choice_is_fair_and_comes_from_the_seed()
    {
        for (var i = 0; i < 100; i++)
        {
            Announce(1 + i, left: 5, from: AddressOf(i / 20));
        }

        var told = new int[101];
        for (var i = 0; i < 2_000; i++)
        {
            var peers = Announce(9_000, left: 5, wanted: 10, from: AddressOf(50)).Peers;
            Assert.Equal(10, peers.Distinct().Count());
            foreach (var peer in peers)
            {
                told[peer.Port]++;
            }
        }

        // 200 each on the average, with a deviation of about 13.
        Assert.All(told.Skip(1), count => Assert.InRange(count, 130, 270));
        Assert.Equal(Tell(new TrackerSwarms(7)), Tell(new TrackerSwarms(7)));
        Assert.NotEqual(Tell(new TrackerSwarms(7)), Tell(new TrackerSwarms(8)));

        List<int> Tell(TrackerSwarms swarms)
        {
            List<int> ports = [];
            for (var port = 1; port <= 60; port++)
            {
                ports.AddRange(swarms.Announce(Torrent, Request(port, 5, AnnounceEvent.None, 5, Hash), AddressOf(0), _now).Value.Peers.Select(p => p.Port));
            }

            return ports;
        }
    }

    [Fact]
    public void Nobody_is_told_who_wants_nobody()
    {
        Announce(1, left: 5);
        Assert.Empty(Announce(2, left: 5, wanted: 0).Peers);
    }

    [Fact]
    public void Families_of_addresses_are_kept_apart_and_mapped_ones_are_what_they_map()
    {
        var (six, mapped) = (IPAddress.Parse("2001:db8::1"), IPAddress.Parse("::ffff:10.0.0.0"));
        Announce(1, left: 5);
        Announce(2, left: 5, from: six);
        Assert.Equal([2], PortsTold(Announce(3, left: 5, from: IPAddress.Parse("2001:db8::2"))));
        Assert.Equal([1], PortsTold(Announce(4, left: 5, from: mapped)));
        Assert.Equal([4], PortsTold(Announce(1, left: 5)));
        Assert.Empty(PortsTold(Announce(4, left: 5)).Except([1]));
    }

    [Fact]
    public void Torrents_and_info_hashes_have_swarms_of_their_own()
    {
        Announce(1, left: 5);
        Assert.Empty(Announce(2, left: 5, hash: HashOf(9)).Peers);
        Assert.Empty(Announce(2, left: 5, torrent: "/other").Peers);
        Assert.Equal(new SwarmCounts(0, 0, 0), _swarms.Scrape("/unknown", Hash, _now));
    }

    [Fact]
    public void Answers_are_those_of_BEP_3_7_and_23()
    {
        TrackedPeer[] peers = [new(IPAddress.Parse("10.1.2.3"), 258, Hash), new(IPAddress.Parse("2001:db8::1"), 772, Hash)];
        var answer = BencodeReader.ReadDictionary(TrackerAnswers.Announced(new SwarmCounts(1, 2, 3), peers, isCompact: true, [new Uri("http://a/b")]));
        Assert.Equal((1L, 2L, 3L, 300L, 30L), (answer["complete"], answer["incomplete"], answer["downloaded"], answer["interval"], answer["min interval"]));
        Assert.Equal([10, 1, 2, 3, 1, 2], (byte[])answer["peers"]);
        Assert.Equal([.. IPAddress.Parse("2001:db8::1").GetAddressBytes(), 3, 4], (byte[])answer["peers6"]);
        Assert.Equal("http://a/b", TextbookTorrent.Text(((List<object>)answer["url-list"]).Single()));
        answer = BencodeReader.ReadDictionary(TrackerAnswers.Announced(new SwarmCounts(1, 2, 3), peers, isCompact: false, []));
        var list = ((List<object>)answer["peers"]).Cast<Dictionary<string, object>>().ToList();
        Assert.Equal(["10.1.2.3", "2001:db8::1"], list.Select(peer => TextbookTorrent.Text(peer["ip"])));
        Assert.Equal([258L, 772L], list.Select(peer => peer["port"]));
        Assert.False(answer.ContainsKey("url-list"));
    }

    [Fact]
    public void Scrapes_and_refusals_are_those_of_BEP_48_and_3()
    {
        byte[] high = [.. Enumerable.Repeat((byte)0xFF, 20)];
        var scraped = BencodeReader.ReadDictionary(TrackerAnswers.Scraped(
            [(high, new SwarmCounts(1, 2, 3)), (Hash, new SwarmCounts(4, 5, 6)), ((byte[])high.Clone(), new SwarmCounts(1, 2, 3))]));
        var files = (Dictionary<string, object>)scraped["files"];
        Assert.Equal([Encoding.Latin1.GetString(Hash), Encoding.Latin1.GetString(high)], files.Keys);
        Assert.Equal(6L, ((Dictionary<string, object>)files.First().Value)["downloaded"]);
        var failed = BencodeReader.ReadDictionary(TrackerAnswers.Failed(new Failure(FailureKind.Invalid, "nö")));
        Assert.Equal("nö", TextbookTorrent.Text(failed["failure reason"]));
    }

    private static byte[] HashOf(byte first) => [first, .. Hash[1..]];

    private static IPAddress AddressOf(int number) => IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"10.0.{number / 250}.{number % 250}"));

    private static int[] PortsTold((SwarmCounts Counts, IReadOnlyList<TrackedPeer> Peers) told) => [.. told.Peers.Select(peer => peer.Port).Order()];

    private static AnnounceRequest Request(int port, long left, AnnounceEvent happened, int wanted, byte[] hash) => new()
    {
        InfoHash = hash,
        PeerId = Hash,
        Port = port,
        Left = left,
        Event = happened,
        PeersWanted = wanted,
    };

    private (SwarmCounts Counts, IReadOnlyList<TrackedPeer> Peers) Announce(
        int port, long left, AnnounceEvent happened = AnnounceEvent.None, int wanted = 50, IPAddress? from = null, string torrent = Torrent,
        byte[]? hash = null)
    {
        var told = _swarms.Announce(torrent, Request(port, left, happened, wanted, hash ?? Hash), from ?? AddressOf(0), _now);
        Assert.True(told.Succeeded, told.Failure?.Message);
        return told.Value;
    }

    private Outcome<(SwarmCounts Counts, IReadOnlyList<TrackedPeer> Peers)> Try(
        int port, long left, IPAddress? from = null, string torrent = Torrent, byte[]? hash = null) =>
        _swarms.Announce(torrent, Request(port, left, AnnounceEvent.None, 50, hash ?? Hash), from ?? AddressOf(0), _now);
}
