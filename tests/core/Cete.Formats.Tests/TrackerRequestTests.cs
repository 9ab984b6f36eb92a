using System.Text;
using Cete.Core;
using Cete.Formats.Tracking;

namespace Cete.Formats.Tests;

public sealed class TrackerRequestTests
{
    private const string Hash = "info_hash=%00%01abc%ff%26%3d%25%2B%20zyxwvutsr";
    private const string Peer = "peer_id=-qB4500-abcdefghijkl";
    private const string Good = Hash + "&" + Peer + "&port=6881";

    [Fact]
    public void What_clients_send_is_read()
    {
        var request = Parse(
            "?seed=%2Fcontent%2Fa&code=x&" + Good + "&uploaded=0&downloaded=5&left=17&event=started&numwant=80&compact=1&key=AB12&no_peer_id=1");
        byte[] hash = [0, 1, .. "abc"u8, 0xFF, .. "&=%+ zyxwvutsr"u8];
        Assert.Equal(hash, request.InfoHash);
        Assert.Equal("-qB4500-abcdefghijkl", Encoding.ASCII.GetString(request.PeerId));
        Assert.Equal((6881, 17, AnnounceEvent.Started, 80, true), (request.Port, request.Left, request.Event, request.PeersWanted, request.IsCompact));
    }

    [Fact]
    public void What_is_left_out_has_a_meaning()
    {
        var request = Parse(Good);
        Assert.Equal((long.MaxValue, AnnounceEvent.None, 50, true), (request.Left, request.Event, request.PeersWanted, request.IsCompact));
    }

    [Theory]
    [InlineData("left=0", 0)]
    [InlineData("left=9223372036854775807", long.MaxValue)]
    [InlineData("left=9223372036854775808", long.MaxValue)]
    [InlineData("left=-1", long.MaxValue)]
    [InlineData("left=", long.MaxValue)]
    [InlineData("left=%30", 0)]
    [InlineData("left=0x0", long.MaxValue)]
    public void A_client_that_does_not_know_what_is_left_is_no_seed(string field, long left) => Assert.Equal(left, Parse(Good + "&" + field).Left);

    [Theory]
    [InlineData("numwant=0", 0)]
    [InlineData("numwant=201", 200)]
    [InlineData("numwant=9999999999999", 200)]
    [InlineData("numwant=-1", 50)]
    [InlineData("numwant=many", 50)]
    public void As_many_peers_are_told_as_is_sensible(string field, int wanted) => Assert.Equal(wanted, Parse(Good + "&" + field).PeersWanted);

    [Theory]
    [InlineData("event=", AnnounceEvent.None)]
    [InlineData("event=empty", AnnounceEvent.None)]
    [InlineData("event=paused", AnnounceEvent.None)]
    [InlineData("event=stopped", AnnounceEvent.Stopped)]
    [InlineData("event=completed", AnnounceEvent.Completed)]
    public void Events_are_read(string field, AnnounceEvent happened) => Assert.Equal(happened, Parse(Good + "&" + field).Event);

    [Theory]
    [InlineData("")]
    [InlineData("?")]
    [InlineData("&&&&")]
    [InlineData(Peer + "&port=1")]
    [InlineData(Hash + "&port=1")]
    [InlineData(Hash + "&" + Peer)]
    [InlineData("info_hash=short&" + Peer + "&port=1")]
    [InlineData(Hash + "x&" + Peer + "&port=1")]
    [InlineData(Hash + "&peer_id=&port=1")]
    [InlineData(Hash + "&" + Peer + "longer&port=1")]
    [InlineData(Hash + "&" + Peer + "&port=0")]
    [InlineData(Hash + "&" + Peer + "&port=65536")]
    [InlineData(Hash + "&" + Peer + "&port=-1")]
    [InlineData(Hash + "&" + Peer + "&port=99999999999999999999")]
    [InlineData(Hash + "&" + Peer + "&port=+1")]
    [InlineData(Hash + "&" + Peer + "&port=1.0")]
    [InlineData(Hash + "&" + Peer + "&port=")]
    [InlineData(Good + "&event=exploded")]
    [InlineData(Good + "&event=STARTED")]
    [InlineData(Good + "&left")]
    [InlineData(Good + "&left=%")]
    [InlineData(Good + "&left=%0")]
    [InlineData(Good + "&left=%zz")]
    [InlineData(Good + "&left=%+1")]
    [InlineData(Good + "&left=\u4e2d")]
    public void What_makes_no_sense_is_refused(string query) => Assert.Equal(FailureKind.Invalid, AnnounceRequest.Parse(query).Failure!.Kind);

    [Fact]
    public void A_hundred_fields_are_the_most()
    {
        Assert.True(AnnounceRequest.Parse(Good + string.Concat(Enumerable.Range(0, 97).Select(i => $"&x{i}=1"))).Succeeded);
        Assert.Equal(FailureKind.Invalid, AnnounceRequest.Parse(Good + string.Concat(Enumerable.Range(0, 98).Select(i => $"&x{i}=1"))).Failure!.Kind);
    }

    [Fact]
    public void Garbage_is_refused_and_no_error()
    {
        var prng = new Prng(5);
        for (var i = 0; i < 5_000; i++)
        {
            var text = Good.ToCharArray();
            for (var flips = 0; flips < 3; flips++)
            {
                text[prng.Next(text.Length)] = (char)prng.Next(0x120);
            }

            _ = AnnounceRequest.Parse(new string(text));
            _ = ScrapeRequest.Parse(new string(text));
        }
    }

    [Fact]
    public void A_scrape_names_some_swarms()
    {
        Assert.Equal(2, ScrapeRequest.Parse($"?code=x&{Hash}&{Hash}").Value.Count);
        Assert.Equal(64, ScrapeRequest.Parse(string.Join('&', Enumerable.Repeat(Hash, 64))).Value.Count);
        foreach (var query in new[] { string.Empty, "a=b", Hash + "x", $"{Hash}&info_hash=", "info_hash", string.Join('&', Enumerable.Repeat(Hash, 65)) })
        {
            Assert.Equal(FailureKind.Invalid, ScrapeRequest.Parse(query).Failure!.Kind);
        }
    }

    [Fact]
    public void Only_codes_made_with_the_secret_for_that_seed_are_right()
    {
        var (key, other) = (new TrackerKey(new byte[32]), new TrackerKey([.. Enumerable.Repeat((byte)1, 32)]));
        var code = key.CodeFor("/content/a");
        Assert.Equal(16, code.Length);
        Assert.True(key.Verifies(code, "/content/a"));
        Assert.True(new TrackerKey(new byte[32]).Verifies(code, "/content/a"));
        Assert.False(key.Verifies(code, "/content/b"));
        Assert.False(key.Verifies(code, string.Empty));
        Assert.False(other.Verifies(code, "/content/a"));
        string[] forged =
        [
            string.Empty, code[..15], code + "A", code + "====", code[..15] + "!", new string('A', 16), "\u4e2d" + code[1..], code[..14] + "==",
            " " + code[1..],
        ];
        Assert.All(forged, bad => Assert.False(key.Verifies(bad, "/content/a"), bad));
        for (var i = 0; i < code.Length; i++)
        {
            var flipped = code.ToCharArray();
            flipped[i] = flipped[i] == 'A' ? 'B' : 'A';
            Assert.False(key.Verifies(new string(flipped), "/content/a"));
        }
    }

    private static AnnounceRequest Parse(string query)
    {
        var request = AnnounceRequest.Parse(query);
        Assert.True(request.Succeeded, request.Failure?.Message);
        return request.Value;
    }
}
