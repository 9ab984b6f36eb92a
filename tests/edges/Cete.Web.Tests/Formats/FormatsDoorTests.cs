using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Cete.Api;
using Cete.Core;
using Cete.Formats.Tests;
using Cete.Web.Tests.Support;

namespace Cete.Web.Tests.Formats;

/// <summary>What programs that know nothing of Cete are given leads them to the bytes.</summary>
public sealed class FormatsDoorTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private static readonly XNamespace Meta = "urn:ietf:params:xml:ns:metalink";
    private readonly Site _site = shared.Site;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_entry_and_its_content_have_the_same_torrent()
    {
        var id = (await _site.FileAsync(_site.Entry("/Docs/one file.txt", "about it"))).Single();
        var page = await _site.GetAsync($"/entries/{id}/one%20file.txt.torrent");
        Assert.Equal("application/x-bittorrent", page.Headers["Content-Type"]);
        Assert.Contains("one%20file.txt.torrent", page.Headers["Content-Disposition"], StringComparison.Ordinal);
        var torrent = await ReadTorrentAsync($"/entries/{id}/one%20file.txt.torrent");
        Assert.Equal("about it", TextbookTorrent.Text(torrent["comment"]));
        var content = Encoding.UTF8.GetBytes("content of /Docs/one file.txt");
        var root = Hash256.Of(content);
        var same = await ReadTorrentAsync(Routes.ContentAs(root.ToString(), "one file.txt", Routes.TorrentEnding));
        Assert.Equal(TextbookTorrent.Text(torrent["announce"]), TextbookTorrent.Text(same["announce"]));
        var seed = ((List<object>)torrent["url-list"]).Select(TextbookTorrent.Text).Single();
        Assert.Equal(content, await _site.Client.GetByteArrayAsync(new Uri(seed), Cancel));
        var info = (Dictionary<string, object>)torrent["info"];
        Assert.Equal((long)content.Length, info["length"]);
        Assert.Equal(SHA1.HashData(content), (byte[])info["pieces"]);
        using var known = new HttpRequestMessage(HttpMethod.Get, $"/entries/{id}/x.torrent");
        known.Headers.TryAddWithoutValidation("If-None-Match", page.Headers["ETag"]);
        Assert.Equal(HttpStatusCode.NotModified, (await _site.Client.SendAsync(known, Cancel)).StatusCode);
    }

    [Theory]
    [InlineData("/Hostile")]
    [InlineData("/Many")]
    [InlineData("/Art")]
    public async Task Every_file_of_a_folders_torrent_is_at_its_web_seed(string folder)
    {
        var torrent = await ReadTorrentAsync(Routes.FolderFile(folder, folder[1..], Routes.TorrentEnding));
        var info = (Dictionary<string, object>)torrent["info"];
        var seed = ((List<object>)torrent["url-list"]).Select(TextbookTorrent.Text).Single();
        Assert.EndsWith("/", seed, StringComparison.Ordinal);
        var files = ((List<object>)info["files"]).Cast<Dictionary<string, object>>().ToList();
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            string[] path = [TextbookTorrent.Text(info["name"]), .. ((List<object>)file["path"]).Select(TextbookTorrent.Text)];
            var bytes = await _site.Client.GetByteArrayAsync(new Uri(seed + string.Join('/', path.Select(Uri.EscapeDataString))), Cancel);
            Assert.Equal(file["length"], (long)bytes.Length);
        }
    }

    [Theory]
    [InlineData("/Hostile", "Hostile")]
    [InlineData("/Many", "Many")]
    public async Task Every_file_of_a_folders_metalink_is_at_its_address(string folder, string name)
    {
        var page = await _site.GetAsync(Routes.FolderFile(folder, name, Routes.MetalinkEnding));
        Assert.Equal("application/metalink4+xml", page.Headers["Content-Type"]);
        var files = XElement.Parse(page.Text).Elements(Meta + "file").ToList();
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            Assert.StartsWith(name + "/", file.Attribute("name")!.Value, StringComparison.Ordinal);
            var bytes = await _site.Client.GetByteArrayAsync(new Uri(file.Element(Meta + "url")!.Value), Cancel);
            Assert.Equal(file.Element(Meta + "hash")!.Value, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        }
    }

    [Fact]
    public async Task A_magnet_link_names_the_torrent_it_goes_with()
    {
        var entry = (await _site.FileAsync(_site.Entry("/Docs/for a magnet.txt"))).Single();
        foreach (var (magnet, file) in new[]
        {
            (Routes.FolderMagnet("/Hostile"), Routes.FolderFile("/Hostile", "Hostile", Routes.TorrentEnding)),
            (Routes.EntryMagnet(entry), Routes.EntryAs(entry, "for a magnet.txt", Routes.TorrentEnding)),
        })
        {
            using var answer = await _site.Client.GetAsync(new Uri(magnet, UriKind.Relative), Cancel);
            Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
            var link = answer.Headers.GetValues("Location").Single();
            var bytes = await _site.Client.GetByteArrayAsync(new Uri(file, UriKind.Relative), Cancel);
            var info = BencodeReader.RawValue(bytes, "info");
            var names = $"magnet:?xt=urn:btih:{Convert.ToHexStringLower(SHA1.HashData(info))}&xt=urn:btmh:1220{Hash256.Of(info)}&";
            Assert.StartsWith(names, link, StringComparison.Ordinal);
            var source = Uri.UnescapeDataString(link.Split('&').Single(field => field.StartsWith("xs=", StringComparison.Ordinal))[3..]);
            Assert.Equal(bytes, await _site.Client.GetByteArrayAsync(new Uri(source), Cancel));
        }
    }

    [Fact]
    public async Task The_top_is_named_after_the_community()
    {
        await using var site = await Site.StartAsync();
        await site.FileAsync(site.Entry("/a/b.txt"), site.Entry("/c.txt"));
        var bytes = await site.Client.GetByteArrayAsync(new Uri(Routes.FolderFile("/", "all", Routes.TorrentEnding), UriKind.Relative), Cancel);
        var info = (Dictionary<string, object>)BencodeReader.ReadDictionary(bytes)["info"];
        Assert.Null(EntryName.Check(TextbookTorrent.Text(info["name"])));
        Assert.Equal(["a", "c.txt"], ((Dictionary<string, object>)info["file tree"]).Keys);
    }

    [Theory]
    [InlineData("/as/Far.torrent?folder=/Far", 404, "does not hold all of /Far/away.iso")]
    [InlineData("/as/Far.meta4?folder=/Far", 404, "does not hold all of /Far/away.iso")]
    [InlineData("/as/magnet?folder=/Far", 404, "does not hold all of /Far/away.iso")]
    [InlineData("/as/x.torrent", 404, "does not hold all of /Far/away.iso")]
    [InlineData("/as/x.torrent?folder=/Nested/f1", 404, "there are no files in /Nested/f1")]
    [InlineData("/as/x.torrent?folder=/Nowhere", 404, "/Nowhere")]
    [InlineData("/as/x.meta4?folder=/a%00b", 400, "U+0000")]
    [InlineData("/as/x.torrent?folder=..%2F..", 400, "stands for a folder on the way")]
    [InlineData("/as/magnet?folder=/a%E2%80%AEb", 400, "U+202E")]
    [InlineData("/entries/4711/x.torrent", 404, "there is no entry 4711")]
    [InlineData("/entries/4711/magnet", 404, "there is no entry 4711")]
    [InlineData("/as/00/x.torrent", 400, "64 hexadecimal digits")]
    [InlineData("/as/0000000000000000000000000000000000000000000000000000000000000000/x.meta4", 404, "no entry has the content")]
    public async Task What_cannot_be_made_is_said_with_the_reason(string address, int status, string reason)
    {
        var page = await _site.GetAsync(address);
        Assert.Equal(status, page.Status);
        Assert.StartsWith("application/problem+json", page.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Contains(reason, page.Text.Replace("\\u002B", "+", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Empty(_site.Bugs);
    }

    [Fact]
    public async Task Of_no_bytes_there_is_a_metalink_but_no_torrent()
    {
        var id = (await _site.FileAsync(_site.Entry("/Nothing/a", [], string.Empty), _site.Entry("/Nothing/b", [], string.Empty)))[0];
        string[] torrents =
        [
            Routes.FolderFile("/Nothing", "Nothing", Routes.TorrentEnding), Routes.FolderMagnet("/Nothing"), Routes.EntryMagnet(id),
            Routes.EntryAs(id, "a", Routes.TorrentEnding),
        ];
        foreach (var address in torrents)
        {
            var page = await _site.GetAsync(address);
            Assert.Equal(404, page.Status);
            Assert.Contains("no bytes", page.Text, StringComparison.Ordinal);
        }

        Assert.Equal(200, (await _site.GetAsync(Routes.FolderFile("/Nothing", "Nothing", Routes.MetalinkEnding))).Status);
    }

    [Fact]
    public async Task More_pieces_than_a_torrent_holds_are_refused()
    {
        await using var site = await Site.StartAsync(behind: store => new HugeContents(store));
        await site.FileAsync([.. Enumerable.Range(0, 4).Select(i => Site.Elsewhere($"/huge/{i}", HugeContents.Length))]);
        foreach (var ending in new[] { Routes.TorrentEnding, Routes.MetalinkEnding })
        {
            var page = await site.GetAsync(Routes.FolderFile("/huge", "huge", ending));
            Assert.Equal(413, page.Status);
            Assert.Contains("pieces in one file", page.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Pages_show_the_addresses_and_each_leads_somewhere()
    {
        var entry = (await _site.FileAsync(_site.Entry("/Docs/linked é & #.txt"))).Single();
        foreach (var address in new[] { $"/entries/{entry}", "/folders/Many" })
        {
            var links = (await _site.GetAsync(address)).Of("section", "formats").First().Descendants("a").Select(a => a.Attribute("href")!.Value).ToList();
            Assert.True(links.Count >= 4);
            foreach (var link in links.Where(link => !link.Contains(Routes.PlaylistEnding, StringComparison.Ordinal)))
            {
                using var answer = await _site.Client.GetAsync(new Uri(link, UriKind.Relative), Cancel);
                Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Found, $"{link}: {answer.StatusCode}");
            }
        }
    }

    private async Task<Dictionary<string, object>> ReadTorrentAsync(string address) =>
        BencodeReader.ReadDictionary(await _site.Client.GetByteArrayAsync(new Uri(address, UriKind.Relative), Cancel));
}
