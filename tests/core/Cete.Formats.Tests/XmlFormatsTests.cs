using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Cete.Core;
using Cete.Formats.Feeds;
using Cete.Formats.Metalinks;

namespace Cete.Formats.Tests;

/// <summary>Whatever stands in names and descriptions, what is written is well-formed and says the same.</summary>
public sealed class XmlFormatsTests
{
    private static readonly XNamespace Meta = "urn:ietf:params:xml:ns:metalink";
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private static readonly Uri Site = new("http://127.0.0.1:1/a?b=c&d=%22");
    private static readonly Instant Moment = Instant.From(new DateTimeOffset(2026, 2, 3, 4, 5, 6, 789, TimeSpan.Zero));

    /// <summary>What is written, and what is read of it: XML has no characters for some.</summary>
    public static TheoryData<string, string> Hostile => new()
    {
        { "plain", "plain" },
        { "<b>&amp;'\"]]><!--?>", "<b>&amp;'\"]]><!--?>" },
        { "\U0001F9A1 é ａ", "\U0001F9A1 é ａ" },
        { "a\u0001b\u001Fc", "a\uFFFDb\uFFFDc" },
        { "a\uD800b", "a\uFFFDb" },
        { "a\uDC00\uD800", "a\uFFFD\uFFFD" },
        { "a\uFFFEb\uFFFF", "a\uFFFDb\uFFFD" },
        { "\u0085\u2028\u200B\uFEFF", "\u0085\u2028\u200B\uFEFF" },
        { " two  spaces ", " two  spaces " },
        { "%2e%2e/x y", "%2e%2e/x y" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_metalink_says_what_it_is_told(string text, string read)
    {
        var content = Parts.Bytes(40_000);
        var digests = Parts.DigestsOf(content, 16 * 1024);
        var file = new MetalinkFile(["folder", text], digests, text, [Site, new Uri("http://[::1]:2/")], Site);
        var document = Parse(Metalink.Write([file, new MetalinkFile(["b"], Parts.DigestsOf([], 16 * 1024), string.Empty, [Site], null)], Site));
        Assert.Equal(Site.AbsoluteUri, document.Element(Meta + "origin")!.Value);
        Assert.Equal("true", document.Element(Meta + "origin")!.Attribute("dynamic")!.Value);
        var files = document.Elements(Meta + "file").ToList();
        Assert.Equal([$"folder/{read}", "b"], files.Select(f => f.Attribute("name")!.Value));
        Assert.Equal(read, files[0].Element(Meta + "description")!.Value);
        Assert.Null(files[1].Element(Meta + "description"));
        Assert.Equal("40000", files[0].Element(Meta + "size")!.Value);
        Assert.Equal(("sha-256", Hash256.Of(content).ToString()), Typed(files[0].Element(Meta + "hash")!));
        var pieces = files[0].Element(Meta + "pieces")!;
        Assert.Equal(("16384", "sha-1"), (pieces.Attribute("length")!.Value, pieces.Attribute("type")!.Value));
        Assert.Equal(
            content.Chunk(16 * 1024).Select(piece => Convert.ToHexStringLower(System.Security.Cryptography.SHA1.HashData(piece))),
            pieces.Elements().Select(hash => hash.Value));
        Assert.Null(files[1].Element(Meta + "pieces"));
        Assert.Equal([Site.AbsoluteUri, "http://[::1]:2/"], files[0].Elements(Meta + "url").Select(url => url.Value));
        Assert.Equal(["1", "2"], files[0].Elements(Meta + "url").Select(url => url.Attribute("priority")!.Value));
        Assert.Equal("torrent", files[0].Element(Meta + "metaurl")!.Attribute("mediatype")!.Value);
    }

    [Fact]
    public void A_metalink_of_nothing_is_a_bug() => Assert.Throws<CheckFailedException>(() => Metalink.Write([], Site));

    [Fact]
    public void Names_that_lead_out_of_a_folder_cannot_come_into_a_metalink()
    {
        foreach (var name in new[] { "..", ".", string.Empty, "a/b", "a\0b", "a\nb" })
        {
            Assert.NotNull(EntryName.Check(name));
        }
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Feeds_say_what_they_are_told(string text, string read)
    {
        var item = new FeedItem("urn:x:1", text, Site, Site, 12, "audio/ogg", Moment, text, text, [text]);
        var older = item with { Id = "urn:x:0", Added = new Instant(0), Summary = string.Empty, Categories = [] };
        var feed = new Feed(text, text, Site, Site, [item, older]);
        var channel = Parse(feed.WriteRss()).Element("channel")!;
        Assert.Equal((read, read), (channel.Element("title")!.Value, channel.Element("description")!.Value));
        Assert.Equal("Tue, 03 Feb 2026 04:05:06 GMT", channel.Element("lastBuildDate")!.Value);
        var rss = channel.Elements("item").First();
        Assert.Equal((read, read), (rss.Element("title")!.Value, System.Net.WebUtility.HtmlDecode(rss.Element("description")!.Value)));
        Assert.Equal(read, rss.Element("category")!.Value);
        var enclosure = rss.Element("enclosure")!;
        Assert.Equal([Site.AbsoluteUri, "12", "audio/ogg"], enclosure.Attributes().Select(attribute => attribute.Value));
        Assert.Null(channel.Elements("item").Last().Element("description"));

        var atom = Parse(feed.WriteAtom());
        Assert.Equal((read, read), (atom.Element(Atom + "title")!.Value, atom.Element(Atom + "subtitle")!.Value));
        Assert.Equal("2026-02-03T04:05:06Z", atom.Element(Atom + "updated")!.Value);
        var entry = atom.Elements(Atom + "entry").First();
        Assert.Equal((read, read), (entry.Element(Atom + "title")!.Value, entry.Element(Atom + "summary")!.Value));
        Assert.Equal(read, entry.Element(Atom + "author")!.Element(Atom + "name")!.Value);
        Assert.Equal(read, entry.Element(Atom + "category")!.Attribute("term")!.Value);
        Assert.Equal(["self", "alternate"], atom.Elements(Atom + "link").Select(link => link.Attribute("rel")!.Value));
    }

    [Fact]
    public void Markup_in_a_summary_is_text_in_RSS_too()
    {
        var item = new FeedItem("urn:x:1", "t", Site, Site, 1, "a/b", Moment, "me", "<script>alert(1)</script>", []);
        var text = Parse(new Feed("t", "d", Site, Site, [item]).WriteRss()).Descendants("item").Single().Element("description")!.Value;
        Assert.Equal("&lt;script&gt;alert(1)&lt;/script&gt;", text);
    }

    [Fact]
    public void A_feed_of_nothing_is_a_feed()
    {
        var feed = new Feed("t", "d", Site, Site, []);
        Assert.Empty(Parse(feed.WriteRss()).Descendants("item"));
        Assert.Equal("1970-01-01T00:00:00Z", Parse(feed.WriteAtom()).Element(Atom + "updated")!.Value);
    }

    [Theory]
    [InlineData("Cooks", "Cooks")]
    [InlineData("A community of sixteen", "A community of s")]
    [InlineData("123456789012345\U0001F9A1", "123456789012345")]
    [InlineData("<&>", "<&>")]
    public void A_search_is_described(string name, string shortName)
    {
        XNamespace search = "http://a9.com/-/spec/opensearch/1.1/";
        var document = Parse(OpenSearch.Write(name, new Uri("http://127.0.0.1:1/"), "/search?q=", "/api/s?q=", "/feeds/atom?folder=%2F&q=", "/icon.svg"));
        Assert.Equal(shortName, document.Element(search + "ShortName")!.Value);
        Assert.Equal(
            ["/search?q={searchTerms}", "/feeds/atom?folder=%2F&q={searchTerms}", "/api/s?q={searchTerms}"],
            document.Elements(search + "Url").Select(url => url.Attribute("template")!.Value["http://127.0.0.1:1".Length..]));
        Assert.Equal("http://127.0.0.1:1/icon.svg", document.Element(search + "Image")!.Value);
    }

    [Fact]
    public void No_name_adds_a_line_to_a_playlist()
    {
        const string name = "a\nhttp://evil/\r#EXT\u0085x\u2028y\u2029z\0";
        var text = Encoding.UTF8.GetString(Playlist.Write(name, [(name, Site), ("\U0001F9A1", Site)]));
        var lines = text.Split('\n');
        Assert.Equal(7, lines.Length);
        Assert.Equal(("#EXTM3U", string.Empty), (lines[0], lines[^1]));
        Assert.StartsWith("#PLAYLIST:a http://evil/ #EXT x y z ", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("#EXTINF:-1,a http://evil/ #EXT", lines[2], StringComparison.Ordinal);
        Assert.Equal((Site.AbsoluteUri, "#EXTINF:-1,\U0001F9A1", Site.AbsoluteUri), (lines[3], lines[4], lines[5]));
        Assert.DoesNotContain(text, c => (char.IsControl(c) && c != '\n') || c is '\u2028' or '\u2029');
    }

    [Fact]
    public void The_culture_does_not_show()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("ar-SA");
            Assert.Contains("03 Feb 2026", Encoding.UTF8.GetString(FeedOf(Moment).WriteRss()), StringComparison.Ordinal);
            Assert.Contains("2026-02-03T04:05:06Z", Encoding.UTF8.GetString(FeedOf(Moment).WriteAtom()), StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        static Feed FeedOf(Instant moment) => new("t", "d", Site, Site, [new FeedItem("urn:x:1", "t", Site, Site, 1, "a/b", moment, "me", "s", [])]);
    }

    private static (string Type, string Text) Typed(XElement element) => (element.Attribute("type")!.Value, element.Value);

    private static XElement Parse(byte[] xml)
    {
        Assert.NotEqual(0xEF, xml[0]);
        using var stream = new MemoryStream(xml);
        return XDocument.Load(stream, LoadOptions.PreserveWhitespace).Root!;
    }
}
