using System.Net;
using System.Text;
using Cete.Api;
using Cete.Formats.Tests;
using Cete.Web.Tests.Support;

namespace Cete.Web.Tests.Formats;

public sealed class TrackerDoorTests(TrackerDoorTests.Served served) : IClassFixture<TrackerDoorTests.Served>
{
    private const string Ids = "&info_hash=01234567890123456789&peer_id=-XX0000-%00%ff0123456789";
    private static int _port = 1_000;
    private readonly Site _site = served.Site;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clients_of_a_torrent_find_each_other()
    {
        var (first, second) = (NextPort(), NextPort());
        await AskAsync($"{Ids}&port={first}&left=0&event=started");
        var told = await AskAsync($"{Ids}&port={second}&left=5&event=started&ip=9.9.9.9");
        Assert.Contains(new byte[] { 127, 0, 0, 1, (byte)(first >> 8), (byte)first }, ((byte[])told["peers"]).Chunk(6));
        Assert.Equal(served.Seed, TextbookTorrent.Text(((List<object>)told["url-list"]).Single()));
        var listed = await AskAsync($"{Ids}&port={second}&left=5&compact=0");
        Assert.Contains((long)first, ((List<object>)listed["peers"]).Cast<Dictionary<string, object>>().Select(peer => peer["port"]));
        var scraped = await AskAsync("&info_hash=01234567890123456789", served.Announce.Replace("/announce", "/scrape", StringComparison.Ordinal));
        Assert.True((long)((Dictionary<string, object>)((Dictionary<string, object>)scraped["files"]).Single().Value)["complete"] >= 1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("&port=1")]
    [InlineData("&info_hash=&peer_id=&port=")]
    [InlineData(Ids)]
    [InlineData(Ids + "&port=0")]
    [InlineData(Ids + "&port=65536")]
    [InlineData(Ids + "&port=-1")]
    [InlineData(Ids + "&port=1e3")]
    [InlineData(Ids + "&port=99999999999999999999999")]
    [InlineData(Ids + "x&port=1")]
    [InlineData(Ids + "&port=1&event=none")]
    [InlineData(Ids + "&port=1&left=%")]
    [InlineData(Ids + "&port=1&left=%zz")]
    [InlineData(Ids + "&port=1&flag")]
    [InlineData(Ids + "&port=1&code=again")]
    [InlineData(Ids + "&port=1&seed=again")]
    [InlineData(Ids + "&port=1&=&=&=FIELDS")]
    public async Task What_makes_no_sense_is_refused_in_the_clients_language(string query)
    {
        var full = query.Replace("FIELDS", string.Concat(Enumerable.Repeat("&a=b", 500)), StringComparison.Ordinal);
        Assert.Contains("failure reason", (await AskAsync(full)).Keys);
        var scrape = served.Announce.Replace("/announce", "/scrape", StringComparison.Ordinal);
        Assert.Contains("failure reason", (await AskAsync(full + "&info_hash=short", scrape)).Keys);
        Assert.Empty(_site.Bugs);
    }

    [Theory]
    [InlineData("/announce")]
    [InlineData("/announce?")]
    [InlineData("/announce?seed=/content/x&code=AAAAAAAAAAAAAAAA")]
    [InlineData("/announce?seed=%2Fcontent%2Fx&code=%E4%B8%AD")]
    [InlineData("/announce?seed=&code=")]
    [InlineData("/announce?seed=%FF%FE&code=%00")]
    [InlineData("/announce?seed=%ED%A0%80&code=AAAAAAAAAAAAAAAA")]
    [InlineData("/announce?code=AAAAAAAAAAAAAAAA")]
    public async Task Torrents_of_others_are_refused(string announce)
    {
        var address = announce.Contains('?', StringComparison.Ordinal) ? announce : announce + "?a=b";
        var answer = await AskAsync(Ids + "&port=1", address);
        Assert.Contains("its own node only", TextbookTorrent.Text(answer["failure reason"]), StringComparison.Ordinal);
        answer = await AskAsync("&info_hash=01234567890123456789", address.Replace("/announce", "/scrape", StringComparison.Ordinal));
        Assert.Contains("its own node only", TextbookTorrent.Text(answer["failure reason"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u00FF\u00FE")]
    [InlineData("() { :; }; reboot")]
    [InlineData("LONG")]
    public async Task Whatever_a_client_calls_itself_it_is_answered(string agent)
    {
        var name = agent.Replace("LONG", new string('x', 9_000), StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_site.Client.BaseAddress!, $"{served.Announce}{Ids}&port={NextPort()}"));
        request.Headers.TryAddWithoutValidation("User-Agent", name);
        using var handler = new SocketsHttpHandler { UseProxy = false, RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1 };
        using var client = new HttpClient(handler);
        using var answer = await client.SendAsync(request, Cancel);
        Assert.Contains((int)answer.StatusCode, new[] { 200, 400, 431 });
        Assert.Empty(_site.Bugs);
    }

    [Fact]
    public async Task A_query_beyond_all_bounds_is_refused()
    {
        using var answer = await _site.Client.GetAsync(new Uri($"{served.Announce}{Ids}&port=1&x={new string('x', 20_000)}", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.RequestUriTooLong, answer.StatusCode);
        using var posted = await _site.Client.PostAsync(new Uri(served.Announce, UriKind.Relative), null, Cancel);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
    }

    [Fact]
    public async Task Garbage_is_answered_with_status_200()
    {
        var prng = new Cete.Core.Prng(11);
        for (var i = 0; i < 300; i++)
        {
            var text = (Ids + "&port=1&left=5&numwant=3").ToCharArray();
            for (var flips = 0; flips < 4; flips++)
            {
                text[1 + prng.Next(text.Length - 1)] = (char)('!' + prng.Next(94));
            }

            await AskAsync(new string(text).Replace("#", "%23", StringComparison.Ordinal));
        }

        Assert.Empty(_site.Bugs);
    }

    private static int NextPort() => Interlocked.Increment(ref _port);

    private async Task<Dictionary<string, object>> AskAsync(string query, string? announce = null)
    {
        var options = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var address = new Uri(_site.Client.BaseAddress!.GetLeftPart(UriPartial.Authority) + (announce ?? served.Announce) + query, options);
        using var answer = await _site.Client.GetAsync(address, Cancel);
        Assert.Equal((HttpStatusCode.OK, "text/plain"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        return BencodeReader.ReadDictionary(await answer.Content.ReadAsByteArrayAsync(Cancel));
    }

    public sealed class Served : IAsyncLifetime
    {
        internal Site Site { get; private set; } = null!;

        /// <summary>Path and query of the announce address of a torrent.</summary>
        public string Announce { get; private set; } = string.Empty;

        public string Seed { get; private set; } = string.Empty;

        public async ValueTask InitializeAsync()
        {
            Site = await Site.StartAsync();
            var id = (await Site.FileAsync(Site.Entry("/a b.txt"))).Single();
            var bytes = await Site.Client.GetByteArrayAsync(new Uri(Routes.EntryAs(id, "x", Routes.TorrentEnding), UriKind.Relative), Cancel);
            var torrent = BencodeReader.ReadDictionary(bytes);
            Announce = new Uri(TextbookTorrent.Text(torrent["announce"])).PathAndQuery;
            Seed = ((List<object>)torrent["url-list"]).Select(TextbookTorrent.Text).Single();
        }

        public ValueTask DisposeAsync() => Site.DisposeAsync();
    }
}
